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
package struct VectorSubnetworkTraining: Solver {
  private let problem: TrainingProblem
  private let atoms: VectorSubnetworkAtoms
  private let options: WorkingSet.Options
  /// Ascents a round.
  private let ascents = 32
  /// Rounds without progress after which a run gives up.
  private let patience = 9

  /// It can.
  package static var resumes: Bool { true }

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
  ///
  /// - Parameter checkpoints: where the run begins and what becomes of its states, as for `WorkingSet`.
  package func train(
    stop: StopSignal = StopSignal(), checkpoints: Checkpoints? = nil,
    progress: (TrainingProgress) -> Void = { _ in }
  ) -> TrainingOutcome {
    let time = stop.firstPart(0.9)
    let certifier = Certifier(problem, threads: options.threads)
    let pricing = VectorSubnetworkPricing(atoms, threads: options.threads, isCancelled: { time.isRaised })
    var starts = StartingPoints(rank: atoms.width * atoms.geometry.rank, seed: options.seed)
    var state = State(problem, atoms, threads: options.threads)
    var best = Incumbent<NetworkParameters?>(certifier, weights: nil)
    var (round, stalled) = (0, 0)
    var localGap: Double?
    func offer(_ weights: NetworkParameters) {
      best.offer(weights, as: weights.threeLayerNetwork(units: atoms.width, in: atoms.geometry.rowSpace))
    }
    func snapshot() -> Snapshot {
      Snapshot(
        round: round, starts: starts, weights: state.weights, best: best.weights, proof: best.proof,
        nodes: best.nodes, localGap: localGap, stalled: stalled)
    }
    if case .subnetworks(let start)? = checkpoints?.start,
      start.fits(problem.reduced, dimension: atoms.width * atoms.geometry.rank)
    {
      (round, starts, localGap, stalled) = (start.round, start.starts, start.localGap, start.stalled)
      if let weights = start.best { offer(weights) }
      best.restore(start.proof, nodes: start.nodes, effort: options.effort(until: stop))
      state.restore(start.weights)
    } else if WideOpening.isWorthwhile(units: atoms.width, rank: atoms.geometry.rank, options: options),
      let network = WideOpening.network(
        problem, seed: options.seed, threads: options.threads, stop: time) as? ThreeLayerNetwork
    {
      state.take(NetworkParameters(network, in: atoms.geometry.rowSpace))
      offer(state.weights)
    }
    var status: SolverStatus?
    // What a run goes on from to end as this one does: a round that ends it is taken again.
    var begun = snapshot()
    while status == nil {
      begun = snapshot()
      guard round < options.maximumIterations else {
        status = .iterationLimit
        break
      }
      checkpoints?.offer(.subnetworks(begun))
      round += 1
      var directions = pricing.maxima(of: state.dualPoint, from: starts.random(ascents))
      let gap = self.gap(certifier, best.objective, state.dualPoint, directions.first?.value ?? 0)
      localGap = time.isRaised ? localGap : gap
      let isExhausted = stalled >= patience
      if options.aim == .localGap, gap <= options.gap, !time.isRaised {
        status = .localGapReached
      } else if time.isRaised {
        status = stop.ending
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
      offer(state.weights)
      // Near the optimum little of the objective hides much of the gap.
      stalled = state.value < before - 1e-9 * abs(before) ? 0 : stalled + 1
    }
    checkpoints?.leave(.subnetworks(status?.isStop ?? false ? snapshot() : begun))
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
