import BidualModels

/// Where a baseline stands after an epoch.
public struct BaselineProgress: Sendable, Equatable, Codable {
  /// The number of epochs done.
  public let epoch: Int
  /// The training objective of the network of that moment, balanced.
  public let objective: Double
  /// Seconds since the run began, those of the runs that it goes on from included.
  public let seconds: Double
}

/// The network of a gradient method with an account of the run. Nothing is proven about it.
public struct BaselineOutcome: Sendable {
  /// The best network that the run met: balanced, without neurons that are zero on all samples.
  public let network: any Network
  /// Its training objective, in plain floating point.
  public let objective: Double
  /// Why the run ended.
  public let status: SolverStatus
  /// The objective at each evaluation.
  public let trace: [BaselineProgress]
  /// The learning rate that the run began with.
  public let learningRate: Double
  /// The number of epochs done.
  public var epochs: Int { trace.last?.epoch ?? 0 }
}
