import BidualModels

/// What a gradient method stands at in an epoch, as its weights are: a curve as it is usually drawn, before any balancing.
public struct BaselineMoment: Sendable {
  /// The number of epochs done.
  public let epoch: Int
  /// Seconds since the run began, those of the runs that it goes on from included.
  public let seconds: Double
  /// The loss over all samples.
  public let loss: Double
  /// β/2 times the squares of the weights; for parallel sub-networks of the last two layers, the first ones at length 1.
  public let penalty: Double
  /// The learning rate of the epoch to come.
  public let rate: Double
  /// The network, in balance, which predicts the same.
  public let network: any Network

  /// What is trained on.
  public var objective: Double { loss + penalty }
}
