import BidualCertificates
import BidualLinear
import BidualModels
import BidualPolars

/// Exact training by a working set of chambers: column generation on the program of PE20, eq. 8.
///
/// A small convex program over a few chambers is solved to high accuracy; its residual V prices all
/// other chambers; those whose polar value exceeds β join, idle ones leave, and when local ascent finds
/// none the certifier either proves that none exists or names one.
public struct WorkingSet: Sendable {
  /// When to stop, and with what means.
  public struct Options: Sendable {
    /// The relative gap to prove.
    public var gap = 1e-4
    /// The largest number of rounds.
    public var maximumIterations = 200
    /// The seed of the random starts.
    public var seed: UInt64 = 0
    /// Threads for proofs.
    public var threads = 1
    /// Cones that one proof may bound.
    public var nodeLimit = 20_000_000

    /// The defaults.
    public init() {}
  }

  /// What to train.
  public let problem: TrainingProblem
  /// How.
  public let options: Options

  /// A solver for a problem under the ℓ₂ norm; `CliffordLasso` is for ℓ₁.
  public init(_ problem: TrainingProblem, options: Options = Options()) {
    precondition(problem.norm == .l2)
    self.problem = problem
    self.options = options
  }

  /// Trains until the gap is proven or a limit or `stop` ends the run; the answer is honest in any case.
  ///
  /// - Parameter checkpoints: where the run begins and what becomes of its states. A run that goes on from a state
  ///   ends with the bytes of one that was never interrupted, unless that state is one with which `stop` ended a
  ///   run. It proves anew what the state has to prove.
  public func train(
    stop: StopSignal = StopSignal(), checkpoints: Checkpoints? = nil,
    progress: (TrainingProgress) -> Void = { _ in }
  ) -> TrainingOutcome {
    let certifier = Certifier(problem, threads: options.threads)
    let design = certifier.rowSpace.coordinates
    let hyperplanes = Hyperplanes(design)
    let ascent = LocalAscent(
      hyperplanes, threads: options.threads, isCancelled: { stop.isRaised })
    var starts = StartingPoints(rank: design.columns, seed: options.seed)
    var master = Master(problem, design: design, hyperplanes: hyperplanes)
    var best = BestSoFar(certifier)
    let margin = problem.beta * (1 + 0.3 * options.gap)
    var dualPoint = certifier.feasibleDualPoint(problem.constantDualPoint)
    var status = SolverStatus.iterationLimit
    var tolerance = min(1e-8, 1e-3 * options.gap)
    var iteration = 0

    func admit(_ chambers: [ChamberMaximum]) -> Int {
      chambers.count { master.insert($0.key, near: $0.direction) }
    }

    func snapshot() -> RunState {
      let (chambers, dropped) = master.records
      return .workingSet(
        Snapshot(
          round: iteration, tolerance: tolerance, starts: starts, dualPoint: dualPoint, chambers: chambers,
          dropped: dropped, best: best.record))
    }

    if case .workingSet(let start)? = checkpoints?.start, start.fits(problem, rank: design.columns) {
      (iteration, tolerance, starts, dualPoint) = (
        start.round, start.tolerance, start.starts, start.dualPoint
      )
      master.restore(start.chambers, dropped: start.dropped)
      best.take(
        start.best, effort: Certifier.Effort(nodeLimit: options.nodeLimit, isCancelled: { stop.isRaised }))
    } else {
      _ = admit(ascent.maxima(of: dualPoint, from: starts.random(128), above: problem.beta, limit: 40))
    }
    while iteration < options.maximumIterations {
      if iteration > 0, best.relativeGap <= options.gap {
        status = .solved
        break
      }
      if stop.isRaised { break }
      checkpoints?.offer(snapshot())
      iteration += 1
      if !master.isEmpty {
        var interiorPoint = InteriorPoint()
        interiorPoint.tolerance = tolerance
        interiorPoint.isCancelled = { stop.isRaised }
        let solution = master.solve(with: interiorPoint)
        dualPoint = certifier.feasibleDualPoint(solution.dualPoint)
        best.offer(master, rowSpace: certifier.rowSpace, gap: options.gap)
        if stop.isRaised { break }
      }
      let violated = master.enforceViolatedFacets()
      let maxima = ascent.maxima(
        of: dualPoint, from: starts.around(master.vectors(longerThan: master.negligible).map(\.vector)),
        above: margin, limit: 40)
      var added = admit(maxima)
      for (key, vector) in violated.strayed where master.insert(key, near: vector) { added += 1 }
      master.dropIdle(after: 4)
      // The gap that the dual point would prove if local ascent had found the largest polar value.
      let polar = max(problem.beta, maxima.first?.value ?? 0)
      let hope = certifier.lowerBound(dualPoint, polarBound: polar).value
      let isHopeful = best.objective - hope <= options.gap * best.objective
      guard isHopeful || (added == 0 && violated.count == 0) else {
        report(progress, iteration, master, best, hope)
        continue
      }
      let verdict = certifier.certify(
        best.network, dualPoint: dualPoint, gap: options.gap,
        effort: .init(nodeLimit: options.nodeLimit, isCancelled: { stop.isRaised }))
      best.offer(verdict)
      report(progress, iteration, master, best, hope)
      if best.relativeGap <= options.gap {
        status = .solved
        break
      }
      if stop.isRaised { break }
      added += admit(ascent.climb(dualPoint, from: verdict.violators))
      if added == 0 && violated.count == 0 {
        // The master holds all that is known, so its own accuracy is what is missing.
        if tolerance > 1e-12, !verdict.violators.isEmpty || verdict.isComplete {
          tolerance *= 1e-2
          continue
        }
        status = verdict.isComplete || !verdict.violators.isEmpty ? .insufficientProgress : .proofLimit
        break
      }
    }
    if stop.isRaised, status != .solved { status = stop.wasRequested ? .stoppedByCaller : .timeLimit }
    checkpoints?.leave(snapshot())
    return TrainingOutcome(
      network: best.network, certificate: best.certificate(dualPoint: dualPoint, stop: stop), status: status,
      method: .workingSet, workingSet: master.blocks.count, iterations: iteration, rank: design.columns,
      chambers: nil)
  }

  private func report(
    _ progress: (TrainingProgress) -> Void, _ iteration: Int, _ master: Master, _ best: BestSoFar,
    _ hope: Double
  ) {
    progress(
      TrainingProgress(
        iteration: iteration, workingSet: master.blocks.count, objective: best.objective,
        lowerBound: best.lowerBound, nodes: best.nodes,
        localGap: best.relativeGap(above: hope)))
  }
}
