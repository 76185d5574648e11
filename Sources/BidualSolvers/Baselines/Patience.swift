/// When a run last made progress worth the name.
struct Patience: Codable, Sendable {
  private var mark = Double.infinity
  /// The epoch of it.
  private(set) var lastProgress = 0

  /// Takes in the objective at an epoch; what is less than a share of the objective is no progress.
  mutating func note(_ objective: Double, epoch: Int, leastProgress: Double) {
    guard mark == .infinity || objective < mark - leastProgress * abs(mark) else { return }
    mark = objective
    lastProgress = epoch
  }
}
