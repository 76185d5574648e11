import Bidual

/// Where a run ended. The rows of a panel are all about one problem.
struct FinalRow: Sendable {
  private(set) var panel: String
  let method: String
  let seed: Int?
  /// What is minimised, in Bidual's sums, and the factor that makes it the paper's.
  let objectiveSum: Double
  let factor: Double
  /// What is proven: a bound in Bidual's sums, its relative gap, and over which networks it holds.
  var bound: (lower: Double, gap: Double, scope: Certificate.Scope)?
  let status: String
  let neurons: Int
  var patterns: Int?
  var trainScore: Double?
  var testScore: Double?
  let seconds: Double

  /// What is minimised, in the paper's scaling.
  var objective: Double { factor * objectiveSum }

  /// The row in another panel.
  func renamed(panel: String) -> FinalRow {
    var row = self
    row.panel = panel
    return row
  }

  static let columns = [
    "panel", "method", "seed", "objective", "objective_sum", "lower_bound", "gap", "scope", "status",
    "neurons",
    "patterns", "train_score", "test_score", "seconds", "units",
  ]

  /// The row in a file.
  ///
  /// - Parameter unit: the seconds of the unit of time.
  func cells(unit: Double) -> [String] {
    func text(_ value: (some Any)?) -> String { value.map { "\($0)" } ?? "" }
    return [
      panel, method, text(seed), "\(objective)", "\(objectiveSum)", text(bound.map { factor * $0.lower }),
      text(bound?.gap), text(bound?.scope.rawValue), status, "\(neurons)", text(patterns), text(trainScore),
      text(testScore), "\(seconds)", "\(seconds / unit)",
    ]
  }
}
