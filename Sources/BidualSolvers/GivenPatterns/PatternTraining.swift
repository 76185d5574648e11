import BidualArrangements
import BidualCertificates
import BidualLinear
import BidualModels
import BidualPolars

/// Training on given activation patterns: a ReLU network by the program with its cones, a gated or linear one
/// without them. The network's own objective is reported, and a bound over the given patterns only.
public struct PatternTraining: Sendable {
  /// What to train.
  public let problem: TrainingProblem
  /// The patterns, over the problem's design.
  public let patterns: PatternSet
  /// When to stop.
  public let options: GivenPatterns.Options
  /// Whether there would have been more patterns, had they not been cut short.
  private let isCutShort: Bool

  /// Training of a ReLU network on the patterns of a collection made for the problem's design.
  public init(
    _ problem: TrainingProblem, patterns: PatternCollection, options: GivenPatterns.Options = .init()
  ) {
    precondition(problem.activation == .relu)
    self.problem = problem
    self.patterns = patterns.packed
    isCutShort = patterns.isCutShort
    self.options = options
  }

  /// Training of a gated or linear network; the gates are the problem's.
  public init(_ problem: TrainingProblem, options: GivenPatterns.Options = .init()) {
    let rows: [[Bool]]
    switch problem.activation {
    case .gated(let gates): rows = gates.patterns(over: problem.design)
    case .linear: rows = [Array(repeating: true, count: problem.design.rows)]
    case .relu: preconditionFailure("a ReLU network needs patterns")
    }
    self.problem = problem
    patterns = PatternSet(rows: rows, samples: problem.design.rows)
    isCutShort = false
    self.options = options
  }

  /// Trains until the gap is shown or a limit or `stop` ends the run; the answer is honest in any case.
  public func train(stop: StopSignal = StopSignal(), progress: (TrainingProgress) -> Void = { _ in })
    -> TrainingOutcome
  {
    let isReLU = problem.activation == .relu
    let program = GivenPatterns(
      problem, patterns: patterns, form: isReLU ? .relu : .gated, options: options)
    let solution = program.solve(stop: stop) { round in
      progress(
        TrainingProgress(
          iteration: round.iteration, workingSet: round.active, objective: round.objective,
          lowerBound: round.lowerBound, nodes: 0))
    }
    let network = isReLU ? solution.network(for: problem) : ungated(solution)
    let certifier = certifier(solution)
    let certificate = certifier.certify(network, dualPoint: solution.dualPoint, gap: options.gap).certificate
    let status: SolverStatus =
      certificate.relativeGap > options.gap
      ? solution.status : isCutShort ? stop.status ?? .timeLimit : .solved
    return TrainingOutcome(
      network: network, certificate: certificate, status: status, method: .givenPatterns,
      workingSet: patterns.count, iterations: solution.iterations, rank: solution.rank,
      chambers: nil)
  }

  /// What proves the bound again: for a ReLU network over its patterns, with the multipliers that the solver found.
  private func certifier(_ solution: GivenPatternsSolution) -> Certifier {
    guard problem.activation == .relu else { return Certifier(problem, threads: options.threads) }
    return Certifier(problem, patterns: patterns, multipliers: solution.multipliers)
  }

  /// The gated or linear network of the blocks, u = v/√‖v‖ and α = √‖v‖.
  private func ungated(_ solution: GivenPatternsSolution) -> TwoLayerNetwork {
    let blocks = solution.blocks.filter { norm($0.vector) > 0 }
    let offset = problem.hasOffset ? solution.offset : nil
    guard !blocks.isEmpty else {
      return .zero(inputs: problem.design.columns, offset: offset, activation: problem.activation)
    }
    let hidden = blocks.map { block in
      let root = norm(block.vector).squareRoot()
      return block.vector.map { $0 / root }
    }
    var activation = problem.activation
    if case .gated(let gates) = activation {
      activation = .gated(Gates(vectors: gates.vectors, owner: blocks.map(\.pattern)))
    }
    return TwoLayerNetwork(
      hidden: Matrix(hidden), output: blocks.map { $0.sign * norm($0.vector).squareRoot() }, offset: offset,
      activation: activation)
  }
}

extension Certifier {
  /// A certifier for ReLU networks on patterns, with multipliers of their cones that a solver found.
  init(_ problem: TrainingProblem, patterns: PatternSet, multipliers: [ConeMultipliers]) {
    guard let restriction = PatternRestriction(patterns, multipliers: multipliers) else {
      preconditionFailure("the solver's multipliers are of its own patterns")
    }
    self.init(problem, restrictedTo: restriction)
  }
}
