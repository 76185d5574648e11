import BidualCertificates
import BidualLinear
import BidualModels

/// The program that EP21 prints as (13), for study: it asks for the second-layer constraint of each first-layer unit alone.
///
/// A unit that subtracts can then contribute nothing, and what is left is the program of two layers (Guides/three-layers.md).
/// So that is solved, and its network returned as one of three layers, with the certificate of three layers: its lower bound
/// is what a three-layer network could still reach.
package struct ErgenPilanci13: UninterruptedSolver {
  private let problem: TrainingProblem
  private let atoms: SubnetworkAtoms
  private let options: WorkingSet.Options

  /// Problems of three-layer networks.
  package static func check(_ problem: TrainingProblem) throws(DataError) { _ = try required(problem) }

  private static func required(_ problem: TrainingProblem) throws(DataError) -> SubnetworkAtoms {
    guard let atoms = problem.atoms as? SubnetworkAtoms else { throw problem.lacks("EP21's program (13)") }
    return atoms
  }

  /// A solver for a problem.
  ///
  /// - Throws: `DataError` as `check`.
  package init(_ problem: TrainingProblem, options: WorkingSet.Options = .init()) throws(DataError) {
    atoms = try Self.required(problem)
    self.problem = problem
    self.options = options
  }

  /// Trains as `Solver` says; `solved` is a status of the printed program alone.
  package func train(stop: StopSignal = StopSignal(), progress: (TrainingProgress) -> Void = { _ in })
    throws(DataError) -> TrainingOutcome
  {
    let certifier = Certifier(problem, threads: options.threads)
    let floor = certifier.lowerBound(problem.targets.map { _ in 0 }, polarBound: 0).value
    let printed = try WorkingSet(problem.replacing(architecture: TwoLayer()), options: options)
      .train(stop: stop.firstPart(0.5)) {
        progress(
          TrainingProgress(
            iteration: $0.iteration, workingSet: $0.workingSet, unit: $0.unit, objective: $0.objective,
            lowerBound: floor, nodes: $0.nodes))
      }
    let parts = printed.network.twoLayer.map { atoms.parts(ofTwoLayers: $0) } ?? []
    let network = atoms.network(of: parts, offset: printed.network.offset)
    let verdict = certifier.certify(
      network, dualPoint: printed.certificate.dualPoint, polarAccuracy: 1e-3,
      effort: options.effort(until: stop))
    return TrainingOutcome(
      network: network, certificate: verdict.certificate, status: printed.status, method: .ergenPilanci13,
      workingSet: printed.workingSet, iterations: printed.iterations, rank: printed.rank, chambers: nil)
  }
}
