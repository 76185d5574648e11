import Testing

/// `--settings` and `--print-settings` as a user meets them.
@Suite struct SettingsTests {
  private static let fit = ["fit", "balloons.csv", "--quiet"]

  private func report(_ arguments: [String], _ folder: TemporaryFolder) throws -> String {
    let run = try Program.run(arguments, in: folder)
    expectStatus(0, run)
    return run.text.replacing(/"seconds":[0-9.e-]+/, with: "")
  }

  @Test func whatIsPrintedMakesTheSameRun() throws {
    let folder = try TemporaryFolder(.balloons)
    let options = [
      "--target", "target", "--bias", "--beta=0.1", "--gap", "1e-3", "--features", "yellow,large", "--json",
    ]
    let printed = try Program.run(Self.fit + options + ["--print-settings"], in: folder)
    expectStatus(0, printed)
    #expect(try folder.names == ["balloons.csv"])
    let settings = try JSONValue(printed.output)
    #expect(settings["target"] == .text("target"))
    #expect(settings["bias"] == .flag(true) && settings["standardize"] == .flag(false))
    #expect(settings["beta"] == .number(0.1) && settings["gap"] == .text("1e-3"))
    #expect(settings["seed"] == .integer(0) && settings["loss"] == .text("squared"))
    #expect(settings["settings"] == nil && settings["help"] == nil && settings["data"] == nil)
    try folder.write(printed.output, to: "run.json")
    let settled = ["fit", "balloons.csv", "--settings", "run.json"]
    #expect(try report(settled, folder) == report(Self.fit + options, folder))
    // Printed again they are the same.
    #expect(try Program.run(settled + ["--print-settings"], in: folder).output == printed.output)
  }

  @Test func theCommandLineWins() throws {
    let folder = try TemporaryFolder(.balloons)
    try folder.write(
      #"{"target": "inflated", "beta": 0.5, "gap": 1e-3, "quiet": true, "json": true, "bias": true, "seed": 18446744073709551615}"#,
      to: "run.json")
    let run = try Program.run(
      ["fit", "--settings=run.json", "balloons.csv", "--target", "target", "--beta", "0.25"], in: folder)
    expectStatus(0, run)
    #expect(try JSONValue(run.output)["beta"]?.double == 0.25)
    try folder.write(
      #"{"target": "target", "stratify": true, "folds": 3, "merge": ["a.json"]}"#, to: "cv.json")
    let printed = try Program.run(
      [
        "cv", "balloons.csv", "--settings", "cv.json", "--no-stratify", "--merge", "b.json", "c.json",
        "--print-settings",
      ],
      in: folder)
    expectStatus(0, printed)
    let settings = try JSONValue(printed.output)
    #expect(settings["stratify"] == .flag(false) && settings["no-stratify"] == nil)
    #expect(settings["merge"] == .array([.text("b.json"), .text("c.json")]))
    #expect(settings["folds"] == .integer(3))
    expectStatus(
      0, try Program.run(["path", "balloons.csv", "--target", "target", "--print-settings"], in: folder))
  }

  @Test(arguments: [
    (#"{"targets": "x"}"#, 64, "run.json: 'targets' is no option of fit; 'bidual fit --help' lists them"),
    (#"{"settings": "run.json"}"#, 64, "run.json: 'settings' is no option of fit"),
    (#"{"data": "x.csv"}"#, 64, "run.json: 'data' is no option of fit"),
    (#"{"bias": 1}"#, 64, "run.json: 'bias' is on or off; give true or false"),
    (#"{"gap": true}"#, 64, "run.json: 'gap' takes one value; give a number or a text"),
    (
      #"{"gap": {"a": 1}}"#, 64,
      "run.json: 'gap' is neither true or false, a number, a text nor a list of texts"
    ),
    (#"{"gap": "small"}"#, 64, "The value 'small' is invalid for '--gap <gap>'"),
    (#"{"gap": -1}"#, 64, "--gap is -1.0; give a positive number"),
    (#"{"gap": 1, "gap": 2}"#, 64, "run.json: line 1: 'gap' stands twice; give it once"),
    ("[1]", 65, "run.json: not a JSON object of options"),
    ("{", 65, "run.json: not a JSON object of options"),
  ]) func whatCanNotBeIsSaid(text: String, status: Int, message: String) throws {
    let folder = try TemporaryFolder(.balloons)
    try folder.write(text, to: "run.json")
    let run = try Program.run(Self.fit + ["--target", "target", "--settings", "run.json"], in: folder)
    expectStatus(Int32(status), run)
    #expect(run.errors.contains(message), "\(run.errors)")
  }

  @Test func aFileThatIsMissingIsMissingInput() throws {
    let run = try Program.run(Self.fit + ["--settings", "run.json"], in: try TemporaryFolder(.balloons))
    expectStatus(66, run)
    #expect(run.errors.contains("run.json"))
    expectStatus(64, try Program.run(Self.fit + ["--settings"], in: try TemporaryFolder(.balloons)))
  }
}
