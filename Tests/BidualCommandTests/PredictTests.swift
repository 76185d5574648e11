import Testing

/// `predict` applies the model in the file to the rows that it is given.
@Suite struct PredictTests {
  /// The numbers after the header line, each in the shortest form that reads back the same.
  private func numbers(_ text: String, header: String) throws -> [Double] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    #expect(lines.removeFirst() == header)
    #expect(lines.popLast() == "")
    return try lines.map { line in
      let number = try #require(Double(line))
      #expect(number.description == line)
      return number
    }
  }

  private func expectClose(
    _ found: [Double], _ expected: [Double], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(found.count == expected.count, sourceLocation: sourceLocation)
    for (a, b) in zip(found, expected) {
      #expect(abs(a - b) <= 1e-10 * max(1, abs(b)), sourceLocation: sourceLocation)
    }
  }

  @Test(arguments: Trained.allCases)
  func predictionsAreThoseOfTheNetworkByDefinition(_ trained: Trained) throws {
    let folder = try trained.folder()
    let run = try Program.run(["predict", "model.json", trained.data.file], in: folder)
    expectStatus(0, run)
    #expect(run.errors == "")
    let model = try NaiveModel(try folder.read("model.json"))
    let expected = try trained.data.table.columns(model.features).map(model.prediction)
    #expect(Set(expected).count > 1)
    expectClose(try numbers(run.text, header: "target"), expected)
  }

  @Test func otherColumnsAreIgnoredInAnyOrder() throws {
    let folder = try Trained.fertility.folder()
    let model = try NaiveModel(try folder.read("model.json"))
    let rows = [[0.1, -0.3], [0.9, 0.4], [0.5, 1e3]]
    let lines = rows.map { "n/a,\($0[1]),,\($0[0]),\"a, b\"\n" }
    try folder.write("note,hours_sitting,empty,age,more\n" + lines.joined(), to: "new.csv")
    let run = try Program.run(["predict", "model.json", "new.csv"], in: folder)
    expectStatus(0, run)
    expectClose(try numbers(run.text, header: "target"), rows.map(model.prediction))
  }

  @Test func missingColumnIsNamed() throws {
    let folder = try Trained.fertility.folder()
    try folder.write("age,hours\n1,2\n", to: "new.csv")
    let before = try folder.names
    let run = try Program.run(["predict", "model.json", "new.csv", "--output", "out.csv"], in: folder)
    expectStatus(65, run)
    #expect(
      run.errors == "bidual: new.csv: there is no column 'hours_sitting'; the columns are 'age', 'hours'\n")
    #expect(run.text == "")
    #expect(try folder.names == before)
  }

  @Test func outputFileHasTheBytesOfStandardOutput() throws {
    let folder = try Trained.balloons.folder()
    let printed = try Program.run(["predict", "model.json", "balloons.csv"], in: folder)
    let before = try folder.names
    let written = try Program.run(
      ["predict", "model.json", "balloons.csv", "--output", "out.csv"], in: folder)
    expectStatus(0, written)
    #expect(written.text == "" && written.errors == "")
    #expect(try folder.read("out.csv") == printed.output)
    #expect(try folder.names == before.union(["out.csv"]))
  }

  @Test func overflowingPredictionIsRefused() throws {
    let folder = try Trained.balloons.folder()
    try folder.write("yellow,large,stretch,adult\n1,1,1,1\n1e308,-1e308,1e308,1e308\n", to: "new.csv")
    let model = try JSONValue(try folder.read("model.json"))
      .replacing([.field("output"), .index(0)], by: .number(1e10))
    try folder.write(try model.bytes, to: "model.json")
    let run = try Program.run(["predict", "model.json", "new.csv", "--output", "out.csv"], in: folder)
    expectStatus(65, run)
    #expect(run.errors.hasPrefix("bidual: new.csv: row 2: the prediction overflows; "))
    #expect(try !folder.names.contains("out.csv"))
  }

  @Test func modelAppliesToASingleRow() throws {
    let folder = try Trained.balloons.folder()
    let model = try NaiveModel(try folder.read("model.json"))
    try folder.write("yellow,large,stretch,adult\n1,2,3,4\n", to: "new.csv")
    let run = try Program.run(["predict", "model.json", "new.csv"], in: folder)
    expectStatus(0, run)
    expectClose(try numbers(run.text, header: "target"), [model.prediction([1, 2, 3, 4])])
  }

  @Test func zeroNetworkPredictsZeros() throws {
    let folder = try TemporaryFolder(.balloons)
    let fit = try Program.run(
      ["fit", "balloons.csv", "--target", "target", "--beta-ratio", "2", "--output", "model.json"], in: folder
    )
    expectStatus(0, fit)
    let run = try Program.run(["predict", "model.json", "balloons.csv"], in: folder)
    expectStatus(0, run)
    #expect(run.text == "target\n" + String(repeating: "0.0\n", count: 16))
  }

  @Test func targetNameIsQuotedWhereItMustBe() throws {
    let folder = try TemporaryFolder()
    try folder.write("x,\"the \"\"y\"\", scaled\"\n1,2\n2,3\n-1,0\n", to: "data.csv")
    let fit = try Program.run(
      ["fit", "data.csv", "--target", "the \"y\", scaled", "--output", "model.json"], in: folder)
    expectStatus(0, fit)
    let run = try Program.run(["predict", "model.json", "data.csv"], in: folder)
    expectStatus(0, run)
    let model = try NaiveModel(try folder.read("model.json"))
    expectClose(
      try numbers(run.text, header: "\"the \"\"y\"\", scaled\""), [[1], [2], [-1]].map(model.prediction))
  }

  /// A target whose square is beyond the doubles has a root mean square all the same; where even a difference
  /// overflows, that is said, and no score is printed.
  @Test func scoresOfHugeTargetsAreNumbersOrErrors() throws {
    let folder = try Trained.fertility.folder()
    let head = "age,hours_sitting,target\n"
    try folder.write(head + "0.1,0.2,1e200\n0.3,0.4,1\n0.5,0.1,-1e200\n0.2,0.2,0\n", to: "huge.csv")
    let score = ["predict", "model.json", "huge.csv", "--score"]
    let run = try Program.run(score + ["--json"], in: folder)
    expectStatus(0, run)
    let report = try JSONValue(run.output)
    // By hand: beside 1e200 all else is nothing.
    for (field, expected) in [("rootMeanSquare", 0.5.squareRoot() * 1e200), ("meanAbsolute", 0.5e200)] {
      #expect(abs(try #require(report[field]?.double) / expected - 1) < 1e-12, "\(field)")
    }
    #expect(abs(try #require(report["r2"]?.double)) < 1e-12)
    let words = try Program.run(score, in: folder)
    expectStatus(0, words)
    #expect(!words.text.lowercased().contains("nan") && !words.text.contains("inf"), "\(words.text)")
    // Targets that differ by less than a square can say.
    try folder.write(head + "0.1,0.2,1e-200\n0.3,0.4,2e-200\n", to: "huge.csv")
    let tiny = try Program.run(score, in: folder)
    expectStatus(65, tiny)
    #expect(tiny.errors.contains("that the score overflows") && tiny.text == "", "\(tiny.errors)")
    try folder.write(head + "0.1,0.2,1.6e308\n0.2,0.1,1.6e308\n0.3,0.4,-1.7e308\n", to: "huge.csv")
    let beyond = try Program.run(score + ["--json"], in: folder)
    expectStatus(65, beyond)
    #expect(beyond.text == "")
    #expect(
      beyond.errors.hasPrefix(
        "bidual: huge.csv: row 3, column 'target': the target -1.7e+308 is so far from the prediction "))
    // The same in a table of methods.
    let compare = try Program.run(
      [
        "compare", "fertility.csv", "--target", "target", "--features", "age,hours_sitting", "--methods",
        "exact", "--test", "huge.csv", "--json",
      ], in: folder)
    expectStatus(65, compare)
    #expect(compare.text == "")
  }

  /// Weights whose sum overflows are weights.
  @Test func scoresUnderHugeWeights() throws {
    let folder = try TemporaryFolder()
    try folder.write("x,y,w\n1,1,1\n2,2,1\n3,4,1\n", to: "d.csv")
    expectStatus(
      0,
      try Program.run(
        ["fit", "d.csv", "--target", "y", "--weights", "w", "--quiet", "--output", "m.json"], in: folder))
    let score = ["predict", "m.json", "d.csv", "--score", "--json"]
    let light = try JSONValue(try Program.run(score, in: folder).output)
    try folder.write("x,y,w\n1,1,1e308\n2,2,1e308\n3,4,1e308\n", to: "d.csv")
    let heavy = try JSONValue(try Program.run(score, in: folder).output)
    for field in ["r2", "rootMeanSquare", "meanAbsolute"] {
      let (a, b) = (try #require(light[field]?.double), try #require(heavy[field]?.double))
      #expect(abs(a - b) <= 1e-12 * abs(a), "\(field)")
    }
  }
}
