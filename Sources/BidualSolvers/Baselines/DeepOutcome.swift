/// The deep network of a gradient method with an account of the run. Nothing is proven about it.
package struct DeepOutcome: Sendable {
  /// The best network that the run met, in balance.
  package let network: DeepNetwork
  /// Its training objective, in plain floating point.
  package let objective: Double
  /// Why the run ended.
  package let status: SolverStatus
  /// The objective at each evaluation.
  package let trace: [BaselineProgress]
}
