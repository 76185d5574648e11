import BidualLinear
import BidualModels

/// What the penalised program of three layers stands at after an epoch.
package struct PenalisedMoment: Sendable {
  /// The number of epochs done.
  package let epoch: Int
  /// Seconds since the run began.
  package let seconds: Double
  /// The loss of the program over the epoch, by the drawn patterns.
  package let loss: Double
  /// The same of the ReLU network with these weights.
  package let networkLoss: Double
  /// β times the lengths of the program's vectors.
  package let penalty: Double
  /// The learning rate of the epoch to come.
  package let rate: Double
  /// The ReLU network with the weights of the moment.
  package let network: any Network
  /// The program's predictions for samples by the drawn patterns, n·c numbers.
  package let gatedPredictions: @Sendable (Matrix) -> [Double]
}
