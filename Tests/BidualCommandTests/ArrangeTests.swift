import Testing

/// `arrange` counts and lists the chambers of the data.
@Suite struct ArrangeTests {
  struct Case: CustomTestStringConvertible {
    let data: BundledData
    let features: [String]
    var bias = false
    var chambers: Int?

    var testDescription: String { "\(data.file) \(features)\(bias ? " and a bias" : "")" }

    func arguments(_ more: String...) -> [String] {
      ["arrange", data.file, "--target", "target", "--features", features.joined(separator: ",")]
        + (bias ? ["--bias"] : []) + more
    }
  }

  static let cases = [
    // By hand: three lines through the origin make six sectors; four planes in general position, 14.
    Case(data: .balloons, features: ["yellow", "large"], chambers: 6),
    Case(data: .balloons, features: ["yellow", "large"], bias: true, chambers: 14),
    Case(data: .balloons, features: ["yellow"], chambers: 2),
    Case(data: .balloons, features: ["yellow", "large", "stretch", "adult"]),
    Case(data: .fertility, features: ["age", "hours_sitting"]),
    Case(data: .fertility, features: ["age", "hours_sitting"], bias: true),
    Case(data: .acuteInflammation, features: ["nausea", "lumbar_pain", "urine_pushing"], bias: true),
  ]

  @Test(arguments: cases)
  func listIsAsLongAsCountAndItsPointsLieInTheirChambers(_ example: Case) throws {
    let folder = try TemporaryFolder(example.data)
    let counted = try Program.run(example.arguments("--count"), in: folder)
    expectStatus(0, counted)
    let count = try #require(Int(counted.text.dropLast()))
    #expect(counted.text == "\(count)\n")
    if let chambers = example.chambers { #expect(count == chambers) }

    let listed = try Program.run(example.arguments("--list"), in: folder)
    expectStatus(0, listed)
    #expect(listed.errors == "")
    let lines = listed.text.split(separator: "\n")
    #expect(lines.count == count)
    let inputs = try example.data.table.columns(example.features).map { example.bias ? $0 + [1] : $0 }
    var patterns: Set<Substring> = []
    for line in lines {
      let parts = line.split(separator: " ")
      try #require(parts.count == 2)
      let point = try parts[1].split(separator: ",").map { try #require(Double($0)) }
      try #require(point.count == inputs[0].count)
      let pattern = inputs.map { x in zip(x, point).reduce(0) { $0 + $1.0 * $1.1 } > 0 ? "1" : "0" }
      #expect(pattern.joined() == parts[0])
      patterns.insert(parts[0])
    }
    #expect(patterns.count == count)
  }

  @Test func countIsTheDefault() throws {
    let folder = try TemporaryFolder(.balloons)
    let example = Self.cases[1]
    let plain = try Program.run(example.arguments(), in: folder)
    let counted = try Program.run(example.arguments("--count"), in: folder)
    expectStatus(0, plain)
    #expect(plain.text == "14\n" && counted.text == "14\n")
    #expect(
      plain.errors
        == "4 distinct hyperplanes of 16 samples, rank 3; in general position they would make 14.0 chambers\n"
    )
  }

  @Test func jsonIsOneObject() throws {
    let folder = try TemporaryFolder(.balloons)
    let run = try Program.run(Self.cases[0].arguments("--json"), in: folder)
    expectStatus(0, run)
    #expect(run.errors == "")
    #expect(run.text == "{\"chambers\":6,\"generic\":6,\"hyperplanes\":3,\"rank\":2,\"samples\":16}\n")
  }

  @Test(arguments: [(13, Int32(65)), (14, 0)])
  func limitIsKept(limit: Int, status: Int32) throws {
    let folder = try TemporaryFolder(.balloons)
    for mode in ["--count", "--list"] {
      let run = try Program.run(Self.cases[1].arguments(mode, "--limit", "\(limit)"), in: folder)
      expectStatus(status, run, mode)
      guard status != 0 else { continue }
      #expect(run.text == "")
      #expect(run.errors.hasPrefix("bidual: balloons.csv: the data have more than 13 chambers; "))
    }
  }

  @Test(arguments: [
    (["--count", "--list"], "give --count or --list, not both"),
    (["--json", "--list"], "--json goes with --count; --list has a format of its own"),
    (["--limit", "0"], "--limit is 0; give at least 1"),
    (["--sample", "5"], "--sample goes with --layers 3; leave it out"),
    (["--layers", "3", "--sample", "0"], "--sample is 0; give at least 1"),
    (["--layers", "3", "--seed", "1"], "--seed goes with --sample; leave it out"),
  ])
  func contradictionsAreRefused(arguments: [String], message: String) throws {
    let folder = try TemporaryFolder(.balloons)
    let run = try Program.run(["arrange", "balloons.csv", "--target", "target"] + arguments, in: folder)
    expectStatus(64, run)
    #expect(run.errors.hasPrefix("Error: \(message)\nUsage: bidual arrange "))
    #expect(run.text == "")
  }

  /// Random sub-networks have no more patterns than there are, and the same ones again.
  @Test func patternsOfBothLayersAreSampled() throws {
    let folder = try TemporaryFolder(.balloons)
    func run(_ more: String...) throws -> Program.Run {
      try Program.run(Self.cases[0].arguments("--layers", "3") + more, in: folder)
    }
    let all = try run()
    expectStatus(0, all)
    let sampled = try run("--sample", "500")
    expectStatus(0, sampled)
    #expect(try #require(Int(sampled.text.dropLast())) <= #require(Int(all.text.dropLast())))
    #expect(
      sampled.errors.hasPrefix(
        "second-layer patterns of 500 random sub-networks, counted from below, of at most "))
    let report = try run("--sample", "500", "--seed", "3", "--json")
    expectStatus(0, report)
    #expect(report.text.contains("\"draws\":500") && report.text.contains("\"isFromBelow\":true"))
    #expect(report.text == (try run("--sample", "500", "--seed", "3", "--json").text))

    let refused = try run("--limit", "10")
    expectStatus(65, refused)
    #expect(
      refused.errors
        == "bidual: balloons.csv: both layers together have more than 10 patterns; raise --limit, or count those of "
        + "some random sub-networks by --sample N\n")
  }

  @Test func zeroRowsMakeOneChamber() throws {
    let folder = try TemporaryFolder()
    try folder.write("a,b,target\n0,0,1\n0,0,2\n", to: "data.csv")
    let run = try Program.run(["arrange", "data.csv", "--target", "target"], in: folder)
    expectStatus(0, run)
    #expect(run.text == "1\n")
  }
}
