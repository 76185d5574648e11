import Foundation
import Testing

/// Runs that are killed and go on, and checkpoints that are not taken up.
@Suite struct CheckpointTests {
  private static let adam = [
    "fit", "breast_tissue.csv", "--target", "target", "--bias", "--standardize", "--features", "i0,pa500",
    "--method", "adam", "--width", "30", "--epochs", "100", "--batch-size", "16", "--threads", "1", "--quiet",
  ]
  private static let exact = [
    "fit", "fertility.csv", "--target", "target", "--bias", "--standardize", "--features",
    "age,alcohol,hours_sitting", "--beta-ratio", "0.01", "--gap", "1e-6", "--threads", "1", "--quiet",
  ]
  private static let adaptive = [
    "fit", "breast_tissue.csv", "--target", "target", "--bias", "--standardize", "--method", "local",
    "--beta-ratio", "0.001", "--gap", "1e-9", "--max-iterations", "12", "--threads", "1", "--quiet",
  ]
  private static let classes = [
    "fit", "breast_tissue.csv", "--target", "target", "--loss", "softmax", "--bias", "--standardize",
    "--features", "i0,pa500,hfs", "--method", "local", "--beta-ratio", "0.01", "--gap", "1e-9",
    "--max-iterations", "8", "--threads", "1", "--quiet",
  ]
  private static let coned =
    classes.filter { $0 != "--method" && $0 != "local" } + ["--patterns", "gaussian:40"]
  private static let deep = [
    "fit", "fertility.csv", "--target", "target", "--loss", "softmax", "--features", "age,hours_sitting",
    "--bias", "--standardize", "--architecture", "three-layer", "--width", "2", "--method", "local",
    "--beta-ratio", "0.05", "--gap", "1e-9", "--max-iterations", "5", "--threads", "1", "--quiet",
  ]
  private static let given = exact + ["--patterns", "gaussian:300"]
  private static let all = [
    "fit", "fertility.csv", "--target", "target", "--bias", "--standardize", "--features", "age,alcohol",
    "--beta-ratio", "0.01", "--gap", "1e-6", "--patterns", "all", "--threads", "1", "--quiet",
  ]
  private static let narrow = [
    "fit", "fertility.csv", "--target", "target", "--features", "age,hours_sitting", "--bias",
    "--standardize", "--architecture", "three-layer", "--width", "2", "--subnetworks", "2", "--beta-ratio",
    "0.02", "--max-iterations", "3", "--threads", "1", "--quiet",
  ]
  private static let kept = ["--checkpoint", "run.json", "--checkpoint-interval", "0"]

  private func folder() throws -> TemporaryFolder {
    try TemporaryFolder(.balloons, .fertility, .breastTissue)
  }

  @Test(arguments: [adam, exact, adaptive, classes, coned, deep, given, all, narrow])
  func killedRunsGoOnToTheSameBytes(
    arguments: [String]
  )
    throws
  {
    let folder = try folder()
    let straight = try Program.run(
      arguments + ["--output", "straight.json", "--certificate", "straight.cert"], in: folder)
    #expect(straight.status != nil)
    for seconds in [0, 0.003, 0.02, 0.05, 0.1] {
      try Program.kill(
        arguments + Self.kept + ["--resume"], in: folder, after: seconds, of: "run.json")
      let checkpoint = try JSONValue(try folder.read("run.json"))
      #expect(checkpoint["format"] == .text("bidual-checkpoint"))
    }
    let resumed = try Program.run(
      arguments + Self.kept + ["--resume", "--output", "resumed.json", "--certificate", "resumed.cert"],
      in: folder)
    #expect(resumed.status == straight.status, "\(resumed.errors)")
    #expect(try folder.read("resumed.json") == folder.read("straight.json"))
    #expect(try folder.read("resumed.cert") == folder.read("straight.cert"))
  }

