import Testing

/// `path` as a user meets it.
@Suite struct PathTests {
  private func run(_ more: [String], in folder: TemporaryFolder) throws -> Program.Run {
    try Program.run(
      [
        "path", "fertility.csv", "--target", "target", "--features", "age,hours_sitting", "--bias",
        "--standardize", "--gap", "1e-3", "--quiet",
      ] + more, in: folder)
  }

  @Test func modelsAndCertificatesAreVerified() throws {
    let folder = try TemporaryFolder(.fertility)
    let run = try run(
      ["--betas", "10", "--output", "models", "--table", "path.csv", "--json"], in: folder)
    expectStatus(0, run)
    let report = try JSONValue(run.output)
    let points = try #require(report["points"]).elements
    #expect(points.count == 10 && report["missing"]?.double == 0)
    for point in points {
      let lower = try #require(point["lowerBound"]?.double)
      #expect(lower <= (try #require(point["upperBound"]?.double)))
      #expect(try #require(point["relativeGap"]?.double) <= 1e-3)
    }
    for name in ["01", "10"] {
      expectStatus(
        0,
        try Program.run(
          ["verify", "models/model-\(name).json", "models/certificate-\(name).json", "fertility.csv"],
          in: folder))
    }
    #expect(String(decoding: try folder.read("path.csv"), as: UTF8.self).split(separator: "\n").count == 11)
  }

  @Test func withoutProofsNoneIsAskedFor() throws {
    let folder = try TemporaryFolder(.fertility)
    let run = try run(["--beta-list", "1,5", "--prove", "none"], in: folder)
    expectStatus(0, run)
    #expect(run.text.split(separator: "\n").count == 3)
  }

  @Test(arguments: [
    (["--betas", "1"], 64, "--betas is 1; give from 2 to 10000"),
    (["--beta-min-ratio", "1"], 64, "--beta-min-ratio is 1.0; give a fraction between 0 and 1"),
    (["--beta-list", "3,3"], 64, "beta 3.0 stands twice"),
    (["--beta-list=-1"], 64, "give positive numbers"),
    (["--output", "fertility.csv"], 73, "fertility.csv"),
    (["--table", "no/table.csv"], 73, "no/table.csv"),
  ]) func commandLinesThatAreWrong(arguments: [String], status: Int, message: String) throws {
    let folder = try TemporaryFolder(.fertility)
    let run = try run(arguments, in: folder)
    expectStatus(Int32(status), run)
    #expect(run.errors.contains(message), "\(run.errors)")
    #expect(try folder.names == ["fertility.csv"])
  }
}
