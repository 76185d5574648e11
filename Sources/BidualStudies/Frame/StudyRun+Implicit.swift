import Bidual

/// What every study claims without saying so.
extension StudyRun {
  /// Rounding in the objective of a network of no account.
  private static let rounding = 1e-9

  /// No run of any method ends below a bound over all networks.
  var noRunBelowABound: Claim {
    let panels = Dictionary(grouping: finals, by: \.panel)
    var least = Double.infinity
    var held = 0
    for rows in panels.values {
      guard let bound = rows.compactMap({ $0.bound?.scope == .global ? $0.bound?.lower : nil }).max() else {
        continue
      }
      for row in rows where row.objectiveSum.isFinite {
        held += 1
        least = min(least, (row.objectiveSum - bound) / max(bound, .leastNormalMagnitude))
      }
    }
    guard held > 0 else {
      return Claim(
        "no run ends below a proven bound", measured: "nothing is proven over all networks", .notComparable)
    }
    return Claim(
      "no run ends below a proven bound",
      measured: "\(held) runs, the lowest \(StudyText.short(100 * least)) % above its bound",
      holds: least >= -Self.rounding)
  }

  /// Every certificate passes the check that `bidual verify` makes.
  var everyProofIsVerified: Claim {
    let failed = proofs.filter { !$0.isVerified(threads: threads) }.map(\.name)
    return Claim(
      "every certificate is verified",
      measured: failed.isEmpty
        ? "\(proofs.count) of \(proofs.count)" : "not \(failed.joined(separator: ", "))",
      holds: failed.isEmpty)
  }
}
