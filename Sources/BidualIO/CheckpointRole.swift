/// What a file of the checkpoints' format is to its reader, in the words of errors.
package struct CheckpointRole: Sendable {
  /// What the file should be.
  let noun: String
  /// What to do without it.
  let remedy: String

  /// The state of a run.
  package static let checkpoint = CheckpointRole(noun: "checkpoint", remedy: "start afresh")
  /// The share of a proof.
  package static let proofPart = CheckpointRole(noun: "part of a proof", remedy: "make it again")
  /// Some folds of a cross-validation.
  package static let foldsPart = CheckpointRole(noun: "part of a cross-validation", remedy: "make it again")
}
