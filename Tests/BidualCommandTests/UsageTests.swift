import Testing

/// Command lines that ask for the impossible: exact message, exit code 64, and nothing written.
@Suite struct UsageTests {
  @Test(arguments: [
    (["--beta", "0"], "--beta is 0.0; give a positive number"),
    (["--beta=-1"], "--beta is -1.0; give a positive number"),
    (["--beta", "nan"], "--beta is nan; give a positive number"),
    (["--beta", "inf"], "--beta is inf; give a positive number"),
    (["--beta", "much"], "The value 'much' is invalid for '--beta <beta>'"),
    (["--beta-ratio", "0"], "--beta-ratio is 0.0; give a positive number"),
    (["--beta-ratio=-0.5"], "--beta-ratio is -0.5; give a positive number"),
    (["--beta-ratio", "nan"], "--beta-ratio is nan; give a positive number"),
    (["--beta", "1", "--beta-ratio", "0.1"], "give --beta or --beta-ratio, not both"),
    (["--gap", "nan"], "--gap is nan; give a positive number"),
    (["--gap", "0"], "--gap is 0.0; give a positive number"),
    (["--gap=-1e-4"], "--gap is -0.0001; give a positive number"),
    (["--gap", "inf"], "--gap is inf; give a positive number"),
    (["--time-limit=-1"], "--time-limit is -1.0; give a positive number"),
    (["--time-limit", "0"], "--time-limit is 0.0; give a positive number"),
    (["--time-limit", "nan"], "--time-limit is nan; give a positive number"),
    (["--max-iterations", "0"], "--max-iterations is 0; give at least 1"),
    (["--threads", "0"], "--threads is 0; give at least 1"),
    (["--threads=-2"], "--threads is -2; give at least 1"),
    (["--threads", "1000000000"], "--threads is 1000000000; give at most 1024"),
    (["--seed=-1"], "The value '-1' is invalid for '--seed <seed>'"),
    (["--unknown"], "Unknown option '--unknown'"),
    (
      ["--loss", "cubic"],
      "The value 'cubic' is invalid for '--loss <loss>'. Please provide one of the following:"
    ),
    (
      ["--architecture", "deep"],
      "The value 'deep' is invalid for '--architecture <architecture>'. Please provide one of the following:"
    ),
    (
      ["--filter", "2,2"],
      "--filter goes with --architecture relu-convolution, linear-convolution or locally-connected; leave it out"
    ),
    (
      ["--architecture", "circular-convolution", "--image-shape", "1,1,4"],
      "--image-shape goes with --architecture relu-convolution, linear-convolution or locally-connected; leave it out"
    ),
    (
      ["--architecture", "linear-convolution", "--pooling", "sum"],
      "--pooling goes with --architecture relu-convolution; leave it out"
    ),
    (
      ["--architecture", "relu-convolution", "--filter", "1,2"],
      "--architecture relu-convolution needs --image-shape; give it"
    ),
    (
      ["--architecture", "relu-convolution", "--image-shape", "1,2,2", "--filter", "2"],
      "--filter takes two numbers: height and width"
    ),
    (
      ["--architecture", "relu-convolution", "--image-shape", "1,2,2", "--filter", "2,2", "--stride", "0"],
      "the stride is 0,0; give numbers of at least 1"
    ),
    (
      ["--architecture", "relu-convolution", "--image-shape", "1,2,2", "--filter", "3,1"],
      "the filter is 3×1, larger than the image of 2×2 with its padding of 0,0; give a smaller filter"
    ),
    (
      ["--norm", "l3"], "The value 'l3' is invalid for '--norm <norm>'. Please provide one of 'l2' and 'l1'."
    ),
    (
      ["--patterns", "some"],
      "The value 'some' is invalid for '--patterns <patterns>'. Please provide one of the following:"
    ),
    (["--certificate", "model.json"], "--output and --certificate name the same file; give two"),
    (["--certificate", "./model.json"], "--output and --certificate name the same file; give two"),
    (["--certificate", "../here/model.json"], "--output and --certificate name the same file; give two"),
    (["--certificate", "balloons.csv"], "the data and --certificate name the same file; give two"),
    (["--log", "model.json"], "--output and --log name the same file; give two"),
    (["surplus"], "Unexpected argument 'surplus'"),
    (["--loss", "huber", "--threshold", "0"], "Huber's threshold is 0.0; give a positive number"),
    (["--loss", "huber", "--threshold=-1"], "Huber's threshold is -1.0; give a positive number"),
    (["--loss", "quantile", "--level", "1"], "the quantile's level is 1.0; give a number between 0 and 1"),
    (["--threshold", "2"], "--threshold goes with --loss huber"),
    (["--level", "0.2"], "--level goes with --loss quantile"),
    (["--positive", "1"], "--positive goes with a loss of two classes: logistic or hinge"),
  ])
  func impossibleSettingsAreRefused(arguments: [String], message: String) throws {
    let parent = try TemporaryFolder()
    let folder = try TemporaryFolder(at: parent.file("here"))
    try folder.write(try BundledData.balloons.text, to: "balloons.csv")
    let run = try Program.run(
      ["fit", "balloons.csv", "--target", "target", "--output", "model.json"] + arguments, in: folder)
    expectStatus(64, run)
    #expect(run.errors.split(separator: "\n").first == "Error: \(message)")
    #expect(run.errors.contains("\nUsage: bidual fit "))
    #expect(run.text == "")
    #expect(try folder.names == ["balloons.csv"])
  }

  @Test(arguments: [
    (["fit", "balloons.csv"], "Missing expected argument '--target <column|file.npy>'"),
    (["fit", "--target", "target"], "Missing expected argument '<data>'"),
    (["verify"], "Missing expected argument '<model>'"),
    (["verify", "a", "b", "c", "--threads", "0"], "--threads is 0; give at least 1"),
    (["verify", "a", "b", "c", "--threads", "1000000000"], "--threads is 1000000000; give at most 1024"),
    (["predict", "model.json"], "Missing expected argument '<data>'"),
    (["train"], "Unexpected argument 'train'"),
  ])
  func incompleteCommandLinesAreRefused(arguments: [String], message: String) throws {
    let folder = try TemporaryFolder(.balloons)
    let run = try Program.run(arguments, in: folder)
    expectStatus(64, run)
    #expect(run.errors.split(separator: "\n").first == "Error: \(message)")
    #expect(run.text == "")
  }

  @Test(arguments: ["1e9", "1e19", "1e300"])
  func anyPositiveTimeLimitIsTaken(limit: String) throws {
    let folder = try TemporaryFolder(.balloons)
    let run = try Program.run(
      ["fit", "balloons.csv", "--target", "target", "--time-limit", limit, "--json"], in: folder)
    expectStatus(0, run)
    #expect(try JSONValue(run.output)["status"] == .text("solved"))
  }

  /// Settings that the library refuses are wrong usage, not bad data.
  @Test(arguments: ["adam", "penalised", "local", "adaptive"])
  func methodsThatLackANormAreRefused(method: String) throws {
    let folder = try TemporaryFolder(.balloons)
    let run = try Program.run(
      ["fit", "balloons.csv", "--target", "target", "--norm", "l1", "--method", method], in: folder)
    expectStatus(64, run)
    let problem =
      "is not made for two-layer networks under the l1 norm with the squared loss; use the default method"
    #expect(run.errors.hasSuffix("\(problem)\n"), "\(run.errors)")
  }
}
