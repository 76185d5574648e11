import BidualModels

/// Where a baseline stands after an epoch.
package struct BaselineProgress: Sendable, Equatable, Codable {
  /// The number of epochs done.
  package let epoch: Int
  /// The training objective of the network of that moment, balanced.
  package let objective: Double
  /// Seconds since the run began, those of the runs that it goes on from included.
  package let seconds: Double
}

/// The network of a gradient method with an account of the run. Nothing is proven about it.
package struct BaselineOutcome: Sendable {
  /// The best network that the run met: balanced, without neurons that are zero on all samples.
  package let network: any Network
  /// Its training objective, in plain floating point.
  package let objective: Double
  /// Why the run ended.
  package let status: SolverStatus
  /// The objective at each evaluation.
  package let trace: [BaselineProgress]
  /// The learning rate that the run began with.
  package let learningRate: Double
  /// The number of epochs done.
  package var epochs: Int { trace.last?.epoch ?? 0 }
}
