import BidualArrangements
import BidualCertificates
import BidualLinear
import BidualModels
import BidualPolars

/// The convex program over given activation patterns, gated or with the cones of the ReLU:
///
///     minimise  Σᵢ ωᵢℓ(fᵢ, yᵢ) + β Σⱼ‖vⱼ‖,  f = Σⱼ ±DⱼXvⱼ + b   [subject to (2Dⱼ − I)Xvⱼ ≥ 0]
///
/// (PE20, eq. 8 with sampled patterns; without the cones MSP22's gated program, where signs do not matter). Where samples have
/// several rows, as the patches of an image, X and the patterns are of these, and products DⱼXvⱼ are pooled.
/// Solved by the method of multipliers on the dual: each round minimises a smooth function of the n dual
/// variables by semismooth Newton steps (`DualNewton`), in which all patterns are priced by one masked
/// product a step, so that no pattern is ever left out. Only blocks at other than zero enter the linear
/// algebra. Few rounds are needed: convergence is superlinear as σ grows.
///
/// Source of the scheme: X. Li, D. Sun, K.-C. Toh, *A highly efficient semismooth Newton augmented Lagrangian
/// method for solving lasso problems*, SIAM J. Optim. 28 (2018).
public struct GivenPatterns: Sendable {
  /// What a block may be.
  public enum Form: Sendable, Equatable {
    /// Any vector: a gated network.
    case gated
    /// A vector of the pattern's cone, with either sign: a ReLU network.
    case relu
  }

  /// When to stop, and with what means.
  public struct Options: Sendable {
    /// The relative gap of the restricted program to reach.
    public var gap = 1e-6
    /// The largest number of rounds.
    public var maximumIterations = 60
    /// The largest number of Newton steps.
    public var maximumSteps = 1000
    /// Threads for products and projections.
    public var threads = 1

    /// The defaults.
    public init() {}
  }

  /// What to train; its architecture plays no part.
  public let problem: TrainingProblem
  /// The patterns over the rows that neurons see.
  public let patterns: PatternSet
  /// Whether blocks keep to the cones.
  public let form: Form
  /// When to stop.
  public let options: Options

  /// A solver for a problem and patterns over the rows that its neurons see.
  public init(_ problem: TrainingProblem, patterns: PatternSet, form: Form, options: Options = Options()) {
    precondition(patterns.samples == problem.neuronRows.rows)
    self.problem = problem
    self.patterns = patterns
    self.form = form
    self.options = options
  }

  /// Solves until the gap is shown or a limit or `stop` ends the run; the bounds hold in any case.
  ///
  /// - Complexity: a round has a few Newton steps, each of O(nrP/8) for pricing, O(min(n, Σ dim)³ + n²k) for the
  ///   linear algebra of k blocks and, with cones, a projection for each block that is not ruled out.
  public func solve(
    stop: StopSignal = StopSignal(), progress: (GivenPatternsProgress) -> Void = { _ in }
  ) -> GivenPatternsSolution {
    let run = GivenPatternsRun(self)
    var status = SolverStatus.iterationLimit
    var idle = 0
    for round in 1...max(1, options.maximumIterations) {
      let before = run.gap
      // Small programs get an evaluation and a bound though the time is up; of large ones none may be waited for.
      let evaluation = stop.closing
      run.minimise(
        round: round, isCancelled: { stop.isRaised }, isCutShort: { evaluation.isRaised })
      let bound = stop.closing
      run.advance(isCutShort: { bound.isRaised })
      progress(
        GivenPatternsProgress(
          iteration: round, steps: run.steps, active: run.best.blocks.count, objective: run.best.objective,
          lowerBound: run.bound.value))
      if run.gap <= options.gap {
        status = .solved
        break
      }
      if stop.isRaised {
        status = stop.ending
        break
      }
      idle = run.gap < 0.9 * before ? 0 : idle + 1
      if idle == 8 {
        status = .insufficientProgress
        break
      }
      if run.steps >= options.maximumSteps { break }
    }
    if status != .solved, run.best.blocks.isEmpty { run.offerOneBlock() }
    return run.solution(status)
  }
}

/// A round of `GivenPatterns`, as reported while it runs.
public struct GivenPatternsProgress: Sendable {
  /// The round, from 1.
  public let iteration: Int
  /// Newton steps so far.
  public let steps: Int
  /// Blocks of the best point that are not zero.
  public let active: Int
  /// The best objective so far.
  public let objective: Double
  /// The best lower bound so far.
  public let lowerBound: Double
}

/// A solution of the program over given patterns, with a bound that holds over these patterns only.
public struct GivenPatternsSolution: Sendable {
  /// The vectors that are not zero, in the coordinates of the row space, each with its pattern.
  let parts: [(pattern: Int, part: Part)]
  /// The row space of the design.
  let space: RowSpace
  /// The offset b; 0 for problems without one.
  public let offset: Double
  /// The program's objective at these vectors.
  public let objective: Double
  /// No choice of vectors for these patterns has a smaller objective.
  public let lowerBound: Double
  /// The dual point V of the bound.
  public let dualPoint: [Double]
  /// κ(V) over the patterns, rounded up.
  public let polarBound: Double
  /// With cones, multipliers of their rows that show the polar bound again (`PatternPolar`).
  public let multipliers: [ConeMultipliers]
  /// The rank of the design.
  public let rank: Int
  /// Why the solver stopped.
  public let status: SolverStatus
  /// Rounds and Newton steps.
  public let iterations: Int
  /// Newton steps.
  public let steps: Int

  /// The vectors that are not zero, in the design's features, each with its pattern and sign.
  ///
  /// - Complexity: O(dr) for each of them.
  public var blocks: [(pattern: Int, sign: Double, vector: [Double])] {
    let rows = Matrix(
      rows: parts.count, columns: space.rank, elements: parts.flatMap { $0.part.vector })
    let vectors = space.lifted(rows)
    return parts.indices.map { (parts[$0].pattern, parts[$0].part.sign, Array(vectors.row($0))) }
  }

  /// (objective − lowerBound)/objective.
  public var relativeGap: Double {
    Certificate.relativeGap(objective: objective, lowerBound: lowerBound)
  }

  /// The network of the vectors, merged and pruned; nil for architectures whose networks are not sums of neurons.
  ///
  /// Its own objective is that of the program where the vectors are in their cones.
  public func network(for problem: TrainingProblem) -> (any Network)? {
    (problem.atoms as? any NeuronAtoms).map { network(for: problem, $0) }
  }

  func network(for problem: TrainingProblem, _ atoms: some NeuronAtoms) -> any Network {
    let merged = NeuronMerging.merged(parts.map(\.part), rows: atoms.geometry.coordinates.unitRows)
    return atoms.network(
      of: CaratheodoryPruning.pruned(merged, atoms: atoms), offset: problem.hasOffset ? offset : nil)
  }
}
