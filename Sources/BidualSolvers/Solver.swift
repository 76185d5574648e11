import BidualArrangements
import BidualLinear
import BidualModels

/// A method of training: what it needs of a problem, and a run of it.
package protocol Solver: Sendable {
  /// Whether a run can go on from a state that another one left.
  static var resumes: Bool { get }

  /// Refuses problems that the method is not made for, before any work is done.
  ///
  /// - Throws: `DataError` of kind `badSettings` that says what is missing.
  static func check(_ problem: TrainingProblem) throws(DataError)

  /// Trains until what was asked for is reached, or a limit or `stop` ends the run; the answer is honest in any case.
  ///
  /// - Parameter checkpoints: where the run begins and what becomes of its states, for solvers that go on from one.
  /// - Throws: `DataError` for data that the method can't take on, such as too many chambers to list.
  func train(stop: StopSignal, checkpoints: Checkpoints?, progress: (TrainingProgress) -> Void)
    throws(DataError) -> TrainingOutcome
}

/// A method whose runs are taken at one go.
package protocol UninterruptedSolver: Solver {
  /// Trains as `Solver` says.
  func train(stop: StopSignal, progress: (TrainingProgress) -> Void) throws(DataError) -> TrainingOutcome
}

extension UninterruptedSolver {
  /// It can't.
  package static var resumes: Bool { false }

  /// Trains; checkpoints play no part.
  package func train(stop: StopSignal, checkpoints: Checkpoints?, progress: (TrainingProgress) -> Void)
    throws(DataError) -> TrainingOutcome
  {
    try train(stop: stop, progress: progress)
  }
}

extension DataError {
  /// What an arrangement that could not be listed means for training.
  init(_ error: ArrangementError) {
    let text =
      if case .tooManyChambers(let limit) = error {
        "the data have more than \(limit) chambers, too many to list at once; use the adaptive patterns, which are exact too"
      } else {
        "the arrangement of the data: \(error)"
      }
    self.init(.badData, text)
  }
}
