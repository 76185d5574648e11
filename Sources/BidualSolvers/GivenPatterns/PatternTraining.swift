import BidualArrangements
import BidualCertificates
import BidualLinear
import BidualModels
import BidualPolars

/// Training on given activation patterns: a ReLU network by the program with its cones, a gated or linear one
/// without them. The network's own objective is reported, and a bound over the given patterns only.
package struct PatternTraining: Solver {
  /// What to train.
  package let problem: TrainingProblem
  /// The patterns, over the rows that the problem's neurons see.
  package let patterns: PatternSet
  /// When to stop.
  package let options: GivenPatterns.Options
  /// Whether there would have been more patterns, had they not been cut short.
  private let isCutShort: Bool
  private let kind: Kind

  /// Whose networks the blocks make.
  private enum Kind {
    /// Networks that are held to the patterns' cones.
    case cones(any NeuronAtoms & RestrictableAtoms)
    /// Networks that have the patterns by their make.
    case patterned(any PatternedAtoms)
  }

  /// It can.
  package static var resumes: Bool { true }

  /// Problems whose networks have their patterns, or may be held to some.
  package static func check(_ problem: TrainingProblem) throws(DataError) {
    guard problem.outputs == 1,
      problem.atoms is any NeuronAtoms & RestrictableAtoms || problem.atoms is any PatternedAtoms
    else {
      throw problem.lacks("the program over given patterns")
    }
  }

  /// Training of a ReLU network on the patterns of a collection made for the rows that the problem's neurons see.
  ///
  /// - Throws: `DataError` of kind `badSettings` for other architectures.
  package init(
    _ problem: TrainingProblem, patterns: PatternCollection, options: GivenPatterns.Options = .init()
  ) throws(DataError) {
    guard problem.outputs == 1, let atoms = problem.atoms as? any NeuronAtoms & RestrictableAtoms else {
      throw problem.lacks("the program over given patterns")
    }
    kind = .cones(atoms)
    self.problem = problem
    self.patterns = patterns.packed
    isCutShort = patterns.isCutShort
    self.options = options
  }

  /// Training of a network whose architecture has its patterns, such as a gated or a linear one.
  ///
  /// - Throws: `DataError` of kind `badSettings` for other architectures.
  package init(_ problem: TrainingProblem, options: GivenPatterns.Options = .init()) throws(DataError) {
    guard problem.outputs == 1, let atoms = problem.atoms as? any PatternedAtoms else {
      throw problem.lacks("training without given patterns")
    }
    kind = .patterned(atoms)
    self.problem = problem
    patterns = atoms.patterns
    isCutShort = false
    self.options = options
  }

  /// Trains until the gap is shown or a limit or `stop` ends the run; the answer is honest in any case.
  ///
  /// - Parameter checkpoints: where the run begins and what becomes of its states, as for `WorkingSet`.
  package func train(
    stop: StopSignal = StopSignal(), checkpoints: Checkpoints? = nil,
    progress: (TrainingProgress) -> Void = { _ in }
  ) -> TrainingOutcome {
    switch kind {
    case .cones(let atoms):
      let solution = solve(.relu, stop, checkpoints, progress)
      return outcome(
        solution, solution.network(for: problem, atoms),
        Certifier(problem, patterns: patterns, multipliers: solution.multipliers), stop)
    case .patterned(let atoms):
      let solution = solve(.gated, stop, checkpoints, progress)
      let network = atoms.network(
        of: solution.parts, offset: problem.hasOffset ? solution.offset : nil)
      return outcome(solution, network, Certifier(problem, threads: options.threads), stop)
    }
  }

  private func solve(
    _ form: GivenPatterns.Form, _ stop: StopSignal, _ checkpoints: Checkpoints?,
    _ progress: (TrainingProgress) -> Void
  ) -> GivenPatternsSolution {
    let program = GivenPatterns(problem, patterns: patterns, form: form, options: options)
    return program.solve(stop: stop, checkpoints: checkpoints) { round in
      progress(
        TrainingProgress(
          iteration: round.iteration, workingSet: round.active, unit: .patterns, objective: round.objective,
          lowerBound: round.lowerBound, nodes: 0))
    }
  }

  private func outcome(
    _ solution: GivenPatternsSolution, _ network: any Network, _ certifier: Certifier, _ stop: StopSignal
  ) -> TrainingOutcome {
    let certificate = certifier.certify(network, dualPoint: solution.dualPoint, gap: options.gap).certificate
    let status: SolverStatus =
      certificate.relativeGap > options.gap
      ? solution.status : isCutShort ? stop.ending : .solved
    return TrainingOutcome(
      network: network, certificate: certificate, status: status, method: .givenPatterns,
      workingSet: patterns.count, iterations: solution.iterations, rank: solution.rank,
      chambers: nil)
  }
}

extension Certifier {
  /// A certifier for ReLU networks on patterns, with multipliers of their cones that a solver found.
  init(
    _ problem: TrainingProblem, patterns: PatternSet, multipliers: [ConeMultipliers], threads: Int = 1
  ) {
    guard let restriction = PatternRestriction(patterns, multipliers: multipliers),
      let certifier = try? Certifier(problem, restrictedTo: restriction, threads: threads)
    else { preconditionFailure("the solver's multipliers are of its own patterns") }
    self = certifier
  }
}
