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

  /// Trains until the local gap is reached, rounds make no progress, or a limit or `stop` ends the run.
  ///
  /// - Complexity: O(nmr) a quasi-Newton step for m neurons and rank r, some hundreds of steps a round.
  public func train(stop: StopSignal = StopSignal(), progress: (TrainingProgress) -> Void = { _ in })
    -> TrainingOutcome
  {
    let certifier = Certifier(problem, threads: options.threads)
    let reduced = reduced(certifier.rowSpace)
    let floor = certifier.lowerBound(problem.targets.map { _ in 0 }, polarBound: 0).value
    var pricing = NeuronPricing(reduced, seed: options.seed, threads: options.threads)
    let program = NetworkProgram(reduced, threads: options.threads)
    var descent = JointDescent(problem: reduced, threads: options.threads, precision: options.precision)
    descent.isCancelled = { stop.isRaised }
    var best = withoutNeurons
    var gap = Double.infinity
    var sharpness = Sharpness()
    var status = SolverStatus.iterationLimit
    var iteration = 0
    while iteration < options.maximumIterations, !stop.isRaised {
      iteration += 1
      let dualPoint = certifier.feasibleDualPoint(best.dualPoint)
      var directions = pricing.directions(at: dualPoint, around: best.neurons)
      gap = localGap(certifier, best, dualPoint, directions)
      if gap <= options.localGap {
        directions = pricing.refutations(of: directions, at: dualPoint)
        gap = localGap(certifier, best, dualPoint, directions)
      }
      progress(
        TrainingProgress(
          iteration: iteration, workingSet: best.neurons.count, objective: best.objective, lowerBound: floor,
          nodes: 0, localGap: gap))
      if gap <= options.localGap {
        status = .localGapReached
        break
      }
      let reached: JointDescent.Network?
      if sharpness.isSpent, program.isAffordable(neurons: best.neurons.count) {
        let solved = program.solved(best, directions: directions, stop: stop)
        // Of use even where the network stays: its dual point prices better.
        best.dualPoint = solved.dualPoint
        reached = solved
      } else {
        let fresh = pricing.neurons(from: directions, joining: best.predictions)
        descent.levels = sharpness.levels
        reached = descent.lowered(best.neurons + fresh, offset: best.offset)
      }
      let gain = best.objective - (reached?.objective ?? .infinity)
      if let reached, gain > 0 { best = simplified(reached, reduced) }
      guard sharpness.goOn(gain: gain / max(best.objective, 1e-300)) else {
        status = .insufficientProgress
        break
      }
    }
    if stop.isRaised, status != .localGapReached {
      status = stop.wasRequested ? .stoppedByCaller : .timeLimit
    }
    let network = NeuronMerging.network(
      CaratheodoryPruning.pruned(best.neurons, design: reduced.design), rowSpace: certifier.rowSpace,
      like: .zero(inputs: problem.design.columns, offset: problem.hasOffset ? best.offset : nil),
      offset: best.offset)
    // Where this method is of use no proof gets far; its work is bounded by passes over the design.
    let nodeLimit = min(options.nodeLimit, 20_000_000 / (reduced.design.elements.count + 1))
    let verdict = certifier.certify(
      network, dualPoint: best.dualPoint, polarAccuracy: 1e-2, effort: .init(nodeLimit: nodeLimit))
    return TrainingOutcome(
      network: network, certificate: verdict.certificate, status: status, method: .adaptive,
      workingSet: network.neurons,
      iterations: iteration, rank: reduced.design.columns, chambers: nil,
      localGap: gap.isFinite ? gap : nil)
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
private struct Sharpness {
  private var first = 0.1
  private var idleRounds = 0

  /// The levels of a round.
  var levels: [Double] { [first, 0.3 * first, 0.1 * first, 0.03 * first] }

  /// Whether the sharpest kinks gained nothing: the time for the program over the network's patterns.
  private(set) var isSpent = false

  /// Takes note of a round's relative gain; returns whether another one may gain more.
  mutating func goOn(gain: Double) -> Bool {
    idleRounds = gain < 1e-6 ? idleRounds + 1 : 0
    if isSpent {
      isSpent = false
      first = gain < 1e-5 ? 0.05 : 0.01
    } else {
      if gain < 1e-3 { first *= 0.3 }
      isSpent = first < 0.002
      first = max(first, 0.002)
    }
    return idleRounds < 12
  }
}
