/// The deep network of a gradient method with an account of the run. Nothing is proven about it.
public struct DeepOutcome: Sendable {
  /// The best network that the run met, in balance.
  public let network: DeepNetwork
  /// Its training objective, in plain floating point.
  public let objective: Double
  /// Why the run ended.
  public let status: SolverStatus
  /// The objective at each evaluation.
  public let trace: [BaselineProgress]
}
