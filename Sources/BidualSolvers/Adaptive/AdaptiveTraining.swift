import BidualCertificates
import BidualLinear
import BidualModels
import BidualPolars

/// Training by neurons instead of chambers, for ranks at which chambers are too many to price one by one and
/// proofs of a small gap are out of reach.
///
/// In each round, directions whose polar value at the residual exceeds β, found by batched local ascent, join the
/// network as neurons, and all neurons descend together under kinks that are sharpened step by step. Rounds that
/// gain little begin with sharper kinks, and where the sharpest gain nothing, the convex program over the network's
/// own patterns and their neighbours takes a turn, if it is small enough. The network is the best of all rounds; the gap by
/// local pricing tells how far it may be from the optimum, and the certificate what is proven.
public struct AdaptiveTraining: Sendable {
  /// When to stop, and with what means.
  public struct Options: Sendable {
    /// The relative gap by local pricing at which to stop.
    public var localGap = 1e-2
    /// The largest number of rounds.
    public var maximumIterations = 1000
    /// Cones that the proof at the end may bound.
    public var nodeLimit = 20_000
    /// The seed of the random starts.
    public var seed: UInt64 = 0
    /// Threads; the same number gives the same bytes.
    public var threads = 1
    /// The arithmetic of the descent's products over the samples.
    public var precision = Precision.double

    /// The defaults.
    public init() {}
  }

  /// What to train.
  public let problem: TrainingProblem
  /// How.
  public let options: Options

  /// A solver for a problem.
  ///
  /// - Throws: `DataError` of kind `badData` for problems without slopes to follow: other activations than
  ///   the ReLU, another norm than ℓ₂, and interpolation; and for numbers that the precision can't hold.
  public init(_ problem: TrainingProblem, options: Options = Options()) throws(DataError) {
    self.problem = problem
    self.options = options
    try problem.requireSlopes()
    try problem.require(options.precision)
  }

  /// The state of a run before a round, or in the middle of one, between two levels of descent.
  public struct Snapshot: Codable, Sendable {
    var best: JointDescent.Network
    var starts: StartingPoints
    var sharpness = Sharpness()
    /// Rounds begun.
    var round = 0
    /// The gap by local pricing at the beginning of the last round.
    var localGap: Double?
    /// The round's descent that is under way.
    var course: JointDescent.Course?

    /// Whether the shapes are those of a run on `problem`, which has full column rank.
    func fits(_ problem: TrainingProblem) -> Bool {
      starts.rank == problem.design.columns && best.fits(problem) && course?.fits(problem) ?? true
    }
  }

  /// Trains until the local gap is reached, rounds make no progress, or a limit or `stop` ends the run.
  ///
  /// - Parameter checkpoints: where the run begins and what becomes of its states. A run that goes on from a state
  ///   ends with the bytes of one that was never interrupted, unless that state is one with which `stop` ended a run.
  /// - Complexity: O(nmr) a quasi-Newton step for m neurons and rank r, some hundreds of steps a round.
  public func train(
    stop: StopSignal = StopSignal(), checkpoints: Checkpoints? = nil,
    progress: (TrainingProgress) -> Void = { _ in }
  ) -> TrainingOutcome {
    let certifier = Certifier(problem, threads: options.threads)
    let reduced = reduced(certifier.rowSpace)
    let floor = certifier.lowerBound(problem.targets.map { _ in 0 }, polarBound: 0).value
    let pricing = NeuronPricing(reduced, threads: options.threads, stop: stop)
    let program = NetworkProgram(reduced, threads: options.threads, stop: stop)
    var descent = JointDescent(problem: reduced, threads: options.threads, precision: options.precision)
    descent.isCancelled = { stop.isRaised }
    var state = Snapshot(
      best: withoutNeurons, starts: StartingPoints(rank: reduced.design.columns, seed: options.seed))
    if case .adaptive(let start)? = checkpoints?.start, start.fits(reduced) { state = start }
    var status = SolverStatus.iterationLimit
    while !stop.isRaised {
      var reached: JointDescent.Network?
      if state.course == nil {
        guard !state.sharpness.isExhausted else {
          status = .insufficientProgress
          break
        }
        guard state.round < options.maximumIterations else { break }
        checkpoints?.offer(.adaptive(state))
        let before = state
        state.round += 1
        let dualPoint = certifier.feasibleDualPoint(state.best.dualPoint)
        var directions = pricing.directions(
          at: dualPoint, around: state.best.neurons, from: &state.starts)
        var gap = localGap(certifier, state.best, dualPoint, directions)
        if gap <= options.localGap {
          directions = pricing.refutations(of: directions, at: dualPoint, from: &state.starts)
          gap = localGap(certifier, state.best, dualPoint, directions)
        }
        state.localGap = gap.isFinite ? gap : nil
        if stop.isRaised {
          // Directions are missing: the gap may be too small.
          state = before
          state.localGap = nil
          break
        }
        progress(
          TrainingProgress(
            iteration: state.round, workingSet: state.best.neurons.count, objective: state.best.objective,
            lowerBound: floor, nodes: 0, localGap: gap))
        if gap <= options.localGap {
          status = .localGapReached
          checkpoints?.leave(.adaptive(before))
          break
        }
        if state.sharpness.isSpent, program.isAffordable(neurons: state.best.neurons.count) {
          let solved = program.solved(state.best, directions: directions)
          // Of use even where the network stays: its dual point prices better.
          state.best.dualPoint = solved.dualPoint
          reached = solved
        } else {
          let fresh = pricing.neurons(from: directions, joining: state.best.predictions)
          descent.levels = state.sharpness.levels
          state.course = descent.course(state.best.neurons + fresh, offset: state.best.offset)
        }
      }
      while state.course != nil, !stop.isRaised, descent.advance(&state.course!) {
        if !stop.isRaised { checkpoints?.offer(.adaptive(state)) }
      }
      reached = state.course?.best ?? reached
      state.course = nil
      let gain = state.best.objective - (reached?.objective ?? .infinity)
      if let reached, gain > 0 { state.best = simplified(reached, reduced) }
      // A round that was cut short says nothing of what a whole one gains.
      if !stop.isRaised { state.sharpness.note(gain: gain / max(state.best.objective, 1e-300)) }
    }
    if status != .localGapReached {
      status = stop.status ?? status
      checkpoints?.leave(.adaptive(state))
    }
    let best = state.best
    let network = NeuronMerging.network(
      CaratheodoryPruning.pruned(best.neurons, design: reduced.design), rowSpace: certifier.rowSpace,
      like: .zero(inputs: problem.design.columns, offset: problem.hasOffset ? best.offset : nil),
      offset: best.offset)
    // Where this method is of use no proof gets far; its work is bounded by passes over the design.
    let nodeLimit = min(options.nodeLimit, 20_000_000 / (reduced.design.elements.count + 1))
    let closing = stop.closing
    let verdict = certifier.certify(
      network, dualPoint: best.dualPoint, polarAccuracy: 1e-2,
      effort: .init(nodeLimit: nodeLimit, isCancelled: { closing.isRaised }))
    return TrainingOutcome(
      network: network, certificate: verdict.certificate, status: status, method: .adaptive,
      workingSet: network.neurons,
      iterations: state.round, rank: reduced.design.columns, chambers: nil,
      localGap: state.localGap)
  }

