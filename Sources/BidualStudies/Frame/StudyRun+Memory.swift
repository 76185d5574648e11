import Bidual

/// That a study held more memory than it may: what it has found by then is not what it is about.
package struct StudyOverMemory: Error {}

/// Limits of the runs in a study.
extension StudyRun {
  /// A signal that ends a run after so many seconds, or at the limit on memory.
  func stop(after seconds: Double?) -> StopSignal {
    StopSignal(timeLimit: seconds.map { .seconds($0) }, memory: memory)
  }

  /// Ends the study where the limit on memory has ended a run of it.
  ///
  /// - Throws: `StudyOverMemory`.
  func checkMemory() throws {
    if memory?.isPassed ?? false { throw StudyOverMemory() }
  }
}
