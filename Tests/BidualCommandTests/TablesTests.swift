import Testing

/// Tables as people have them: words, missing cells, columns that mean nothing.
@Suite struct TablesTests {
  @Test(arguments: BundledData.allCases) func rawTablesAreTrainedPredictedAndVerified(data: BundledData)
    throws
  {
    let folder = try TemporaryFolder()
    let raw = try RawData(data, seed: 7)
    try folder.write(raw.text, to: "raw.csv")
    try folder.write(raw.strange, to: "strange.csv")
    let fit = try Program.run(
      [
        "fit", "raw.csv", "--target", "kind", "--one-hot", "--missing", "median", "--missing-indicator",
        "--unknown-level", "ignore", "--standardize", "--bias", "--beta-ratio", "0.3", "--gap", "0.9",
        "--time-limit", "5", "--output", "model.json", "--certificate", "certificate.json",
      ], in: folder)
    expectStatus(0, fit)
    #expect(fit.errors.contains(" columns become "), "\(fit.errors)")
    expectStatus(0, try Program.run(["verify", "model.json", "certificate.json", "raw.csv"], in: folder))
    let score = try Program.run(["predict", "model.json", "raw.csv", "--score", "--json"], in: folder)
    expectStatus(0, score)
    #expect(try #require(JSONValue(score.output)["accuracy"]?.double) >= 0.2)
    let strange = try Program.run(["predict", "model.json", "strange.csv"], in: folder)
    expectStatus(0, strange)
    #expect(strange.errors.contains("column 'level': 1 cell of levels that training has not seen"))
    #expect(strange.text.hasPrefix("kind\n\"kind "), "\(strange.text)")
  }

  /// What the command makes of words and gaps is what a table encoded by hand would have said.
  @Test func encodedByHandItIsTheSame() throws {
    let folder = try TemporaryFolder()
    try folder.write("city,x,y\nOslo,1,2\nBergen,,3\nOslo,4,1\nBergen,2,2.5\nVoss,0,0\n", to: "raw.csv")
    try folder.write(
      "o,b,v,x,y\n1,0,0,1,2\n0,1,0,1.75,3\n1,0,0,4,1\n0,1,0,2,2.5\n0,0,1,0,0\n", to: "hand.csv")
    func objective(_ file: String, _ more: [String]) throws -> Double {
      let run = try Program.run(
        ["fit", file, "--target", "y", "--beta", "0.3", "--gap", "1e-9", "--json"] + more, in: folder)
      return try #require(JSONValue(run.output)["objective"]?.double)
    }
    let encoded = try objective("raw.csv", ["--missing", "mean"])
    #expect(abs(encoded - (try objective("hand.csv", []))) <= 1e-8 * encoded)
  }

