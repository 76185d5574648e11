import BidualLinear
import BidualModels

/// Training to a proven optimum by what suits the problem: a closed form where there is one, else a working set of
/// pieces, or of rays for atoms that rays suffice for.
package struct ExactTraining: Solver {
  /// The exact methods for the problem, by their preference after the closed forms.
  private let problem: TrainingProblem
  private let options: WorkingSet.Options
  private let betaMax: Double?

  /// Whether a run that searches can go on from another's state.
  package static var resumes: Bool { WorkingSet.resumes }

  /// Problems of atoms with pieces, or with rays that suffice.
  package static func check(_ problem: TrainingProblem) throws(DataError) {
    guard problem.atoms is any PiecewiseAtoms || (problem.atoms as? any RayAtoms)?.raysSuffice == true else {
      throw problem.lacks("exact training", remedy: "see which methods there are for it")
    }
  }

  /// Training of a problem.
  ///
  /// - Parameter betaMax: the problem's β_max, if known.
  /// - Throws: `DataError` as `check`.
  package init(_ problem: TrainingProblem, options: WorkingSet.Options, betaMax: Double? = nil)
    throws(DataError)
  {
    try Self.check(problem)
    self.problem = problem
    self.options = options
    self.betaMax = betaMax
  }

  /// Trains as `Solver` says.
  package func train(
    stop: StopSignal = StopSignal(), checkpoints: Checkpoints? = nil,
    progress: (TrainingProgress) -> Void = { _ in }
  ) throws(DataError) -> TrainingOutcome {
    let closed = ClosedForms(problem, options: options)
    if let outcome = closed.train(betaMax: betaMax, stop: stop, progress: progress) { return outcome }
    guard problem.atoms is any PiecewiseAtoms else {
      return try CliffordLasso(problem, options: options).train(stop: stop, progress: progress)
    }
    return try WorkingSet(problem, options: options)
      .train(stop: stop, checkpoints: checkpoints, progress: progress)
  }
}
