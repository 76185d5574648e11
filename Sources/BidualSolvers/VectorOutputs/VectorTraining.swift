import BidualCertificates
import BidualLinear
import BidualModels
import BidualPolars

/// Training of two-layer ReLU networks with several outputs to a proven global optimum (SEPP21).
///
/// By the closed form where there is one (`SoftThresholdedSVD`), else in rounds of column generation on the gauge of the atoms (Xu)₊gᵀ: directions u with ‖Vᵀ(Xu)₊‖ > β at the dual point V, found by
/// `VectorPricing`, join the network as neurons; all neurons descend together (`VectorDescent`) and are brought to a
/// stationary point at high accuracy (`VectorNewton`). When pricing finds nothing that pays any more, the certifier
/// either proves that nothing does or names a direction that does. With the local gap as aim a harder search stands in for the
/// closed form and the proof.
package struct VectorTraining: Solver {
  private let problem: TrainingProblem
  private let atoms: VectorReLUAtoms
  private let options: WorkingSet.Options

  /// It can.
  package static var resumes: Bool { true }

  /// Problems of two-layer ReLU networks with several outputs.
  package static func check(_ problem: TrainingProblem) throws(DataError) { _ = try required(problem) }

  private static func required(_ problem: TrainingProblem) throws(DataError) -> VectorReLUAtoms {
    guard let atoms = problem.atoms as? VectorReLUAtoms else {
      throw problem.lacks("training of several outputs")
    }
    return atoms
  }

  /// A solver for a problem.
  ///
  /// - Throws: `DataError` as `check`.
  package init(_ problem: TrainingProblem, options: WorkingSet.Options = WorkingSet.Options())
    throws(DataError)
  {
    atoms = try Self.required(problem)
    self.problem = problem
    self.options = options
  }

  /// Trains until the gap is reached or a limit or `stop` ends the run; the answer is honest in any case.
  ///
  /// Of a time limit the last tenth is kept for the proof, if none has begun before.
  ///
  /// - Parameter checkpoints: where the run begins and what becomes of its states, as for `WorkingSet`.
  package func train(
    stop: StopSignal = StopSignal(), checkpoints: Checkpoints? = nil,
    progress: (TrainingProgress) -> Void = { _ in }
  ) -> TrainingOutcome {
    if options.aim == .proof, let closed = try? SoftThresholdedSVD(problem, options: options) {
      let outcome = closed.train(stop: stop, progress: progress)
      if outcome.status == .solved { return outcome }
    }
    var run = VectorTrainingRun(problem, atoms: atoms, options: options, stop: stop)
    if case .vectorOutputs(let start)? = checkpoints?.start {
      run.restore(start)
    } else if case .vectorOutputs(let neighbour)? = checkpoints?.neighbour {
      run.begin(near: neighbour)
    } else {
      run.open(problem)
    }
    var status: SolverStatus?
    var state = run.snapshot
    while status == nil {
      // What a run goes on from to end as this one does: a round that ends it is taken again.
      state = run.snapshot
      if run.isSettled {
        status = options.aim == .proof ? .solved : .localGapReached
      } else if run.round >= options.maximumIterations {
        status = .iterationLimit
      } else {
        checkpoints?.offer(.vectorOutputs(state))
        status = run.advance(progress)
      }
    }
    let wasCut = status?.isStop ?? false
    checkpoints?.leave(.vectorOutputs(wasCut ? run.snapshot : state))
    return run.outcome(status ?? .iterationLimit)
  }
}