  @Test func rowsWithMissingCellsMayBeDropped() throws {
    let folder = try TemporaryFolder()
    try folder.write("a,b,y\n1,2,1\n,3,2\n2,NA,3\n4,1,4\n1,1,NA\n0,2,1\n", to: "raw.csv")
    try folder.write("a,b,y\n1,2,1\n4,1,4\n0,2,1\n", to: "whole.csv")
    let fit = ["--target", "y", "--beta", "0.1", "--gap", "1e-6", "--json"]
    let dropped = try Program.run(
      ["fit", "raw.csv", "--missing", "drop", "--output", "m.json", "--certificate", "c.json"] + fit,
      in: folder)
    expectStatus(0, dropped)
    #expect(dropped.errors.contains("3 of 6 rows have missing cells and are left out"))
    let whole = try Program.run(["fit", "whole.csv"] + fit, in: folder)
    #expect(
      try JSONValue(dropped.output)["objective"]?.double == JSONValue(whole.output)["objective"]?.double)
    expectStatus(0, try Program.run(["verify", "m.json", "c.json", "raw.csv"], in: folder))
    // A prediction is asked for each row, so none may be left out.
    let predicted = try Program.run(["predict", "m.json", "raw.csv"], in: folder)
    expectStatus(65, predicted)
    #expect(predicted.errors.contains("row 2, column 'a': the cell is missing"), "\(predicted.errors)")
  }

  @Test func numbersMayBeCategories() throws {
    let folder = try TemporaryFolder()
    try folder.write("zone,x,y\n1,0,1\n2,1,5\n10,0,3\n1,2,2\n2,0,5\n10,1,4\n", to: "data.csv")
    let run = try Program.run(
      [
        "fit", "data.csv", "--target", "y", "--categories", "zone", "--gap", "1e-3", "--output", "m.json",
        "--json",
      ], in: folder)
    expectStatus(0, run)
    #expect(try JSONValue(run.output)["features"]?.double == 4)
    let model = try JSONValue(folder.read("m.json"))
    #expect(
      try #require(model["features"]).elements == [
        .text("zone=1"), .text("zone=10"), .text("zone=2"), .text("x"),
      ])
    try folder.write("x,zone\n1,2\n", to: "new.csv")
    expectStatus(0, try Program.run(["predict", "m.json", "new.csv"], in: folder))
  }

  @Test func crossValidationEncodesInsideTheFolds() throws {
    let folder = try TemporaryFolder()
    try folder.write(try RawData(.fertility, seed: 3).text, to: "raw.csv")
    let run = try Program.run(
      [
        "cv", "raw.csv", "--target", "kind", "--one-hot", "--missing", "mean", "--standardize", "--folds",
        "3",
        "--betas", "3", "--beta-min-ratio", "0.3", "--score", "accuracy", "--gap", "0.5", "--json",
      ], in: folder)
    expectStatus(0, run)
    let points = try #require(JSONValue(run.output)["curves"]?.elements.first?["points"]).elements
    #expect(points.allSatisfy { (0...1).contains($0["mean"]?.double ?? -1) })
  }

  @Test(arguments: [
    (["--missing", "guess"], 64, "The value 'guess' is invalid for '--missing <missing>'"),
    (["--missing", "constant:inf"], 64, "The value 'constant:inf' is invalid"),
    (["--missing-indicator"], 64, "--missing-indicator goes with --missing mean, median or constant:V"),
    (["--max-categories", "0"], 64, "--max-categories is 0; give at least 1"),
    (["--decimal-comma", "--separator", "comma"], 64, "--decimal-comma needs another separator"),
    (["--missing", "mean", "--max-categories", "1"], 65, "column 'level' has 3 levels, such as \"high\""),
    (["--missing", "mean", "--categories", "error"], 65, "column 'level' holds text"),
    (["--missing", "mean", "--ignore", "nothing"], 65, "there is no column 'nothing'"),
    (["--missing", "mean", "--categories", "nothing"], 65, "there is no column 'nothing'"),
    ([], 65, "the cell is missing; fill it in, or say what to do about such cells with --missing"),
  ]) func whatCanNotBeIsSaid(arguments: [String], status: Int, message: String) throws {
    let folder = try TemporaryFolder()
    try folder.write(try RawData(.fertility, seed: 1).text, to: "raw.csv")
    let run = try Program.run(
      ["fit", "raw.csv", "--target", "kind", "--one-hot", "--output", "model.json", "--quiet"] + arguments,
      in: folder)
    expectStatus(Int32(status), run)
    #expect(run.errors.contains(message), "\(run.errors)")
    #expect(try folder.names == ["raw.csv"])
  }

  @Test func inspectionSaysWhatColumnsHold() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "id,x,twin,city,same,none,y\na,1,1,u,5,,2\nb,NA,NA,v,5,,3\nc,4,4,u,5,,1\nd,2,2,NA,5,,0\n",
      to: "data.csv")
    let run = try Program.run(
      ["inspect", "data.csv", "--target", "y", "--max-categories", "3", "--json"], in: folder)
    expectStatus(0, run)
    let report = try JSONValue(run.output)
    let columns = try #require(report["columns"]).elements
    #expect(
      columns.map { $0["kind"] }
        == ["text", "number", "number", "category", "number", "empty", "number"].map { .text($0) })
    #expect(columns.map { $0["missing"]?.double } == [0, 1, 1, 1, 0, 4, 0])
    #expect(columns[2]["sameAs"] == .text("x"))
    #expect(columns[4]["isConstant"] == .flag(true))
    // x and its twin, two levels, a constant: three of five are independent, and no four rows more.
    #expect(report["features"]?.double == 5)
    #expect(report["rank"]?.double == 4)
    #expect(try #require(report["betaMax"]?.double) > 0)
    let words = try Program.run(["inspect", "data.csv", "--max-categories", "3"], in: folder)
    #expect(words.text.contains("4 rows; 6 features of rank 4: global proofs take seconds"), "\(words.text)")
    expectStatus(65, try Program.run(["inspect", "data.csv", "--target", "z"], in: folder))
  }
}
