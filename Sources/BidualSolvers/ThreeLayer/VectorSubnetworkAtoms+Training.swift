import BidualCertificates
import BidualLinear
import BidualModels
import BidualPolars

extension VectorSubnetworkAtoms: PricedAtoms, BalancedAtoms {
  package func balanced(_ parameters: NetworkParameters, on rows: Matrix) -> any Network {
    parameters.threeLayerNetwork(units: width, in: RowSpace(unreduced: rows))
  }

  /// By ascents from 64 starts.
  package func polarValue(at dualPoint: [Double], seed: UInt64, threads: Int, stop: StopSignal) -> Double {
    var starts = StartingPoints(rank: width * geometry.rank, seed: seed)
    let pricing = VectorSubnetworkPricing(self, threads: threads, isCancelled: { stop.isRaised })
    return pricing.maxima(of: dualPoint, from: starts.random(64)).first?.value ?? 0
  }
}

extension VectorSubnetworkAtoms: SolvableAtoms {
  package func exactSolver(over patterns: TrainingPatterns, options: WorkingSet.Options) -> SolverChoice? {
    patterns.isAdaptive ? localSolver(options: options) : nil
  }

  /// The same, which ends as its aim says.
  package func localSolver(options: WorkingSet.Options) -> SolverChoice? {
    SolverChoice { problem throws(DataError) in try VectorSubnetworkTraining(problem, options: options) }
  }
}

extension VectorSubnetworkAtoms: AssessableAtoms {
  /// By training, and by descent from the network itself.
  package func assessment(
    of network: any Network, in problem: TrainingProblem, options: WorkingSet.Options, stop: StopSignal,
    progress: (TrainingProgress) -> Void
  ) throws(DataError) -> NetworkAssessment? {
    guard let given = network as? ThreeLayerNetwork, given.width == width else { return nil }
    let certifier = Certifier(problem, threads: options.threads)
    let best = try VectorSubnetworkTraining(problem, options: options).train(stop: stop, progress: progress)
    let space = geometry.rowSpace
    let start = NetworkParameters(given, in: space).balanced(units: width)
    var descent = VectorDescent(problem: problem.reduced)
    descent.levels = [0]
    descent.threads = options.threads
    descent.isCancelled = { stop.isRaised }
    let reached = descent.descended(from: start)
    return NetworkAssessment(
      objective: certifier.objective(of: network),
      balanced: certifier.objective(of: start.threeLayerNetwork(units: width, in: space)),
      restricted: certifier.objective(of: reached.threeLayerNetwork(units: width, in: space)), best: best)
  }
}
