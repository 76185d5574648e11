import BidualCertificates
import BidualLinear
import BidualModels
import BidualPolars

/// Training of three-layer networks of at most K sub-networks: what another solver finds, held to the K that count most and descended
/// again, or a network that had K from the beginning, whichever is better.
///
/// The bound is that of the other solver, over networks of any width: the gap is what the limit costs, and what descent has missed.
package struct NarrowTraining: Solver {
  private let problem: TrainingProblem
  private let units: Int
  private let limit: Int
  private let options: WorkingSet.Options
  private let inner: any Solver

  /// It can where the other solver can, whose states are all that is kept: what comes after it is done again.
  package static var resumes: Bool { true }

  /// Problems of three-layer networks and a loss that has slopes.
  package static func check(_ problem: TrainingProblem) throws(DataError) { _ = try units(problem) }

  private static func units(_ problem: TrainingProblem) throws(DataError) -> Int {
    guard let units = problem.atoms.subnetworkUnits, problem.loss.hasSlope else {
      throw problem.lacks("training of a limited number of sub-networks")
    }
    return units
  }

  /// A solver for a problem and at most `limit` sub-networks, on top of one without a limit.
  ///
  /// - Throws: `DataError` as `check`, and of kind `badSettings` for a limit below 1.
  package init(
    _ problem: TrainingProblem, limit: Int, options: WorkingSet.Options, after inner: any Solver
  ) throws(DataError) {
    guard limit > 0 else {
      throw DataError(.badSettings, "the limit is \(limit) sub-networks; give at least 1")
    }
    units = try Self.units(problem)
    self.problem = problem
    self.limit = limit
    self.options = options
    self.inner = inner
  }

  /// Trains until nothing gains or `stop` ends the run. Of a time limit the other solver has half.
  ///
  /// - Parameter checkpoints: where the other solver's run begins and what becomes of its states.
  package func train(
    stop: StopSignal = StopSignal(), checkpoints: Checkpoints? = nil,
    progress: (TrainingProgress) -> Void = { _ in }
  ) throws(DataError) -> TrainingOutcome {
    let outcome = try inner.train(stop: stop.firstPart(0.5), checkpoints: checkpoints, progress: progress)
    guard let found = outcome.network as? ThreeLayerNetwork, found.neurons > limit else { return outcome }
    let space = problem.atoms.geometry.rowSpace
    let certifier = Certifier(problem, threads: options.threads)
    var starts = [NetworkParameters(found, in: space).longest(limit, units: units)]
    for seed in 0..<3 where !stop.isRaised {
      let network = WideOpening.network(
        problem, width: limit, seed: options.seed &+ UInt64(seed), threads: options.threads,
        stop: stop.firstPart(0.2))
      if let network = network as? ThreeLayerNetwork { starts.append(NetworkParameters(network, in: space)) }
    }
    var best = Incumbent<Void>(certifier)
    for start in starts {
      best.offer(start.threeLayerNetwork(units: units, in: space))
      var descent = VectorDescent(problem: problem.reduced)
      descent.levels = [0.1, 0.03, 0.01, 0.003, 1e-3, 1e-4, 0]
      descent.threads = options.threads
      descent.isCancelled = { stop.isRaised }
      best.offer(descent.descended(from: start).threeLayerNetwork(units: units, in: space))
    }
    let certificate = outcome.certificate.beside(objective: best.objective)
    let status: SolverStatus =
      certificate.relativeGap <= options.gap ? .solved : stop.status ?? .insufficientProgress
    return TrainingOutcome(
      network: best.network, certificate: certificate, status: status, method: outcome.method,
      workingSet: best.network.neurons, iterations: outcome.iterations, rank: outcome.rank, chambers: nil)
  }
}

extension NetworkParameters {
  /// The network of the `count` sub-networks with the largest shares of the penalty.
  fileprivate func longest(_ count: Int, units: Int) -> NetworkParameters {
    let sizes = subnetworkSizes(units: units)
    let kept = sizes.indices.sorted { (sizes[$1], $0) < (sizes[$0], $1) }.prefix(count).sorted()
    let (block, innerStart) = (units * inputs, width * units * inputs)
    var (hidden, inner, heads): ([Double], [Double], [Double]) = ([], [], [])
    for k in kept {
      hidden += values[(k * block)..<((k + 1) * block)]
      inner += values[(innerStart + k * units)..<(innerStart + (k + 1) * units)]
      heads += output(k)
    }
    return NetworkParameters(
      width: kept.count, units: units, inputs: inputs, outputs: outputs, hasOffset: hasOffset,
      values: hidden + inner + heads + offsets)
  }
}
