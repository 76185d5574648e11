import Foundation
import Testing

/// Places that can't be written to: exit code 73 before any work, and nothing written.
@Suite struct UnwritableOutputTests {
  static let places: [(path: String, reason: String)] = [
    ("folder", "it is a folder; name a file inside it"),
    ("missing/file", "its folder does not exist; create the folder first"),
    ("balloons.csv/file", "a part of the path is a file, not a folder; check the path"),
  ]

  private func expectRefused(
    _ arguments: [String], _ place: (path: String, reason: String), in folder: TemporaryFolder,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    try FileManager.default.createDirectory(
      atPath: folder.file("folder"), withIntermediateDirectories: false)
    let before = try folder.names
    let run = try Program.run(arguments, in: folder)
    expectStatus(73, run, sourceLocation: sourceLocation)
    #expect(
      run.errors == "bidual: can't write '\(place.path)': \(place.reason)\n", sourceLocation: sourceLocation)
    #expect(run.text == "", sourceLocation: sourceLocation)
    #expect(try folder.names == before, sourceLocation: sourceLocation)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.file("folder")) == [],
      sourceLocation: sourceLocation)
  }

  /// Training on these data would outlast the patience of a run.
  @Test(arguments: ["--output", "--certificate", "--log"], places)
  func fitRefusesBeforeTraining(option: String, place: (path: String, reason: String)) throws {
    let folder = try TemporaryFolder(.breastTissue, .balloons)
    let other = option == "--output" ? "--certificate" : "--output"
    try expectRefused(
      [
        "fit", "breast_tissue.csv", "--target", "target", "--bias", "--standardize", "--gap", "1e-12",
        other, "other.json", option, place.path,
      ], place, in: folder)
  }

  /// The data are not even there.
  @Test(arguments: ["--output", "--certificate"])
  func fitRefusesBeforeReading(option: String) throws {
    try expectRefused(
      ["fit", "nowhere.csv", "--target", "target", option, "folder"], Self.places[0],
      in: try TemporaryFolder())
  }

  @Test(arguments: places)
  func predictRefuses(place: (path: String, reason: String)) throws {
    try expectRefused(
      ["predict", "model.json", "balloons.csv", "--output", place.path], place,
      in: try Trained.balloons.folder())
  }

  @Test func emptyPathIsRefused() throws {
    let folder = try TemporaryFolder(.balloons)
    let run = try Program.run(["fit", "balloons.csv", "--target", "target", "--output", ""], in: folder)
    expectStatus(73, run)
    #expect(run.errors == "bidual: can't write to an empty path; name a file\n")
  }

  @Test(.enabled(if: getuid() != 0, "the superuser may write everywhere"))
  func closedFolderIsRefused() throws {
    let folder = try TemporaryFolder(.balloons)
    try FileManager.default.setAttributes([.posixPermissions: 0o500], ofItemAtPath: folder.path)
    let run = try Program.run(
      ["fit", "balloons.csv", "--target", "target", "--output", "model.json"], in: folder)
    expectStatus(73, run)
    #expect(
      run.errors
        == "bidual: can't write 'model.json': permission denied; change the permissions or choose another path\n"
    )
    #expect(try folder.names == ["balloons.csv"])
  }

  @Test func existingFilesAreReplacedAndLinksKept() throws {
    let folder = try TemporaryFolder(.balloons)
    try folder.write("old", to: "real.json")
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("link.json"), withDestinationPath: "real.json")
    let run = try Program.run(
      ["fit", "balloons.csv", "--target", "target", "--output", "link.json"], in: folder)
    expectStatus(0, run)
    #expect(try NaiveModel(try folder.read("real.json")).target == "target")
    #expect(try folder.names == ["balloons.csv", "real.json", "link.json"])
    #expect(
      try FileManager.default.destinationOfSymbolicLink(atPath: folder.file("link.json")) == "real.json")
  }
}
