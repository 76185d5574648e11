import Foundation
import Testing

/// Paths, cross-validations and studies that are cut short and go on.
@Suite struct KeptWorkTests {
  private static let data = [
    "fertility.csv", "--target", "target", "--features", "age,alcohol,hours_sitting", "--bias",
    "--standardize", "--threads", "1", "--quiet",
  ]
  private static let path = ["path"] + data + ["--betas", "8", "--gap", "1e-5", "--table", "path.csv"]
  private static let cv =
    ["cv"] + data + ["--folds", "6", "--betas", "6", "--fold-gap", "1e-4", "--predictions", "oof.csv"]
  private static let kept = ["--checkpoint", "run.json", "--checkpoint-interval", "0", "--resume"]

  /// All that a folder of a path holds, but for what a kill within a write left hidden.
  private func contents(_ name: String, in folder: TemporaryFolder) throws -> [String: [UInt8]] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.file(name))
      .filter { !$0.hasPrefix(".") }
    return try Dictionary(
      uniqueKeysWithValues: names.map { ($0, try folder.read("\(name)/\($0)")) })
  }

  @Test(arguments: [["--prove", "all"], ["--prove", "some"], ["--architecture", "linear"]])
  func killedPathsGoOnToTheSameBytes(setting: [String]) throws {
    let folder = try TemporaryFolder(.fertility)
    let arguments = Self.path + setting
    let straight = try Program.run(arguments + ["--output", "straight"], in: folder)
    expectStatus(0, straight)
    let table = try folder.read("path.csv")
    for seconds in [0, 0.01, 0.05, 0.1] {
      try Program.kill(
        arguments + ["--output", "resumed"] + Self.kept, in: folder, after: seconds, of: "run.json")
    }
    let resumed = try Program.run(arguments + ["--output", "resumed"] + Self.kept, in: folder)
    expectStatus(0, resumed)
    #expect(resumed.output == straight.output)
    #expect(try folder.read("path.csv") == table)
    let models = try contents("resumed", in: folder)
    #expect(try models.count == 16 && models == contents("straight", in: folder))
    // One that is done stays as it is.
    expectStatus(0, try Program.run(arguments + ["--output", "again"] + Self.kept, in: folder))
    #expect(try contents("again", in: folder) == models)
  }

  @Test func aPathIsCutByItsTimeAndGoesOn() throws {
    let folder = try TemporaryFolder(.fertility)
    expectStatus(0, try Program.run(Self.path, in: folder))
    let table = try folder.read("path.csv")
    let cut = try Program.run(
      Self.path + Self.kept + ["--json"], in: folder, interruptedOnce: "run.json")
    #expect(cut.status != nil)
    expectStatus(0, try Program.run(Self.path + Self.kept, in: folder))
    // What an interrupt left in the middle of a round may take another course to the same gap.
    #expect(try folder.read("path.csv").count > table.count / 2)
  }

  @Test func killedFoldsAreNotTrainedAgain() throws {
    let folder = try TemporaryFolder(.fertility)
    let straight = try Program.run(Self.cv, in: folder)
    expectStatus(0, straight)
    let predictions = try folder.read("oof.csv")
    for seconds in [0, 0.02, 0.1] {
      try Program.kill(Self.cv + Self.kept, in: folder, after: seconds, of: "run.json")
    }
    let before = try JSONValue(try folder.read("run.json"))
    #expect(before["checkpoint"]?["state"]?["fits"]?.elements.isEmpty == false)
    expectStatus(0, try Program.run(Self.cv + Self.kept, in: folder))
    #expect(try folder.read("oof.csv") == predictions)
    let after = try JSONValue(try folder.read("run.json"))
    #expect(after["checkpoint"]?["state"]?["fits"]?.elements.count == 6)
  }

  /// What would give other numbers is refused, with what differs.
  @Test(arguments: [
    (path, ["--gap", "1e-3"], "gap 0.001 here but 1e-05 there"),
    (path, ["--betas", "3"], "values of beta 3 down to 0.01 of beta_max here"),
    (path, ["--prove", "none"], "proofs none here but all there"),
    (cv, ["--folds", "3"], "folds "),
    (cv, ["--seed", "4"], "seed 4 here but 0 there"),
  ]) func otherWorkIsRefused(arguments: [String], change: [String], difference: String) throws {
    let folder = try TemporaryFolder(.fertility)
    expectStatus(0, try Program.run(arguments + Self.kept, in: folder))
    let run = try Program.run(arguments + Self.kept + change, in: folder)
    expectStatus(65, run)
    #expect(run.errors.contains("the checkpoint is of another run: \(difference)"), "\(run.errors)")
  }

  @Test func mergedPartsKeepNothing() throws {
    let folder = try TemporaryFolder(.fertility)
    let run = try Program.run(Self.cv + ["--merge", "a.json", "--checkpoint", "run.json"], in: folder)
    expectStatus(64, run)
    #expect(run.errors.contains("--merge trains no folds to keep; leave out --checkpoint"))
  }

  @Test func wholeStudiesAreNotRunAgain() throws {
    let folder = try TemporaryFolder()
    let study = ["reproduce", "w25-fig8", "--out", "out", "--resume"]
    let first = try Program.run(study, in: folder)
    expectStatus(0, first)
    let finals = try folder.read("out/w25-fig8/finals.csv")
    let second = try Program.run(study, in: folder)
    expectStatus(0, second)
    #expect(second.output == first.output)
    #expect(second.errors == "w25-fig8: its folder is whole, left as it is\n")
    // Seconds differ from run to run, so equal bytes are those of the first.
    #expect(try folder.read("out/w25-fig8/finals.csv") == finals)
    let other = try Program.run(study + ["--seed", "1"], in: folder)
    expectStatus(0, other)
    #expect(!other.errors.contains("left as it is"))
    try folder.write("{", to: "out/w25-fig8/settings.json")
    let damaged = try Program.run(study, in: folder)
    expectStatus(0, damaged)
    #expect(!damaged.errors.contains("left as it is"))
  }
}
