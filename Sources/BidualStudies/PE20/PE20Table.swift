import Bidual

/// PE20's Table 1: objectives, times and accuracies of its first figures, beside what is printed.
struct PE20Table: Study {
  let id = "pe20-table1"
  let title = "Objectives, times and accuracies of the figures"
  let system = "The programs and trials of Figures 2 to 5."
  let settings: [StudySetting] = []
  var files: [String] { parts.flatMap(\.study.files).uniqued }
  let remark =
    "Machines and solvers can't be matched, so that only ratios of times within a figure compare. A time of SGD is that of all its trials."

  /// A method of a figure: as it is called here, and what is printed of it.
  private struct Row {
    let method: String
    let objective: Double
    let seconds: Double
    var accuracy: Double?
  }

  /// A figure: its panel here, the program that times are measured against, and its rows.
  private struct Part {
    let study: any Study
    let panel: String
    let program: String
    let rows: [Row]
  }

  private var parts: [Part] {
    [
      Part(
        study: LineTrials(), panel: "m = 50", program: "optimum",
        rows: [
          Row(method: "SGD", objective: 0.001, seconds: 420.7),
          Row(method: "optimum", objective: 0.001, seconds: 1.2),
        ]),
      Part(
        study: CircleTrials(isHard: false), panel: "", program: "optimal",
        rows: [
          Row(method: "SGD", objective: 0.0032, seconds: 890),
          Row(method: "approximate", objective: 0.0028, seconds: 1.5),
          Row(method: "optimal", objective: 0.0026, seconds: 118),
        ]),
      Part(
        study: PatternTrials.images, panel: "beta = 0.0001", program: PatternReading.allTrials.rawValue,
        rows: [
          Row(method: "SGD", objective: 0.0042, seconds: 625, accuracy: 0.6275),
          Row(method: PatternReading.allTrials.rawValue, objective: 0.0022, seconds: 108, accuracy: 0.668),
          Row(method: PatternReading.trained.rawValue, objective: 0.0032, seconds: 5.9, accuracy: 0.6015),
          Row(method: PatternReading.flipped.rawValue, objective: 0.0032, seconds: 12, accuracy: 0.602),
        ]),
      Part(
        study: FilterTrials(), panel: FilterTrials.panel("circular", HingeLoss()),
        program: FilterTrials.program,
        rows: [
          Row(method: "SGD", objective: 0.804, seconds: 65),
          Row(method: FilterTrials.program, objective: 0.803, seconds: 1.4),
        ]),
    ]
  }

  func run(_ run: StudyRun) throws {
    var table = TextRows([
      "figure", "method", "printed_objective", "objective", "printed_accuracy", "accuracy", "printed_seconds",
      "seconds", "printed_ratio", "ratio",
    ])
    for part in parts {
      let results = try run.part(part.study)
      func seconds(_ method: String) -> Double {
        results.finals.filter { $0.panel == part.panel && $0.method == method }.map(\.seconds).reduce(0, +)
      }
      guard let printed = part.rows.first(where: { $0.method == part.program }) else { continue }
      for row in part.rows {
        let own = results.finals.filter { $0.panel == part.panel && $0.method == row.method }
        guard let objective = own.map(\.objective).min() else { continue }
        for final in own { run.add(final.renamed(panel: "\(part.study.id), \(part.panel)")) }
        table.append([
          part.study.id, row.method, "\(row.objective)", StudyText.short(objective),
          StudyText.short(row.accuracy),
          StudyText.short(row.accuracy == nil ? nil : own.compactMap(\.testScore).mean), "\(row.seconds)",
          StudyText.short(seconds(row.method)), StudyText.short(row.seconds / printed.seconds),
          StudyText.short(seconds(row.method) / seconds(part.program)),
        ])
        guard row.method != part.program else { continue }
        run.add(
          Claim(
            "\(part.study.id): \(row.method) takes \(row.seconds > printed.seconds ? "longer" : "less time") than \(part.program)",
            printed: StudyText.short(row.seconds / printed.seconds),
            measured: "\(StudyText.short(seconds(row.method) / seconds(part.program))) times as long",
            holds: (row.seconds > printed.seconds) == (seconds(row.method) > seconds(part.program))))
      }
    }
    run.add("table", table)
  }
}
