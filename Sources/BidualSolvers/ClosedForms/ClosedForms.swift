import BidualCertificates
import BidualLinear
import BidualModels

/// The problems that need no search for chambers, each solved in its own way: β ≥ β_max, whitened data with
/// the squared loss, spike-free data.
///
/// Where none applies, finding out costs a few matrix products at most, and next to nothing for more
/// samples than features.
package struct ClosedForms: Sendable {
  /// What to train.
  package let problem: TrainingProblem
  /// When to stop.
  package let options: WorkingSet.Options

  /// The closed forms of a problem.
  package init(_ problem: TrainingProblem, options: WorkingSet.Options = .init()) {
    self.problem = problem
    self.options = options
  }

  /// The optimal network by the first method that applies, with its certificate; nil if none does.
  ///
  /// - Parameter betaMax: the problem's β_max, if known.
  package func train(
    betaMax: Double? = nil, stop: StopSignal = StopSignal(), progress: (TrainingProgress) -> Void = { _ in }
  ) -> TrainingOutcome? {
    guard let outcome = first(betaMax, stop) else { return nil }
    progress(
      TrainingProgress(
        iteration: outcome.iterations, workingSet: outcome.workingSet, unit: .neurons,
        objective: outcome.certificate.objective, lowerBound: outcome.certificate.lowerBound, nodes: 0))
    return outcome
  }

  private func first(_ betaMax: Double?, _ stop: StopSignal) -> TrainingOutcome? {
    if let betaMax, problem.beta >= betaMax,
      let outcome = ZeroNetwork(problem, options: options).train(stop: stop)
    {
      return outcome
    }
    if let outcome = WhitenedSquares(problem, options: options)?.train(stop: stop),
      outcome.status == .solved
    {
      return outcome
    }
    return SpikeFreeProgram(problem, options: options)?.train(stop: stop)
  }
}
