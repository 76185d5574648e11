import BidualCertificates
import BidualLinear
import BidualModels
import BidualPolars

extension VectorReLUAtoms: PricedAtoms, BalancedAtoms {
  /// The atoms of a problem whose samples have one row each, for methods that know no pooling.
  static func unpooled(of problem: TrainingProblem) -> VectorReLUAtoms? {
    guard let atoms = problem.atoms as? VectorReLUAtoms, atoms.pooling == .none else { return nil }
    return atoms
  }

  package func balanced(_ parameters: NetworkParameters, on rows: Matrix) -> any Network {
    architecture.network(parameters.network.balanced(on: rows))
  }

  /// By ascents from many starts.
  ///
  /// - Complexity: that of some tens of passes over the design for each of up to 256 starts.
  package func polarValue(at dualPoint: [Double], seed: UInt64, threads: Int, stop: StopSignal) -> Double {
    var starts = StartingPoints(rank: geometry.rank, seed: seed)
    let count = max(16, min(256, 10_000_000 / (geometry.coordinates.elements.count + 1)))
    let pricing = VectorPricing(self, threads: threads, isCancelled: { stop.isRaised })
    return pricing.maxima(of: dualPoint, from: starts.random(count), above: 0, limit: 8).first?.value ?? 0
  }
}

extension VectorReLUAtoms: SolvableAtoms {
  package func exactSolver(over patterns: TrainingPatterns, options: WorkingSet.Options) -> SolverChoice? {
    switch patterns {
    case .adaptive: return localSolver(options: options)
    case .all:
      return SolverChoice { problem throws(DataError) in try VectorConeTraining(problem, options: options) }
    case .given(let choices):
      return SolverChoice(kind: VectorConeTraining.self) { problem, _, stop throws(DataError) in
        let collection = try PatternChoice.collection(choices, for: problem, seed: options.seed, stop: stop)
        return try VectorConeTraining(problem, patterns: collection, options: options)
      }
    }
  }

  /// The same, which ends as its aim says.
  package func localSolver(options: WorkingSet.Options) -> SolverChoice? {
    SolverChoice { problem throws(DataError) in try VectorTraining(problem, options: options) }
  }
}

extension VectorReLUAtoms: AssessableAtoms {
  /// By training, and by descent from the network itself.
  package func assessment(
    of network: any Network, in problem: TrainingProblem, options: WorkingSet.Options, stop: StopSignal,
    progress: (TrainingProgress) -> Void
  ) throws(DataError) -> NetworkAssessment? {
    guard let given = architecture.neurons(of: network) else { return nil }
    let certifier = Certifier(problem, threads: options.threads)
    let best = try VectorTraining(problem, options: options).train(stop: stop, progress: progress)
    let balanced = given.balanced(on: problem.neuronRows)
    let reached = VectorStationaryPoint(problem, self, options: options).reached(from: balanced, stop: stop)
    return NetworkAssessment(
      objective: certifier.objective(of: network),
      balanced: certifier.objective(of: architecture.network(balanced)),
      restricted: certifier.objective(of: architecture.network(reached)), best: best)
  }
}
