import Testing

/// `--memory-limit` as a user meets it.
@Suite struct MemoryLimitTests {
  private static let fit = [
    "fit", "breast_tissue.csv", "--target", "target", "--bias", "--standardize", "--beta-ratio", "0.01",
    "--quiet",
  ]

  /// Less than the program holds when it begins: the answer is honest all the same.
  @Test(arguments: [
    [], ["--method", "local"], ["--method", "adam"], ["--patterns", "gaussian:20"],
    ["--architecture", "three-layer", "--width", "2"], ["--norm", "l1"], ["--architecture", "linear"],
    ["--loss", "softmax"], ["--loss", "softmax", "--patterns", "gaussian:20"],
    ["--loss", "softmax", "--architecture", "three-layer", "--width", "2"],
  ]) func runsStopHonestly(method: [String]) throws {
    let folder = try TemporaryFolder(.breastTissue)
    let run = try Program.run(
      Self.fit + method + [
        "--memory-limit", "1M", "--json", "--output", "model.json", "--certificate", "certificate.json",
      ], in: folder)
    expectStatus(2, run)
    let report = try JSONValue(run.output)
    #expect(report["status"] == .text("memoryLimit"), "\(method): \(run.text)")
    let objective = try #require(report["objective"]?.double)
    let bound = try #require(report["lowerBound"]?.double)
    #expect(bound <= objective)
    expectStatus(
      0, try Program.run(["verify", "model.json", "certificate.json", "breast_tissue.csv"], in: folder))
  }

  @Test func assessmentsStopHonestly() throws {
    let folder = try TemporaryFolder(.breastTissue)
    expectStatus(
      2,
      try Program.run(
        Self.fit + ["--method", "adam", "--epochs", "3", "--output", "model.json"], in: folder))
    let run = try Program.run(
      ["certify", "model.json", "breast_tissue.csv", "--memory-limit", "1M", "--json", "--quiet"], in: folder)
    expectStatus(2, run)
    #expect(try JSONValue(run.output)["status"] == .text("memoryLimit"))
  }

  /// Everything else that may run for long hears it too.
  @Test func otherCommandsStopHonestly() throws {
    let folder = try TemporaryFolder(.breastTissue)
    let data = Array(Self.fit[1...5]) + ["--quiet", "--memory-limit", "1M"]
    let path = try Program.run(["path"] + data + ["--betas", "5", "--json"], in: folder)
    expectStatus(2, path)
    #expect(try JSONValue(path.output)["missing"]?.double ?? 0 > 0)
    let cv = try Program.run(
      ["cv"] + data + ["--betas", "3", "--folds", "3", "--json", "--output", "model.json"], in: folder)
    // What little time is left may do for the network of a large beta.
    #expect(cv.status == 2 || cv.status == 0, "\(cv.errors)")
    #expect(try folder.names.contains("model.json"))
    expectStatus(
      0,
      try Program.run(
        ["fit"] + Self.fit[1...5] + [
          "--beta-ratio", "0.05", "--gap", "1e-2", "--quiet", "--certificate", "certificate.json", "--output",
          "model.json",
        ], in: folder))
    let verification = ["verify", "model.json", "certificate.json", "breast_tissue.csv", "--memory-limit"]
    expectStatus(2, try Program.run(verification + ["1M"], in: folder))
    expectStatus(0, try Program.run(verification + ["1T"], in: folder))
  }

  @Test func comparedMethodsSayThatTheyStopped() throws {
    let folder = try TemporaryFolder(.balloons)
    let run = try Program.run(
      [
        "compare", "balloons.csv", "--target", "target", "--bias", "--methods", "local adam",
        "--memory-limit",
        "1M", "--json",
      ], in: folder)
    expectStatus(0, run)
    let rows = try #require(try JSONValue(run.output)["methods"]).elements
    #expect(rows.map { $0["status"] } == [.text("memoryLimit"), .text("memoryLimit")])
    #expect(
      run.errors.contains("adam: objective ") && run.errors.contains(", stopped at the limit on memory"))
  }

  /// A study that was broken off is none: nothing of it is written, and the next run makes it.
  @Test func studiesThatAreBrokenOffAreNotWritten() throws {
    let folder = try TemporaryFolder()
    let study = ["reproduce", "w25-fig8", "--out", "out", "--resume", "--json"]
    let cut = try Program.run(study + ["--memory-limit", "1M"], in: folder)
    expectStatus(2, cut)
    #expect(cut.errors.contains("w25-fig8: broken off at the limit on memory, and not written"))
    #expect(try JSONValue(cut.output).elements.isEmpty)
    #expect(throws: (any Error).self) { try folder.read("out/w25-fig8/settings.json") }
    expectStatus(0, try Program.run(study + ["--memory-limit", "1T"], in: folder))
    #expect(try !folder.read("out/w25-fig8/settings.json").isEmpty)
  }

  @Test func whatIsEnoughIsNoLimit() throws {
    let folder = try TemporaryFolder(.balloons)
    let run = try Program.run(
      ["fit", "balloons.csv", "--target", "target", "--bias", "--memory-limit", "0.5T", "--quiet"], in: folder
    )
    expectStatus(0, run)
  }

  @Test(arguments: ["0", "-1", "4X", "4GG", "nan", "1e400", "G", "", "0.0000001K", "٣G"])
  func sizesThatAreNone(size: String) throws {
    for command in [
      ["fit", "balloons.csv", "--target", "target"], ["certify", "model.json", "balloons.csv"],
    ] {
      let run = try Program.run(command + ["--memory-limit=\(size)"], in: try TemporaryFolder(.balloons))
      expectStatus(64, run)
      #expect(run.errors.contains("--memory-limit"), "\(run.errors)")
    }
  }
}
