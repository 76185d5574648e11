/// What a run found, as a page of Markdown.
struct StudySummary {
  let run: StudyRun

  var markdown: String {
    let study = run.study
    var text = "# \(study.id): \(study.title)\n\n\(study.system)\n\n\(study.remark)\n\n"
    text += "Scale `\(run.scale.rawValue)`, first seed \(run.seed).\n\n## Claims\n\n\(claims.markdown)\n"
    if !run.finals.isEmpty { text += "## Where the methods end\n\n\(ends.markdown)\n" }
    text += "## Settings\n\n\(settings.markdown)"
    for (name, _) in run.plots { text += "\n![\(name)](\(name).svg)\n" }
    return text
  }

  /// The claims with their verdicts.
  var claims: TextRows {
    var rows = TextRows(["claim", "paper_value", "measured", "tolerance", "verdict"])
    for claim in run.claims {
      rows.append([claim.text, claim.printed, claim.measured, claim.tolerance, claim.verdict.rawValue])
    }
    return rows
  }

  /// A line a panel and method: the least, the middle and the largest objective, what is proven, scores and time.
  private var ends: TextRows {
    var rows = TextRows([
      "panel", "method", "runs", "least", "median", "largest", "lower bound", "scope", "train score",
      "test score", "seconds",
    ])
    for panel in run.finals.map(\.panel).uniqued {
      let all = run.finals.filter { $0.panel == panel }
      for method in all.map(\.method).uniqued {
        let own = all.filter { $0.method == method }
        let ends = own.map(\.objective)
        let bounds = own.compactMap { row in row.bound.map { row.factor * $0.lower } }
        rows.append([
          panel, method, "\(own.count)", StudyText.short(ends.min()), StudyText.short(ends.median),
          StudyText.short(ends.max()), own.count == 1 ? StudyText.short(bounds.first) : "",
          own.first?.bound?.scope.rawValue ?? "", StudyText.short(own.compactMap(\.trainScore).mean),
          StudyText.short(own.compactMap(\.testScore).mean), StudyText.short(own.map(\.seconds).mean),
        ])
      }
    }
    return rows
  }

  /// The settings with their origin.
  private var settings: TextRows {
    var rows = TextRows(["setting", "value", "origin", "what"])
    for setting in run.study.settings {
      let origin = run.overridden.contains(setting.key) ? "given" : setting.origin.rawValue
      rows.append([setting.key, run.value(setting.key).text, origin, setting.summary])
    }
    return rows
  }
}
