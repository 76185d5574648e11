import Testing

/// Runs that end before the gap asked for is proven: exit code 2, files written, bounds true.
@Suite struct UnfinishedTests {
  /// Hours of work, were it not for the limits.
  static let longJob = [
    "fit", "breast_tissue.csv", "--target", "target", "--bias", "--standardize", "--gap", "1e-12", "--json",
    "--output", "model.json", "--certificate", "certificate.json",
  ]

  /// Expects honest bounds in the report and in files that `verify` accepts.
  private func expectHonest(
    _ run: Program.Run, _ data: BundledData, status: String, gap: Double, in folder: TemporaryFolder,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    expectStatus(2, run, sourceLocation: sourceLocation)
    let report = try JSONValue(run.output)
    #expect(report["status"] == .text(status), sourceLocation: sourceLocation)
    #expect(report["scope"] == .text("global"), sourceLocation: sourceLocation)
    let objective = try #require(report["objective"]?.double)
    let lowerBound = try #require(report["lowerBound"]?.double)
    #expect(lowerBound <= objective && lowerBound >= 0, sourceLocation: sourceLocation)
    #expect(try #require(report["relativeGap"]?.double) > gap, sourceLocation: sourceLocation)
    let model = try NaiveModel(try folder.read("model.json"))
    #expect(
      abs(model.objective(try data.table) - objective) <= 1e-9 * objective, sourceLocation: sourceLocation)
    let verified = try Program.run(
      ["verify", "model.json", "certificate.json", data.file, "--json"], in: folder)
    expectStatus(0, verified, sourceLocation: sourceLocation)
    let proven = try JSONValue(verified.output)
    #expect(proven["verified"] == .flag(true), sourceLocation: sourceLocation)
    #expect(proven["objective"] == report["objective"], sourceLocation: sourceLocation)
    #expect(
      try #require(proven["lowerBound"]?.double) <= objective, sourceLocation: sourceLocation)
  }

  @Test(arguments: ["0.001", "0.5"])
  func timeLimit(seconds: String) throws {
    let folder = try TemporaryFolder(.breastTissue)
    let run = try Program.run(Self.longJob + ["--time-limit", seconds], in: folder)
    #expect(run.errors == "")
    try expectHonest(run, .breastTissue, status: "timeLimit", gap: 1e-12, in: folder)
    #expect(try folder.names == ["breast_tissue.csv", "model.json", "certificate.json"])
  }

  @Test func interrupt() throws {
    let folder = try TemporaryFolder(.breastTissue)
    let run = try Program.run(
      Self.longJob + ["--log", "log.jsonl"], in: folder, interruptedOnce: "log.jsonl")
    #expect(run.errors == "\nbidual: stopping with the best network so far; once more to give up\n")
    try expectHonest(run, .breastTissue, status: "stoppedByCaller", gap: 1e-12, in: folder)
    #expect(try folder.names == ["breast_tissue.csv", "model.json", "certificate.json", "log.jsonl"])
  }

  @Test func iterationLimit() throws {
    let folder = try TemporaryFolder(.balloons)
    let run = try Program.run(
      [
        "fit", "balloons.csv", "--target", "target", "--bias", "--beta", "0.1", "--gap", "1e-6",
        "--max-iterations", "1", "--json", "--output", "model.json", "--certificate", "certificate.json",
      ], in: folder)
    try expectHonest(run, .balloons, status: "iterationLimit", gap: 1e-6, in: folder)
    #expect(try JSONValue(run.output)["iterations"] == .integer(1))
  }

  /// The words for people say so too.
  @Test func remark() throws {
    let folder = try TemporaryFolder(.balloons)
    let run = try Program.run(
      [
        "fit", "balloons.csv", "--target", "target", "--bias", "--beta", "0.1", "--gap", "1e-6",
        "--max-iterations", "1",
      ], in: folder)
    expectStatus(2, run)
    #expect(
      run.text.contains(
        "\nnot proven to the gap asked for (1.0e-6); scope global, status iterationLimit\n"))
    #expect(!run.text.contains("certified"))
  }
}
