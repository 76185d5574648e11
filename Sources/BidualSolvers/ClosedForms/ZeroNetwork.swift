import BidualCertificates
import BidualLinear
import BidualModels

/// The optimum for β ≥ β_max: the network without neurons, which predicts the best constant (0 without an
/// offset). The dual point −∇ℓ at that constant, whose polar is β_max, proves it.
package struct ZeroNetwork: Sendable {
  /// What to train.
  package let problem: TrainingProblem
  /// When to stop.
  package let options: WorkingSet.Options

  /// The zero network of a problem.
  package init(_ problem: TrainingProblem, options: WorkingSet.Options = .init()) {
    self.problem = problem
    self.options = options
  }

  /// The network with its certificate; nil if a direction refutes that it is optimal to the gap asked for.
  ///
  /// - Complexity: that of one proof.
  package func train(stop: StopSignal = StopSignal()) -> TrainingOutcome? {
    let certifier = Certifier(problem, threads: options.threads)
    let network = problem.constantNetwork()
    let verdict = certifier.certify(
      network, dualPoint: problem.constantDualPoint, gap: options.gap, maximumViolators: 1,
      effort: options.effort(until: stop))
    let isSolved = verdict.certificate.relativeGap <= options.gap
    guard isSolved || verdict.violators.isEmpty else { return nil }
    return TrainingOutcome(
      network: network, certificate: verdict.certificate,
      status: isSolved ? .solved : stop.status ?? .proofLimit, method: .zeroNetwork, workingSet: 0,
      iterations: 0, rank: problem.atoms.geometry.designRank, chambers: nil)
  }
}
