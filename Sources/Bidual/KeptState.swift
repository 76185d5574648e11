import BidualIO
import BidualModels

/// The states of long work in a file: the one that it goes on from, and those to come.
struct KeptState<State: Codable & Sendable>: Sendable {
  private let policy: CheckpointPolicy
  private let subject: CheckpointSubject
  private let file: CheckpointFile<State>?
  private let clock = ContinuousClock.now

  /// Reads what work about `subject` goes on from, if the policy says so, and finds out whether states can be written.
  ///
  /// - Throws: `DataError` of kind `badData` or `cannotWrite`.
  init(_ policy: CheckpointPolicy, about subject: CheckpointSubject) throws(DataError) {
    self.policy = policy
    self.subject = subject
    try AtomicFile.check(policy.path)
    file =
      policy.resumes && AtomicFile.exists(policy.path)
      ? try CheckpointFile(path: policy.path, of: subject) : nil
  }

  /// The state to go on from; nil where there is none.
  var start: State? { file?.state }

  /// β_max of the data, if earlier work found it.
  var betaMax: Double? { file?.betaMax }

  /// Seconds that earlier work took.
  var earlierSeconds: Double { file?.seconds ?? 0 }

  /// Writes a state; one that can't be written is told, and work goes on.
  func save(_ state: State, betaMax: Double? = nil) {
    let seconds = earlierSeconds + (ContinuousClock.now - clock) / .seconds(1)
    let file = CheckpointFile(subject: subject, betaMax: betaMax, seconds: seconds, state: state)
    do throws(DataError) {
      try file.write(to: policy.path)
    } catch {
      policy.onFailure(error)
    }
  }
}
