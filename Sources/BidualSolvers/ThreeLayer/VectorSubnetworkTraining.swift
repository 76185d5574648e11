import BidualCertificates
import BidualLinear
import BidualModels
import BidualPolars

/// Training of parallel three-layer networks with several outputs.
///
/// Column generation on the gauge of the atoms (Σⱼ sⱼ(Xwⱼ)₊)₊gᵀ: sub-networks with ‖Vᵀ(…)₊‖ > β at the dual point V, found by
/// `VectorSubnetworkPricing`, join the network, and all descend together (`VectorDescent`). When pricing finds nothing that pays
/// any more, the certifier either proves that nothing does or names a sub-network that does. The best network found is the
/// answer whenever the run ends.
package struct VectorSubnetworkTraining: UninterruptedSolver {
  private let problem: TrainingProblem
  private let atoms: VectorSubnetworkAtoms
  private let options: WorkingSet.Options
  /// Ascents a round.
  private let ascents = 32
  /// Rounds without progress after which a run gives up.
  private let patience = 9

  /// Problems of three-layer networks with several outputs and a loss that has slopes.
  package static func check(_ problem: TrainingProblem) throws(DataError) { _ = try required(problem) }

  private static func required(_ problem: TrainingProblem) throws(DataError) -> VectorSubnetworkAtoms {
    guard let atoms = problem.atoms as? VectorSubnetworkAtoms, problem.loss.hasSlope else {
      throw problem.lacks("training of three layers with several outputs")
    }
    return atoms
  }

  /// A solver for a problem.
  ///
  /// - Throws: `DataError` as `check`.
  package init(_ problem: TrainingProblem, options: WorkingSet.Options = WorkingSet.Options())
    throws(DataError)
  {
    atoms = try Self.required(problem)
    self.problem = problem
    self.options = options
  }

  /// Trains until the gap is reached or a limit or `stop` ends the run; the answer is honest in any case.
  ///
  /// Of a time limit the last tenth is kept for the proof, if none has begun before.
  package func train(stop: StopSignal = StopSignal(), progress: (TrainingProgress) -> Void = { _ in })
    -> TrainingOutcome
  {
    let time = stop.firstPart(0.9)
    let certifier = Certifier(problem, threads: options.threads)
    let pricing = VectorSubnetworkPricing(atoms, threads: options.threads, isCancelled: { time.isRaised })
    var starts = StartingPoints(rank: atoms.width * atoms.geometry.rank, seed: options.seed)
    var state = State(problem, atoms, threads: options.threads)
    var best = Incumbent<Void>(certifier)
    if WideOpening.isWorthwhile(units: atoms.width, rank: atoms.geometry.rank, options: options),
      let network = WideOpening.network(
        problem, seed: options.seed, threads: options.threads, stop: time) as? ThreeLayerNetwork
    {
      state.take(NetworkParameters(network, in: atoms.geometry.rowSpace))
      best.offer(network)
    }
    var localGap: Double?
    var stalled = 0
    var round = 0
    var status: SolverStatus?
    while status == nil {
      guard round < options.maximumIterations else {
        status = .iterationLimit
        break
      }
      round += 1
      var directions = pricing.maxima(of: state.dualPoint, from: starts.random(ascents))
      let gap = self.gap(certifier, best.objective, state.dualPoint, directions.first?.value ?? 0)
      localGap = time.isRaised ? localGap : gap
      let isExhausted = stalled >= patience
      if options.aim == .localGap, gap <= options.gap, !time.isRaised {
        status = .localGapReached
      } else if time.isRaised {
        status = stop.wasRequested ? .stoppedByCaller : .timeLimit
      } else if options.aim == .proof, gap <= 0.5 * options.gap || stalled % 4 == 3 || isExhausted {
        let verdict = certifier.certify(
          best.network, dualPoint: state.dualPoint, gap: options.gap, effort: options.effort(until: stop))
        best.offer(verdict)
        let violators = pricing.climbed(
          state.dualPoint,
          from: verdict.violators.prefix(8).map { Part(sign: 1, vector: $0.direction, family: $0.family) })
        directions = violators + directions
        let hasNext = !violators.isEmpty || gap > 0.5 * options.gap
        if best.relativeGap <= options.gap {
          status = .solved
        } else if isExhausted || !hasNext {
          status = verdict.isComplete ? .insufficientProgress : .proofLimit
        }
      } else if isExhausted {
        status = .insufficientProgress
      }
      progress(best.progress(iteration: round, workingSet: state.weights.width))
      guard status == nil else { break }
      let before = state.value
      state.improve(
        with: directions, pricing, levels: levels(stalled), isCancelled: { time.isRaised })
      best.offer(state.weights.threeLayerNetwork(units: atoms.width, in: atoms.geometry.rowSpace))
      // Near the optimum little of the objective hides much of the gap.
      stalled = state.value < before - 1e-9 * abs(before) ? 0 : stalled + 1
    }
    var outcome = TrainingOutcome(
      network: best.network, certificate: best.certificate(dualPoint: state.dualPoint, gap: options.gap),
      status: status ?? .iterationLimit,
      method: best.network.neurons == 0
        ? .zeroNetwork : options.aim == .localGap ? .local : .workingSet,
      workingSet: best.network.neurons, iterations: round, rank: atoms.geometry.rank, chambers: nil)
    outcome.localGap = localGap
    return outcome
  }

  /// How far kinks are rounded off: rounds that gain nothing are followed by sharper and by blunter ones.
  private func levels(_ stalled: Int) -> [Double] {
    switch stalled % 3 {
    case 0: [0.1, 0.03, 0.01, 0.003, 0.001, 0]
    case 1: [0.01, 0.003, 1e-3, 3e-4, 1e-4, 1e-5, 0]
    default: [0.3, 0.1, 0.03, 0.01, 0.003, 1e-3, 1e-4, 1e-5, 0]
    }
  }

  /// The relative gap if nothing had a larger polar value than `largest`, or β.
  private func gap(_ certifier: Certifier, _ objective: Double, _ dualPoint: [Double], _ largest: Double)
    -> Double
  {
    let lower = certifier.lowerBound(
      certifier.feasibleDualPoint(dualPoint), polarBound: max(largest, problem.beta))
    return max(0, certifier.relativeGap(objective: objective, lowerBound: lower.value))
  }
}

