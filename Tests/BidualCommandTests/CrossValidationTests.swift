import Testing

/// `cv` and `path` as a user meets them.
@Suite struct CrossValidationTests {
  private static let cv = [
    "cv", "fertility.csv", "--target", "target", "--features", "age,hours_sitting", "--bias", "--standardize",
    "--folds", "4", "--betas", "4", "--beta-min-ratio", "0.1", "--gap", "1e-3", "--quiet",
  ]

  /// A report less the seconds that it took.
  private func report(_ run: Program.Run) throws -> String {
    run.text.replacing(/"seconds":[0-9.e-]+/, with: "")
  }

  @Test func aRunChoosesTrainsAndCertifies() throws {
    let folder = try TemporaryFolder(.fertility)
    let run = try Program.run(
      Self.cv + [
        "--score", "mse,r2", "--output", "model.json", "--certificate", "certificate.json", "--predictions",
        "oof.csv", "--table", "table.csv", "--json",
      ], in: folder)
    expectStatus(0, run)
    let report = try JSONValue(run.output)
    #expect(report["format"] == .text("bidual-cv"))
    let curves = try #require(report["curves"]).elements
    #expect(curves.map { $0["metric"] } == [.text("mse"), .text("r2")])
    let points = try #require(curves[0]["points"]).elements
    #expect(points.count == 4)
    let chosen = Int(try #require(report["chosen"]?.double))
    #expect(report["network"]?["beta"]?.double == points[chosen]["beta"]?.double)
    // The predictions of each row are those of the curve: their errors, fold by fold, are its values.
    let predicted = NaiveTable(String(decoding: try folder.read("oof.csv"), as: UTF8.self)).rows.map { $0[0] }
    let data = try BundledData.fertility.table
    let assignment = try #require(report["splits"]?.elements.first?["assignment"]).elements.map {
      Int($0.double ?? -1)
    }
    for fold in 0..<4 {
      let rows = assignment.indices.filter { assignment[$0] == fold }
      let error = rows.reduce(0) { sum, i in
        let miss = predicted[i] - data.rows[i].last!
        return sum + miss * miss
      }
      let value = try #require(points[chosen]["folds"]?.elements[fold].double)
      #expect(abs(error / Double(rows.count) - value) <= 1e-12)
    }
    expectStatus(
      0, try Program.run(["verify", "model.json", "certificate.json", "fertility.csv"], in: folder))
    #expect(String(decoding: try folder.read("table.csv"), as: UTF8.self).split(separator: "\n").count == 5)
  }

  @Test func partsMergeToTheSameReport() throws {
    let folder = try TemporaryFolder(.fertility)
    let whole = try Program.run(Self.cv + ["--json"], in: folder)
    expectStatus(0, whole)
    for part in ["1/2", "2/2"] {
      let run = try Program.run(
        Self.cv + ["--part", part, "--output", "part\(part.first!).json"], in: folder)
      expectStatus(0, run)
    }
    let merged = try Program.run(Self.cv + ["--json", "--merge", "part2.json", "part1.json"], in: folder)
    expectStatus(0, merged)
    #expect(try report(merged) == report(whole))
    let half = try Program.run(Self.cv + ["--merge", "part1.json"], in: folder)
    expectStatus(65, half)
    #expect(half.errors.contains("2 fits of 4 folds"), "\(half.errors)")
    let other = try Program.run(Self.cv + ["--seed", "3", "--merge", "part1.json", "part2.json"], in: folder)
    expectStatus(65, other)
    #expect(other.errors.contains("seed 0 there") || other.errors.contains("seed 3 here"), "\(other.errors)")
  }

  @Test func columnsThatSplitAreNoFeatures() throws {
    let folder = try TemporaryFolder()
    var text = "x,z,place,fold,y\n"
    for i in 0..<24 {
      text += "\(Double(i % 7) - 3),\(i % 5),\(i % 6),\(i % 3),\(abs(i % 7 - 3))\n"
    }
    try folder.write(Array(text.utf8), to: "data.csv")
    for split in [["--groups", "place", "--folds", "3"], ["--fold-ids", "fold"]] {
      let run = try Program.run(
        ["cv", "data.csv", "--target", "y", "--betas", "2", "--gap", "0.1", "--json", "--quiet"] + split,
        in: folder)
      expectStatus(0, run)
      let report = try JSONValue(run.output)
      #expect(report["network"]?["features"]?.double == 3)
      let assignment = try #require(report["splits"]?.elements.first?["assignment"]).elements.map(\.double)
      let key = split[0] == "--groups" ? 6 : 3
      for i in 0..<24 { #expect(assignment[i] == assignment[i % key]) }
    }
  }

  @Test(arguments: [
    (["--folds", "1"], 64, "--folds is 1; give at least 2"),
    (["--folds", "1000"], 64, "1000 folds of 100 rows; take from 2 to 100"),
    (["--score", "auc"], 64, "the score 'auc' is for two classes"),
    (["--score", "beauty"], 64, "--score is 'beauty'; there are loss, mse"),
    (["--part", "3/2", "--output", "p"], 64, "The value '3/2' is invalid for '--part <I/N>'"),
    (["--part", "1/2"], 64, "--part needs --output"),
    (["--beta-list", "1,x"], 64, "--beta-list is '1,x'; give numbers separated by commas"),
    (["--beta-list", "1,1", "--betas", "3"], 64, "don't go with --beta-list"),
    (["--groups", "nothing"], 65, "there is no column 'nothing'"),
    (["--merge", "missing.json"], 66, "missing.json"),
    (["--output", "no/where.json"], 73, "no/where.json"),
    (["--fold-ids", "age", "--repeats", "2"], 64, "--fold-ids says what the folds are"),
  ]) func commandLinesThatAreWrong(arguments: [String], status: Int, message: String) throws {
    let folder = try TemporaryFolder(.fertility)
    var line = ["cv", "fertility.csv", "--target", "target", "--quiet"]
    if !arguments.contains("--betas"), !arguments.contains("--beta-list") { line += ["--betas", "2"] }
    let run = try Program.run(line + arguments, in: folder)
    expectStatus(Int32(status), run)
    #expect(run.errors.contains(message), "\(run.errors)")
    #expect(try folder.names == ["fertility.csv"])
  }
}
