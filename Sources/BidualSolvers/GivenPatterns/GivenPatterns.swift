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
package struct GivenPatterns: Sendable {
  /// What a block may be.
  package enum Form: Sendable, Equatable {
    /// Any vector: a gated network.
    case gated
    /// A vector of the pattern's cone, with either sign: a ReLU network.
    case relu
  }

  /// When to stop, and with what means.
  package struct Options: Sendable {
    /// The relative gap of the restricted program to reach.
    package var gap = 1e-6
    /// The largest number of rounds.
    package var maximumIterations = 60
    /// The largest number of Newton steps.
    package var maximumSteps = 1000
    /// Threads for products and projections.
    package var threads = 1

    /// The defaults.
    package init() {}
  }

  /// What to train; its architecture plays no part.
  package let problem: TrainingProblem
  /// The patterns over the rows that neurons see.
  package let patterns: PatternSet
  /// Whether blocks keep to the cones.
  package let form: Form
  /// When to stop.
  package let options: Options

  /// A solver for a problem and patterns over the rows that its neurons see.
  package init(_ problem: TrainingProblem, patterns: PatternSet, form: Form, options: Options = Options()) {
    precondition(patterns.samples == problem.neuronRows.rows)
    self.problem = problem
    self.patterns = patterns
    self.form = form
    self.options = options
  }

  /// Solves until the gap is shown or a limit or `stop` ends the run; the bounds hold in any case.
  ///
  /// - Parameter checkpoints: where the run begins and what becomes of its states, as for `WorkingSet`.
  /// - Complexity: a round has a few Newton steps, each of O(nrP/8) for pricing, O(min(n, Σ dim)³ + n²k) for the
  ///   linear algebra of k blocks and, with cones, a projection for each block that is not ruled out.
  package func solve(
    stop: StopSignal = StopSignal(), checkpoints: Checkpoints? = nil,
    progress: (GivenPatternsProgress) -> Void = { _ in }
  ) -> GivenPatternsSolution {
    let run = GivenPatternsRun(self)
    if case .patterns(let start)? = checkpoints?.start { run.restore(start) }
    var ending = run.ending(stop)
    while ending == nil {
      checkpoints?.offer(.patterns(run.snapshot()))
      // Small programs get an evaluation and a bound though the time is up; of large ones none may be waited for.
      let evaluation = stop.closing
      run.minimise(isCancelled: { stop.isRaised }, isCutShort: { evaluation.isRaised })
      let bound = stop.closing
      run.advance(isCutShort: { bound.isRaised })
      progress(
        GivenPatternsProgress(
          iteration: run.rounds, steps: run.steps, active: run.best.blocks.count,
          objective: run.best.objective,
          lowerBound: run.bound.value))
      ending = run.ending(stop)
    }
    let status = ending ?? .iterationLimit
    checkpoints?.leave(.patterns(run.snapshot(isFinal: !status.isStop)))
    if status != .solved, run.best.blocks.isEmpty { run.offerOneBlock() }
    return run.solution(status)
  }
}

/// A round of `GivenPatterns`, as reported while it runs.
package struct GivenPatternsProgress: Sendable {
  /// The round, from 1.
  package let iteration: Int
  /// Newton steps so far.
  package let steps: Int
  /// Blocks of the best point that are not zero.
  package let active: Int
  /// The best objective so far.
  package let objective: Double
  /// The best lower bound so far.
  package let lowerBound: Double
}

/// A solution of the program over given patterns, with a bound that holds over these patterns only.
package struct GivenPatternsSolution: Sendable {
  /// The vectors that are not zero, in the coordinates of the row space, each with its pattern.
  let parts: [(pattern: Int, part: Part)]
  /// The row space of the design.
  let space: RowSpace
  /// The offset b; 0 for problems without one.
  package let offset: Double
  /// The program's objective at these vectors.
  package let objective: Double
  /// No choice of vectors for these patterns has a smaller objective.
  package let lowerBound: Double
  /// The dual point V of the bound.
  package let dualPoint: [Double]
  /// κ(V) over the patterns, rounded up.
  package let polarBound: Double
  /// With cones, multipliers of their rows that show the polar bound again (`PatternPolar`).
  package let multipliers: [ConeMultipliers]
  /// The rank of the design.
  package let rank: Int
  /// Why the solver stopped.
  package let status: SolverStatus
  /// Rounds and Newton steps.
  package let iterations: Int
  /// Newton steps.
  package let steps: Int

  /// The vectors that are not zero, in the design's features, each with its pattern and sign.
  ///
  /// - Complexity: O(dr) for each of them.
  package var blocks: [(pattern: Int, sign: Double, vector: [Double])] {
    let rows = Matrix(
      rows: parts.count, columns: space.rank, elements: parts.flatMap { $0.part.vector })
    let vectors = space.lifted(rows)
    return parts.indices.map { (parts[$0].pattern, parts[$0].part.sign, Array(vectors.row($0))) }
  }

  /// (objective − lowerBound)/objective.
  package var relativeGap: Double {
    Certificate.relativeGap(objective: objective, lowerBound: lowerBound)
  }

  /// The network of the vectors, merged and pruned; nil for architectures whose networks are not sums of neurons.
  ///
  /// Its own objective is that of the program where the vectors are in their cones.
  package func network(for problem: TrainingProblem) -> (any Network)? {
    (problem.atoms as? any NeuronAtoms).map { network(for: problem, $0) }
  }

  func network(for problem: TrainingProblem, _ atoms: some NeuronAtoms) -> any Network {
    let merged = NeuronMerging.merged(parts.map(\.part), rows: atoms.geometry.coordinates.unitRows)
    return atoms.network(
      of: CaratheodoryPruning.pruned(merged, atoms: atoms), offset: problem.hasOffset ? offset : nil)
  }
}
