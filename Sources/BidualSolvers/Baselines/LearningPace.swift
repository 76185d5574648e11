import RealModule

/// The factor of the learning rate over a run.
struct LearningPace {
  private let schedule: LearningRateSchedule
  /// The epochs allowed.
  private let limit: Int
  /// On plateaus: the least objective so far, how many evaluations were not below it since, and the factor by now.
  private var least = Double.infinity
  private var waited = 0
  private var factor = 1.0

  /// A share by which an objective must fall to count as lower.
  private static let leastFall = 1e-4

  init(_ schedule: LearningRateSchedule, limit: Int) {
    self.schedule = schedule
    self.limit = limit
  }

  /// Takes note of the objective at an evaluation.
  mutating func note(_ objective: Double) {
    guard case .plateau(let share, let evaluations) = schedule else { return }
    if objective < least - Self.leastFall * abs(least) || least == .infinity {
      (least, waited) = (objective, 0)
    } else {
      waited += 1
      if waited > evaluations { (factor, waited) = (factor * share, 0) }
    }
  }

  /// The factor in `epoch`, counted from 0.
  func factor(epoch: Int) -> Double {
    switch schedule {
    case .constant: 1
    case .cosine: 0.5 * (1 + .cos(.pi * Double(epoch) / Double(limit)))
    case .step(let factor, let epochs): .pow(factor, epoch / epochs)
    case .plateau: factor
    }
  }
}
