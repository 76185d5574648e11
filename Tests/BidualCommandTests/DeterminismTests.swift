import Testing

/// The same input, settings, seed and number of threads give the same bytes.
@Suite struct DeterminismTests {
  @Test(
    arguments: [
      ["balloons.csv", "--bias", "--beta", "0.1"],
      ["fertility.csv", "--bias", "--standardize", "--features", "age,alcohol,hours_sitting"],
      ["breast_tissue.csv", "--bias", "--standardize", "--features", "i0,pa500"],
      ["balloons.csv", "--patterns", "all", "--seed", "7"],
    ], ["1", "2"])
  func twoRunsWriteTheSameBytes(arguments: [String], threads: String) throws {
    let folder = try TemporaryFolder(.balloons, .fertility, .breastTissue)
    for round in ["first", "second"] {
      let run = try Program.run(
        ["fit"] + arguments
          + [
            "--target", "target", "--gap", "1e-6", "--threads", threads, "--output", "\(round).model",
            "--certificate", "\(round).certificate",
          ], in: folder)
      expectStatus(0, run)
    }
    #expect(try folder.read("first.model") == folder.read("second.model"))
    #expect(try folder.read("first.certificate") == folder.read("second.certificate"))
    #expect(try !folder.read("first.model").isEmpty && !folder.read("first.certificate").isEmpty)
  }
}
