/// A point of a curve: where a run stood after an epoch.
struct CurvePoint: Sendable {
  let panel: String
  let method: String
  let seed: Int
  /// Steps taken.
  let step: Int
  let epoch: Int
  let seconds: Double
  /// Loss and penalty as they are minimised, in the paper's scaling.
  let loss: Double
  let penalty: Double
  let trainScore: Double?
  let testScore: Double?
  let rate: Double

  var objective: Double { loss + penalty }

  static let columns = [
    "panel", "method", "seed", "step", "epoch", "seconds", "objective", "penalty", "loss", "train_score",
    "test_score", "rate",
  ]

  var cells: [String] {
    [
      panel, method, "\(seed)", "\(step)", "\(epoch)", "\(seconds)", "\(objective)", "\(penalty)", "\(loss)",
      trainScore.map { "\($0)" } ?? "", testScore.map { "\($0)" } ?? "", "\(rate)",
    ]
  }
}