  /// Slices of a run end where the whole run ends, and their seconds add up.
  @Test func slicesAddUp() throws {
    let folder = try folder()
    let long = Self.adam + ["--epochs", "4000", "--width", "100"]
    expectStatus(2, try Program.run(long + ["--output", "straight.json"], in: folder))
    var before = 0.0
    for _ in 1...100 {
      let isFirst = try !folder.names.contains("run.json")
      let run = try Program.run(
        long + [
          "--checkpoint", "run.json", "--resume", "--time-limit", "0.4", "--json", "--output", "sliced.json",
        ], in: folder)
      expectStatus(2, run)
      #expect(
        run.errors
          == (isFirst ? "bidual: there is no checkpoint 'run.json' yet: starting afresh\n" : ""))
      let report = try JSONValue(run.output)
      let seconds = try #require(report["seconds"]?.double)
      #expect(isFirst || seconds > before)
      before = seconds
      if report["status"] != .text("timeLimit") { break }
    }
    #expect(try folder.read("sliced.json") == folder.read("straight.json"))
  }

  @Test func withoutResumeTheRunStartsAfresh() throws {
    let folder = try folder()
    try folder.write("anything", to: "run.json")
    expectStatus(0, try Program.run(Self.exact + Self.kept, in: folder))
    #expect(try JSONValue(try folder.read("run.json"))["format"] == .text("bidual-checkpoint"))
  }

  /// Limits, tolerance and threads may be others; what shapes the run may not.
  @Test(arguments: [
    (["--beta-ratio", "0.02"], "beta 0.02 of beta_max here but 0.01 of beta_max there"),
    (["--seed", "4"], "seed 4 here but 0 there"),
    (["--loss", "huber"], "loss huber(1.0) here but squared there"),
    (["--intercept"], "intercept true here but false there"),
    (["--method", "local"], "method local here but exact there"),
    (["--features", "age,alcohol"], "other data"),
  ]) func otherRunsAreRefused(change: [String], difference: String) throws {
    let folder = try folder()
    expectStatus(2, try Program.run(Self.exact + Self.kept + ["--max-iterations", "2"], in: folder))
    let before = try folder.read("run.json")
    let run = try Program.run(
      Self.exact + Self.kept + ["--resume", "--output", "model.json"] + change, in: folder)
    expectStatus(65, run)
    #expect(
      run.errors
        == "bidual: run.json: the checkpoint is of another run: \(difference); give what it was made with, or start afresh\n"
    )
    #expect(try folder.read("run.json") == before)
    #expect(try !folder.names.contains("model.json"))
    expectStatus(
      0,
      try Program.run(Self.exact + Self.kept + ["--resume", "--threads", "2", "--gap", "1e-5"], in: folder))
  }

  @Test func damagedAndForeignFilesAreRefused() throws {
    let folder = try folder()
    expectStatus(2, try Program.run(Self.exact + Self.kept + ["--max-iterations", "2"], in: folder))
    let whole = try folder.read("run.json")
    for bytes in [
      [], Array(whole.prefix(whole.count / 2)), Array(whole.dropLast(2)), Array("{}".utf8),
      Array("[1,2".utf8),
      Array(#"{"format":"bidual-checkpoint","version":9,"seal":""}"#.utf8), [0xff, 0x00],
    ] {
      try folder.write(bytes, to: "run.json")
      let run = try Program.run(Self.exact + Self.kept + ["--resume"], in: folder)
      expectStatus(65, run)
      #expect(run.errors.hasPrefix("bidual: run.json: "))
      #expect(try folder.read("run.json") == bytes)
    }
  }

  @Test(arguments: [
    (["--resume"], "--resume needs --checkpoint: name the file to go on from"),
    (
      ["--checkpoint", "run.json", "--checkpoint-interval=-1"],
      "--checkpoint-interval is -1.0; give seconds from 0 on"
    ),
    (
      ["--checkpoint", "run.json", "--checkpoint-interval", "nan"],
      "--checkpoint-interval is nan; give seconds from 0 on"
    ),
    (["--checkpoint", "fertility.csv"], "the data and --checkpoint name the same file; give two"),
    (
      ["--checkpoint", "run.json", "--output", "./run.json"],
      "--output and --checkpoint name the same file; give two"
    ),
  ]) func impossibleWishesAreRefused(arguments: [String], message: String) throws {
    let folder = try folder()
    let run = try Program.run(Self.exact + arguments, in: folder)
    expectStatus(64, run)
    #expect(run.errors.hasPrefix("Error: \(message)\n"), "\(run.errors)")
    #expect(try folder.names.count == 3)
  }

  @Test(arguments: [["--method", "clifford"], ["--method", "clifford", "--norm", "l1"]])
  func methodsThatRunThroughHaveNone(setting: [String]) throws {
    let folder = try folder()
    let run = try Program.run(Self.exact + ["--checkpoint", "run.json"] + setting, in: folder)
    expectStatus(64, run)
    #expect(run.errors.hasPrefix("bidual: there are no checkpoints for this method; "), "\(run.errors)")
    #expect(try folder.names.count == 3)
  }

  @Test func unwritablePlacesAreRefusedBeforeTraining() throws {
    let folder = try folder()
    let run = try Program.run(Self.exact + ["--checkpoint", "missing/run.json"], in: folder)
    expectStatus(73, run)
    #expect(
      run.errors
        == "bidual: can't write 'missing/run.json': its folder does not exist; create the folder first\n")
  }

  /// The log of a resumed run goes on, and says how long the run will take where that is known.
  @Test func logsGoOnAndTellTheTimeLeft() throws {
    let folder = try folder()
    let logged = Self.adam + Self.kept + ["--log", "log.jsonl"]
    expectStatus(2, try Program.run(logged + ["--epochs", "20"], in: folder))
    expectStatus(2, try Program.run(logged + ["--epochs", "40", "--resume"], in: folder))
    let lines = try folder.read("log.jsonl").split(separator: UInt8(ascii: "\n")).map {
      try JSONValue(Array($0))
    }
    #expect(lines.compactMap { $0["iteration"]?.double } == (0...40).map(Double.init))
    #expect(lines[0]["secondsLeft"] == nil)
    for line in lines {
      if let left = line["secondsLeft"]?.double { #expect(left >= 0 && left < 1000) }
    }
    #expect(lines[20]["secondsLeft"]?.double == 0 && lines[40]["secondsLeft"]?.double == 0)
    #expect(lines[10]["secondsLeft"]?.double ?? 0 > 0)
  }
}
