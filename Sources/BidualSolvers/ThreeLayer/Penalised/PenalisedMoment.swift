import BidualLinear
import BidualModels

/// What the penalised program of three layers stands at after an epoch.
public struct PenalisedMoment: Sendable {
  /// The number of epochs done.
  public let epoch: Int
  /// Seconds since the run began.
  public let seconds: Double
  /// The loss of the program over the epoch, by the drawn patterns.
  public let loss: Double
  /// The same of the ReLU network with these weights.
  public let networkLoss: Double
  /// β times the lengths of the program's vectors.
  public let penalty: Double
  /// The learning rate of the epoch to come.
  public let rate: Double
  /// The ReLU network with the weights of the moment.
  public let network: any Network
  /// The program's predictions for samples by the drawn patterns, n·c numbers.
  public let gatedPredictions: @Sendable (Matrix) -> [Double]
}