  /// The problem in the coordinates of the row space.
  private func reduced(_ rowSpace: RowSpace) -> TrainingProblem {
    do {
      return try TrainingProblem(
        design: rowSpace.coordinates, targets: problem.targets, weights: problem.weights, loss: problem.loss,
        beta: problem.beta, hasOffset: problem.hasOffset)
    } catch {
      // Coordinates so small that their squares vanish: the rows as they are will do.
      return problem
    }
  }

  /// The best network that has no neurons.
  private var withoutNeurons: JointDescent.Network {
    let offset = problem.constantFit
    let predictions = problem.targets.map { _ in offset }
    return JointDescent.Network(
      neurons: [], offset: offset, objective: problem.lossValue(predictions),
      dualPoint: problem.constantDualPoint, predictions: predictions)
  }

  /// The relative gap if the largest of the directions' values were the polar.
  private func localGap(
    _ certifier: Certifier, _ network: JointDescent.Network, _ dualPoint: [Double],
    _ directions: [PolarMaximizer]
  ) -> Double {
    let polar = directions.reduce(0) { max($0, $1.value) }
    let lower = certifier.lowerBound(dualPoint, polarBound: polar).value
    return (network.objective - lower) / max(network.objective, 1e-12)
  }

  /// The network with neurons merged that no hyperplane separates, without those that make no difference, if
  /// that does not raise the objective.
  private func simplified(_ network: JointDescent.Network, _ reduced: TrainingProblem) -> JointDescent.Network
  {
    let longest = network.neurons.map { norm($0.vector) }.max() ?? 0
    let neurons = NeuronMerging.merged(
      network.neurons.filter { norm($0.vector) > 1e-6 * longest }, rows: reduced.design.unitRows)
    let simple = JointDescent.Network(
      neurons, offset: network.offset, dualPoint: network.dualPoint, in: reduced)
    return simple.objective <= network.objective * (1 + 1e-10) ? simple : network
  }
}

/// How far kinks are rounded off at the beginning of a round: less and less as rounds gain little, and more
/// again when the sharpest gain nothing, which leads out of shallow minima.
struct Sharpness: Codable, Sendable {
  private var first = 0.1
  private var idleRounds = 0

  /// The levels of a round.
  var levels: [Double] { [first, 0.3 * first, 0.1 * first, 0.03 * first] }

  /// Whether the sharpest kinks gained nothing: the time for the program over the network's patterns.
  private(set) var isSpent = false

  /// Whether so many rounds gained nothing that another one hardly will.
  var isExhausted: Bool { idleRounds >= 12 }

  /// Takes note of a round's relative gain.
  mutating func note(gain: Double) {
    idleRounds = gain < 1e-6 ? idleRounds + 1 : 0
    if isSpent {
      isSpent = false
      first = gain < 1e-5 ? 0.05 : 0.01
    } else {
      if gain < 1e-3 { first *= 0.3 }
      isSpent = first < 0.002
      first = max(first, 0.002)
    }
  }
}