extension VectorSubnetworkTraining {
  /// The network of the moment, in the coordinates of the row space.
  private struct State {
    private let problem: TrainingProblem
    private let units: Int
    private let threads: Int
    private(set) var weights: NetworkParameters
    private(set) var value: Double
    private(set) var dualPoint: [Double]

    /// Begins with the best network that has no sub-networks.
    init(_ given: TrainingProblem, _ atoms: VectorSubnetworkAtoms, threads: Int) {
      problem = given.reduced
      units = atoms.width
      self.threads = threads
      weights = NetworkParameters(
        width: 0, units: units, inputs: atoms.geometry.rank, outputs: atoms.outputs,
        hasOffset: problem.hasOffset, values: problem.hasOffset ? problem.constantFits : [])
      value = problem.lossValue(problem.constantPredictions)
      dualPoint = problem.constantDualPoint
    }

    /// Lets sub-networks that pay join, and all descend; keeps what is better.
    mutating func improve(
      with directions: [VectorSubnetworkPricing.Direction], _ pricing: VectorSubnetworkPricing,
      levels: [Double], isCancelled: @escaping () -> Bool
    ) {
      let paying = directions.filter { $0.value > problem.beta }.prefix(10)
      var joined = weights
      if !paying.isEmpty {
        joined = weights.joined(bySubnetworks: fresh(Array(paying), pricing))
      }
      guard joined.width > 0 else { return }
      var descent = VectorDescent(problem: problem)
      descent.levels = levels
      descent.threads = threads
      descent.isCancelled = isCancelled
      take(descent.descended(from: joined))
    }

    /// Takes weights, in balance, if they are better.
    mutating func take(_ other: NetworkParameters) {
      let reached = other.balanced(units: units)
      let objective = WeightDecayObjective(problem, width: reached.width, threads: threads)
      let value = objective.evaluate(reached)
      guard value < self.value else { return }
      (weights, self.value) = (reached, value)
      dualPoint = problem.dualPoint(objective.predictions)
    }

    /// Sub-networks so long that together they lower the objective at first order.
    private func fresh(
      _ directions: [VectorSubnetworkPricing.Direction], _ pricing: VectorSubnetworkPricing
    ) -> NetworkParameters {
      let parts = directions.map { direction -> Part in
        let response = pricing.response(direction.part)
        let size = response.indices.reduce(0) { $0 + problem.weights[$1] * response[$1] * response[$1] }
        let length = (direction.value - problem.beta) / max(size * Double(directions.count), 1e-300)
        return Part(
          sign: 1, vector: direction.part.vector.map { length * $0 }, family: direction.part.family)
      }
      return NetworkParameters(
        parts, heads: directions.map(\.head), units: units, inputs: weights.inputs, outputs: weights.outputs)
    }
  }
}
