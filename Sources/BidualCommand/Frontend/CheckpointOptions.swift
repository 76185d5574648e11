import ArgumentParser
import Bidual

/// Where a run leaves checkpoints, and whether it goes on from one.
struct CheckpointOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Keep the state of the run in a file, to go on from after a crash.", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var checkpoint: String?
  @Option(help: ArgumentHelp("The least time from one checkpoint to the next.", valueName: "seconds"))
  var checkpointInterval = 30.0
  @Flag(help: "Go on from the checkpoint, if there is one. The time limit is for this run alone.")
  var resume = false

  func validate() throws {
    guard checkpoint != nil || !resume else {
      throw ValidationError("--resume needs --checkpoint: name the file to go on from")
    }
    guard checkpointInterval.isFinite, checkpointInterval >= 0 else {
      throw ValidationError("--checkpoint-interval is \(checkpointInterval); give seconds from 0 on")
    }
  }

  /// The policy for the library; says so where there is nothing to go on from yet.
  func policy() -> CheckpointPolicy? {
    guard let checkpoint else { return nil }
    if resume, !AtomicFile.exists(checkpoint) {
      Console.note("bidual: there is no checkpoint '\(checkpoint)' yet: starting afresh")
    }
    return CheckpointPolicy(
      path: checkpoint, every: .seconds(min(checkpointInterval, Fit.longestWait)), resumes: resume,
      onFailure: { Console.note("bidual: no checkpoint: \($0); training goes on") })
  }
}
