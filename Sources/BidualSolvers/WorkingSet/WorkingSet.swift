import BidualCertificates
import BidualLinear
import BidualModels
import BidualPolars

/// Training of networks that are sums of neurons, or of sub-networks, that is exact in the end and of use at every moment: neurons first, then
/// the convex program over their chambers, then the proof.
///
/// A run takes turns (`WorkingSetRun`). *Neurons*: directions that pay at the residual, found by batched ascent, join
/// the network, and all neurons descend together. *Chambers*: a convex program over the neurons' chambers (column
/// generation on PE20, eq. 8) is solved to high accuracy; its residual V prices all other chambers; those whose polar
/// value exceeds β join and idle ones leave. When local search finds nothing that pays any more, the certifier either proves that
/// nothing does or names a direction that does, and the turns go on from there.
package struct WorkingSet: Solver {
  /// What a run is for.
  package enum Aim: Sendable {
    /// A network whose gap is proven.
    case proof
    /// A network whose gap is small by local pricing, which proves nothing; the certificate is a short proof's.
    case localGap
  }

  /// When to stop, and with what means.
  package struct Options: Sendable {
    /// What the run is for.
    package var aim = Aim.proof
    /// The relative gap to prove, or to reach by local pricing.
    package var gap = 1e-4
    /// The largest number of rounds.
    package var maximumIterations = 200
    /// The seed of the random starts.
    package var seed: UInt64 = 0
    /// Threads; the same number gives the same bytes.
    package var threads = 1
    /// Nodes that one proof may bound, where no time limit says how long it may take.
    package var nodeLimit = 20_000_000
    /// Nodes of the short proof with which a run ends that has none.
    package var closingNodeLimit = 20_000
    /// The arithmetic of the descent's products over the samples.
    package var precision = Precision.double

    /// The defaults.
    package init() {}

    /// What a proof may take until `stop`.
    func effort(until stop: StopSignal) -> Certifier.Effort {
      .init(nodeLimit: stop.hasDeadline ? .max : nodeLimit, isCancelled: { stop.isRaised })
    }
  }

  /// What to train.
  package let problem: TrainingProblem
  /// How.
  package let options: Options

  private let atoms: any PiecewiseAtoms

  /// It can.
  package static var resumes: Bool { true }

  /// Problems whose atoms are linear on pieces and measured by the Euclidean norm.
  package static func check(_ problem: TrainingProblem) throws(DataError) { _ = try required(problem) }

  private static func required(_ problem: TrainingProblem) throws(DataError) -> any PiecewiseAtoms {
    guard let atoms = problem.atoms as? any PiecewiseAtoms else { throw problem.lacks("a working set") }
    return atoms
  }

  /// A solver for a problem.
  ///
  /// - Throws: `DataError` as `check`, and of kind `badData` for numbers that the precision can't hold.
  package init(_ problem: TrainingProblem, options: Options = Options()) throws(DataError) {
    atoms = try Self.required(problem)
    try problem.require(options.precision)
    self.problem = problem
    self.options = options
  }

  /// Trains until the gap is reached or a limit or `stop` ends the run; the answer is honest in any case, and
  /// its network is the best that was met.
  ///
  /// Of a time limit the last tenth is kept for the proof, if none has begun before.
  ///
  /// - Parameter checkpoints: where the run begins and what becomes of its states. A run that goes on from a state
  ///   ends with the bytes of one that was never interrupted, unless that state is one with which `stop` ended a
  ///   run. It proves anew what the state has to prove.
  /// - Complexity: Guides/scaling.md has measurements.
  package func train(
    stop: StopSignal = StopSignal(), checkpoints: Checkpoints? = nil,
    progress: (TrainingProgress) -> Void = { _ in }
  ) -> TrainingOutcome {
    train(atoms, stop: stop, checkpoints: checkpoints, progress: progress)
  }

  private func train(
    _ atoms: some PiecewiseAtoms, stop: StopSignal, checkpoints: Checkpoints?,
    progress: (TrainingProgress) -> Void
  ) -> TrainingOutcome {
    let time = stop.firstPart(0.9)
    var run = WorkingSetRun(problem, atoms: atoms, options: options, time: time, whole: stop)
    if case .workingSet(let start)? = checkpoints?.start {
      run.restore(start)
    } else if case .workingSet(let neighbour)? = checkpoints?.neighbour {
      run.begin(near: neighbour)
    } else {
      run.open()
    }
    var status: SolverStatus?
    while status == nil {
      if run.isSettled {
        status = options.aim == .proof ? .solved : .localGapReached
      } else if time.isRaised {
        status = stop.ending
      } else if !run.isMidRound, run.round >= options.maximumIterations {
        status = .iterationLimit
      } else {
        if !run.isMidRound { checkpoints?.offer(.workingSet(run.snapshot)) }
        status = run.advance(checkpoints, progress)
      }
    }
    checkpoints?.leave(.workingSet(run.snapshot))
    run.close()
    return TrainingOutcome(
      network: run.best.network, certificate: run.certificate(), status: status ?? .iterationLimit,
      method: options.aim == .proof ? .workingSet : .local, workingSet: run.size, iterations: run.round,
      rank: problem.atoms.geometry.designRank, chambers: nil, localGap: run.localGap)
  }
}
