/// How far methods end above what is proven.
extension StudyRun {
  /// What the runs of a method in a panel end above another's end there, as shares of it.
  func excesses(of method: String, over optimum: String = "optimum", in panel: String) -> [Double] {
    guard let least = end(of: optimum, in: panel)?.objective, least > 0 else { return [] }
    return ends(of: method, in: panel).map { $0 / least - 1 }
  }

  /// A claim that a method ends at the optimum in each of some panels, to a share of it.
  func claimOptimal(_ method: String, in panels: [String], tolerance: Double, says text: String) -> Claim {
    let excesses = panels.flatMap { panel in
      self.excesses(of: method, in: panel).map { (panel: panel, share: $0) }
    }
    guard let worst = excesses.max(by: { $0.share < $1.share }) else {
      return Claim(text, measured: "there is no proven optimum beside it", .notComparable)
    }
    return Claim(
      text, measured: "at most \(StudyText.short(100 * worst.share)) % above it, \(worst.panel)",
      tolerance: "\(StudyText.short(100 * tolerance)) %", holds: worst.share <= tolerance)
  }
}
