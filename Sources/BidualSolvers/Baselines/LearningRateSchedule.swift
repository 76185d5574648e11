import BidualModels
import RealModule

/// How the learning rate changes over a run, as a factor of its first value.
public enum LearningRateSchedule: Sendable, Equatable {
  /// The same rate throughout.
  case constant
  /// ½(1 + cos πt) at the share t of the epochs allowed: from 1 to 0 (Loshchilov & Hutter, ICLR 2017, eq. 5).
  case cosine
  /// Times `factor` after every `epochs` epochs.
  case step(factor: Double, epochs: Int)

  /// The factor in `epoch`, counted from 0, of `limit` epochs.
  func factor(epoch: Int, limit: Int) -> Double {
    switch self {
    case .constant: 1
    case .cosine: 0.5 * (1 + .cos(.pi * Double(epoch) / Double(limit)))
    case .step(let factor, let epochs): .pow(factor, epoch / epochs)
    }
  }

  /// Refuses numbers that make no schedule.
  ///
  /// - Throws: `DataError` of kind `badSettings` for steps that raise the rate or never come.
  func validate() throws(DataError) {
    guard case .step(let factor, let epochs) = self else { return }
    guard factor > 0, factor <= 1, epochs > 0 else {
      throw DataError(
        .badSettings,
        "the step schedule multiplies by \(factor) after every \(epochs) epochs; give a factor up to 1 and at least 1 epoch"
      )
    }
  }
}
