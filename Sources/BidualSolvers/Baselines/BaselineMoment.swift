import BidualModels

/// What a gradient method stands at in an epoch, as its weights are: a curve as it is usually drawn, before any balancing.
package struct BaselineMoment: Sendable {
  /// The number of epochs done.
  package let epoch: Int
  /// Seconds since the run began, those of the runs that it goes on from included.
  package let seconds: Double
  /// The loss over all samples.
  package let loss: Double
  /// β/2 times the squares of the weights; for parallel sub-networks of the last two layers, the first ones at length 1.
  package let penalty: Double
  /// The learning rate of the epoch to come.
  package let rate: Double
  /// The network, in balance, which predicts the same.
  package let network: any Network

  /// What is trained on.
  package var objective: Double { loss + penalty }
}
