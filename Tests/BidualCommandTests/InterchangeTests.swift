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

  // MARK: safetensors, and gaps of what is written

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

  /// The gap that is told is that of the very file: importing it gives the same objective.
  @Test(arguments: ["n.onnx", "n.safetensors"]) func theGapOfARoundedNetworkIsTold(name: String) throws {
    let folder = try trained("--bias", "--standardize", "--intercept")
    let files = ["--data", "fertility.csv", "--certificate", "certificate.json", "--output", name]
    let out = try Program.run(["export", "model.json"] + files, in: folder)
    expectStatus(0, out)
    #expect(out.errors.isEmpty)
    let words = out.text.split(separator: "\n").map { $0.split(whereSeparator: { " ,)".contains($0) }) }
    try #require(words.count == 3, "\(out.text)")
    let told = try #require(Double(words[0][9]))
    let before = try #require(Double(words[0].last ?? ""))
    let bound = try #require(Double(words[1].last ?? ""))
    #expect(told != before && abs(told - before) <= 1e-5 * before && bound <= before)
    #expect(
      Double(words[2][2]).map { abs($0 - (told - bound) / told) <= 1e-3 * (told - bound) / told } == true,
      "\(out.text)")
    // A state has its scaling folded in, by which the penalty is another.
    guard name == "n.onnx" else { return }
    expectStatus(
      0,
      try Program.run(
        ["import", name, "fertility.csv", "--beta", "0.5", "--output", "back.json"] + Self.columns, in: folder
      ))
    let certified = try Program.run(
      ["certify", "back.json", "fertility.csv", "--gap", "1e-3", "--quiet", "--json"], in: folder)
    expectStatus(0, certified)
    guard case .number(let objective)? = try JSONValue(certified.output)["objective"] else {
      Issue.record("no objective: \(certified.text)")
      return
    }
    #expect(abs(told - objective) <= 1e-12 * told)
  }

  @Test func whatTheGapNeedsIsSaid() throws {
    let folder = try trained()
    let plain = try export("--output", "n.onnx", in: folder)
    expectStatus(0, plain)
    #expect(
      plain.errors
        == "bidual: the network in n.onnx is rounded, and so another one; --data and --certificate tell its gap\n"
    )
    let before = try folder.names
    let half = try export("--data", "fertility.csv", "--output", "m.onnx", in: folder)
    expectStatus(64, half)
    #expect(half.errors.contains("the gap needs both --data and --certificate; give both or neither"))
    try folder.write(Array(try folder.read("fertility.csv").dropLast(20)), to: "other.csv")
    let other = try export(
      "--data", "other.csv", "--certificate", "certificate.json", "--output", "m.onnx", in: folder)
    #expect(other.status == 3 || other.status == 65, "\(other.errors)")
    #expect(try folder.names == before.union(["other.csv"]))
  }
}
