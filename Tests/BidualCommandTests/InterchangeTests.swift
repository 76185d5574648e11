import Testing

/// Networks that leave and come back.
@Suite struct InterchangeTests {
  @Test func aNetworkThatComesBackIsTheSame() throws {
    let folder = try TemporaryFolder(.fertility)
    let columns = ["--target", "target", "--features", "age,hours_sitting"]
    expectStatus(
      0,
      try Program.run(
        [
          "fit", "fertility.csv", "--bias", "--standardize", "--intercept", "--beta", "0.5", "--gap", "1e-4",
          "--output", "model.json", "--quiet",
        ] + columns, in: folder))
    expectStatus(
      0,
      try Program.run(["export", "model.json", "--type", "float64", "--output", "network.onnx"], in: folder))
    let back = try Program.run(
      ["import", "network.onnx", "fertility.csv", "--beta", "0.5", "--output", "back.json"] + columns,
      in: folder)
    expectStatus(0, back)
    #expect(back.text.isEmpty && back.errors.contains("inputs standardised, with a bias"), "\(back.errors)")
    // Means and scales come back as they were but for a rounding.
    let predictions = try ["model.json", "back.json"].map {
      NaiveTable(try Program.run(["predict", $0, "fertility.csv"], in: folder).text).rows.map { $0[0] }
    }
    for (a, b) in zip(predictions[0], predictions[1]) { #expect(abs(a - b) <= 1e-12 * (1 + abs(a))) }
    let certified = try Program.run(
      ["certify", "back.json", "fertility.csv", "--gap", "1e-3", "--quiet"], in: folder)
    expectStatus(0, certified)
    #expect(certified.text.contains("a stationary point"), "\(certified.text)")
  }

  @Test(arguments: [
    (["--features", "age"], 65, "the network has 2 inputs but there are 1 feature columns"),
    (["--beta", "0"], 64, "--beta is 0.0; give a positive number"),
    (["--bias"], 64, "--standardize, --whiten and --bias are what the network says; leave them out"),
    (["--loss", "softmax"], 65, "the network has 1 outputs but the data have 2"),
  ]) func networksThatDoNotFitAreRefused(arguments: [String], status: Int, message: String) throws {
    let folder = try TemporaryFolder(.fertility)
    let columns = ["--target", "target", "--features", "age,hours_sitting"]
    _ = try Program.run(
      ["fit", "fertility.csv", "--beta", "0.5", "--gap", "0.1", "--output", "m.json", "--quiet"] + columns,
      in: folder)
    expectStatus(0, try Program.run(["export", "m.json", "--output", "n.onnx"], in: folder))
    let before = try folder.names
    var line = ["import", "n.onnx", "fertility.csv", "--target", "target", "--output", "i.json"]
    if !arguments.contains("--features") { line += ["--features", "age,hours_sitting"] }
    if !arguments.contains("--beta") { line += ["--beta", "1"] }
    let run = try Program.run(line + arguments, in: folder)
    expectStatus(Int32(status), run)
    #expect(run.errors.contains(message), "\(run.errors)")
    #expect(try folder.names == before)
  }

  @Test func whatIsNoFileOfNetworksIsNamed() throws {
    let folder = try TemporaryFolder(.fertility)
    for (file, status, message) in [
      ("fertility.csv", 65, "fertility.csv: not an ONNX file"), ("none.onnx", 66, "none.onnx"),
    ] {
      let run = try Program.run(
        ["import", file, "fertility.csv", "--target", "target", "--beta", "1", "--output", "m.json"],
        in: folder)
      expectStatus(Int32(status), run)
      #expect(run.errors.contains(message), "\(run.errors)")
    }
    _ = try Program.run(
      [
        "fit", "fertility.csv", "--target", "target", "--features", "age,hours_sitting", "--architecture",
        "gated",
        "--patterns", "gaussian:5", "--gap", "0.1", "--output", "gated.json", "--quiet",
      ], in: folder)
    let run = try Program.run(["export", "gated.json", "--output", "g.onnx"], in: folder)
    expectStatus(64, run)
    #expect(run.errors.contains("ONNX files are not written of gated networks"))
  }

  // MARK: safetensors

  private static let columns = ["--target", "target", "--features", "age,hours_sitting"]

  /// A folder with a model, its certificate and the data.
  private func trained(_ settings: String...) throws -> TemporaryFolder {
    let folder = try TemporaryFolder(.fertility)
    let files = ["--output", "model.json", "--certificate", "certificate.json", "--quiet"]
    let line = ["fit", "fertility.csv", "--beta", "0.5", "--gap", "1e-4"]
    expectStatus(0, try Program.run(line + Self.columns + settings + files, in: folder))
    return folder
  }

  private func export(_ arguments: String..., in folder: TemporaryFolder) throws -> Program.Run {
    try Program.run(["export", "model.json"] + arguments, in: folder)
  }

  @Test func aStateThatComesBackPredictsTheSame() throws {
    let folder = try trained("--bias", "--standardize", "--intercept")
    let out = try export("--type", "float64", "--output", "n.safetensors", in: folder)
    expectStatus(0, out)
    #expect(out.text.isEmpty && out.errors.isEmpty)
    let back = try Program.run(
      ["import", "n.safetensors", "fertility.csv", "--beta", "0.5", "--output", "back.json"] + Self.columns,
      in: folder)
    expectStatus(0, back)
    #expect(
      back.errors.hasPrefix(
        "bidual: n.safetensors does not say what stands between its layers; it is taken for a ReLU\n"),
      "\(back.errors)")
    let predictions = try ["model.json", "back.json"].map {
      NaiveTable(try Program.run(["predict", $0, "fertility.csv"], in: folder).text).rows.map { $0[0] }
    }
    for (a, b) in zip(predictions[0], predictions[1]) { #expect(abs(a - b) <= 1e-12 * (1 + abs(a))) }
  }
}
