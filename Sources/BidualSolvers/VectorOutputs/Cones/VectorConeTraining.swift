import BidualArrangements
import BidualCertificates
import BidualLinear
import BidualModels
import BidualPolars

/// Training of ReLU networks with several outputs whose neurons keep to given activation patterns: the program of SEPP21 (11) over these
/// patterns only. With the patterns of all chambers it is the program of all networks, and the proof is over those.
///
/// Rounds of column generation as `VectorTraining` takes them, but that a neuron has its pattern's cone for its home: `ConePricing` looks for those
/// that pay, `ConedNeurons` descends in all of them.
package struct VectorConeTraining: Solver {
  /// Over what the networks are.
  private enum Home {
    /// The patterns of a collection; whether there would have been more, had it not been cut short.
    case given(PatternSet, isCutShort: Bool)
    /// All chambers, at most so many.
    case chambers(limit: Int)
  }

  private let problem: TrainingProblem
  private let atoms: VectorReLUAtoms
  private let home: Home
  private let options: WorkingSet.Options

  /// It can.
  package static var resumes: Bool { true }

  /// Problems of two-layer ReLU networks with several outputs, and with a loss that has slopes without kinks.
  package static func check(_ problem: TrainingProblem) throws(DataError) { _ = try required(problem) }

  private static func required(_ problem: TrainingProblem) throws(DataError) -> VectorReLUAtoms {
    guard let atoms = VectorReLUAtoms.unpooled(of: problem), problem.loss.hasSlope, !problem.loss.hasKinks
    else {
      throw problem.lacks("the program over given patterns with several outputs")
    }
    return atoms
  }

  /// Training on the patterns of a collection made for the problem's design.
  ///
  /// - Throws: `DataError` as `check`.
  package init(
    _ problem: TrainingProblem, patterns: PatternCollection, options: WorkingSet.Options = .init()
  ) throws(DataError) {
    atoms = try Self.required(problem)
    self.problem = problem
    home = .given(patterns.packed, isCutShort: patterns.isCutShort)
    self.options = options
  }

  /// Training on the patterns of all chambers, at most `chamberLimit`.
  ///
  /// - Throws: `DataError` as `check`.
  package init(
    _ problem: TrainingProblem, chamberLimit: Int = 2_000, options: WorkingSet.Options = .init()
  ) throws(DataError) {
    atoms = try Self.required(problem)
    self.problem = problem
    home = .chambers(limit: chamberLimit)
    self.options = options
  }

  /// Trains until the gap is shown or a limit or `stop` ends the run; the answer is honest in any case.
  ///
  /// Of a time limit the last tenth is kept for the proof.
  ///
  /// - Parameter checkpoints: where the run begins and what becomes of its states, as for `WorkingSet`.
  /// - Throws: `DataError` of kind `badData` if there are too many chambers.
  package func train(
    stop: StopSignal = StopSignal(), checkpoints: Checkpoints? = nil,
    progress: (TrainingProgress) -> Void = { _ in }
  ) throws(DataError) -> TrainingOutcome {
    switch home {
    case .given(let patterns, let isCutShort):
      let certifier = Certifier(problem, patterns: patterns, multipliers: [], threads: options.threads)
      return run(patterns, certifier, .givenPatterns, isCutShort: isCutShort, stop, checkpoints, progress)
    case .chambers(let limit):
      let tree: ChamberTree
      do {
        tree = try Arrangement(problem.reduced.design).chambers(
          limit: limit, isCancelled: { stop.isRaised })
      } catch .cancelled {
        return try VectorTraining(problem, options: options).train(stop: stop, progress: progress)
      } catch {
        throw DataError(error)
      }
      let patterns = PatternSet((0..<tree.count).map(tree.pattern), samples: problem.design.rows)
      return run(
        patterns, Certifier(problem, threads: options.threads), .enumerated, isCutShort: false, stop,
        checkpoints, progress)
    }
  }

  private func run(
    _ patterns: PatternSet, _ certifier: Certifier, _ method: TrainingMethod, isCutShort: Bool,
    _ stop: StopSignal, _ checkpoints: Checkpoints?, _ progress: (TrainingProgress) -> Void
  ) -> TrainingOutcome {
    let time = stop.firstPart(0.9)
    let reduced = problem.reduced
    let pricing = ConePricing(reduced, patterns: patterns, threads: options.threads)
    var neurons = ConedNeurons(reduced, patterns: patterns, threads: options.threads)
    var best = Incumbent<NetworkParameters?>(certifier, weights: nil)
    var status: SolverStatus?
    var (round, stalled, leastGap) = (0, 0, Double.infinity)
    func offer(_ weights: NetworkParameters) {
      best.offer(weights, as: atoms.architecture.network(weights.network(in: atoms.geometry.rowSpace)))
    }
    if case .cones(let start)? = checkpoints?.start, start.fits(reduced, patterns: patterns) {
      (round, stalled, leastGap) = (start.round, start.stalled, start.leastGap)
      if let weights = start.best { offer(weights) }
      neurons.restore(start.weights, owners: start.owners)
    }
    let digest = checkpoints == nil ? 0 : Snapshot.digest(of: patterns)
    func snapshot() -> Snapshot {
      Snapshot(
        patterns: digest, round: round, weights: neurons.weights, owners: neurons.owners, best: best.weights,
        leastGap: leastGap, stalled: stalled)
    }
    var dualPoint = certifier.feasibleDualPoint(neurons.dualPoint)
    // What a run goes on from to end as this one does: a round that ends it is taken again.
    var begun = snapshot()
    while status == nil {
      begun = snapshot()
      checkpoints?.offer(.cones(begun))
      round += 1
      let (largest, found) = pricing.directions(
        dualPoint, beside: neurons, isCancelled: { time.isRaised })
      let local = certifier.lowerBound(dualPoint, polarBound: max(largest, 1e-300)).value
      let gap = certifier.relativeGap(objective: best.objective, lowerBound: local)
      stalled = gap < 0.7 * leastGap ? 0 : stalled + 1
      leastGap = min(gap, leastGap)
      if time.isRaised {
        status = stop.ending
      } else if gap <= 0.1 * options.gap || stalled == 8 {
        status = .insufficientProgress
      } else if round >= options.maximumIterations {
        status = .iterationLimit
      }
      if status == nil || neurons.weights.width == 0 {
        neurons.improve(with: found.prefix(40), steps: 300, isCancelled: { time.isRaised })
        offer(neurons.weights)
        dualPoint = certifier.feasibleDualPoint(neurons.dualPoint)
      }
      progress(best.progress(iteration: round, workingSet: neurons.weights.width))
    }
    checkpoints?.leave(.cones(status?.isStop ?? false ? snapshot() : begun))
    let closing = stop.closing
    best.offer(
      certifier.certify(
        best.network, dualPoint: dualPoint, gap: options.gap,
        effort: .init(
          nodeLimit: stop.hasDeadline ? .max : options.nodeLimit, isCancelled: { closing.isRaised })))
    if best.relativeGap <= options.gap { status = isCutShort ? stop.ending : .solved }
    progress(best.progress(iteration: round, workingSet: neurons.weights.width))
    return TrainingOutcome(
      network: best.network,
      certificate: best.certificate(dualPoint: dualPoint, gap: options.gap),
      status: status ?? .iterationLimit, method: method, workingSet: patterns.count, iterations: round,
      rank: atoms.geometry.rank, chambers: method == .enumerated ? patterns.count : nil)
  }
}
