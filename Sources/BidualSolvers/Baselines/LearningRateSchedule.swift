import BidualModels

/// How the learning rate changes over a run, as a factor of its first value.
public enum LearningRateSchedule: Sendable, Equatable {
  /// The same rate throughout.
  case constant
  /// ½(1 + cos πt) at the share t of the epochs allowed: from 1 to 0 (Loshchilov & Hutter, ICLR 2017, eq. 5).
  case cosine
  /// Times `factor` after every `epochs` epochs.
  case step(factor: Double, epochs: Int)
  /// Times `factor` whenever more than `evaluations` of them in a row were not lower than the least before by a share of 10⁻⁴.
  case plateau(factor: Double, evaluations: Int)

  /// Refuses numbers that make no schedule.
  ///
  /// - Throws: `DataError` of kind `badSettings` for steps that raise the rate or never come.
  func validate() throws(DataError) {
    switch self {
    case .constant, .cosine: return
    case .step(let factor, let epochs), .plateau(let factor, let epochs):
      guard factor > 0, factor <= 1, epochs > 0 else {
        throw DataError(
          .badSettings,
          "the schedule multiplies the rate by \(factor) after every \(epochs) epochs; give a factor up to 1 and at least 1 epoch"
        )
      }
    }
  }
}
