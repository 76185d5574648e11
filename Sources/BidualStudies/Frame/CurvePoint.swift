/// A point of a curve: where a run stood after an epoch.
struct CurvePoint: Sendable {
  let panel: String
  let method: String
  let seed: Int
  /// Steps taken.
  let step: Int
  let epoch: Int
  let seconds: Double
  /// What is minimised, in the paper's scaling.
  let objective: Double
  /// Its two parts, where the method tells them.
  var loss: Double?
  var penalty: Double?
  var trainScore: Double?
  var testScore: Double?
  /// The learning rate, if there is one.
  var rate: Double?

  static let columns = [
    "panel", "method", "seed", "step", "epoch", "seconds", "objective", "penalty", "loss", "train_score",
    "test_score", "rate",
  ]

  var cells: [String] {
    func text(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
    return [
      panel, method, "\(seed)", "\(step)", "\(epoch)", "\(seconds)", "\(objective)", text(penalty),
      text(loss), text(trainScore), text(testScore), text(rate),
    ]
  }
}
