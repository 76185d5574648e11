import Foundation
import Testing

/// `report` as a user meets it.
@Suite struct ReportTests {
  private func data(_ page: String) throws -> JSONValue {
    let match = try #require(
      page.firstMatch(of: /<script type="application\/json" id="bidual-data">\n(.*)\n<\/script>/))
    return try JSONValue(Array(match.output.1.utf8))
  }

  @Test func aPageShowsWhatIsKnown() throws {
    let folder = try TemporaryFolder(.fertility)
    let columns = ["--target", "target", "--features", "age,hours_sitting", "--bias", "--standardize"]
    let fit = try Program.run(
      [
        "fit", "fertility.csv", "--output", "model.json", "--certificate", "certificate.json", "--log",
        "run.jsonl", "--gap", "1e-3", "--quiet",
      ] + columns, in: folder)
    expectStatus(0, fit)
    let grid = ["--betas", "4", "--beta-min-ratio", "0.1", "--gap", "1e-3", "--json", "--quiet"]
    let cv = try Program.run(
      ["cv", "fertility.csv", "--folds", "3", "--score", "mse,r2"] + columns + grid, in: folder)
    try folder.write(cv.output, to: "cv.json")
    let path = try Program.run(["path", "fertility.csv"] + columns + grid, in: folder)
    try folder.write(path.output, to: "path.json")
    let run = try Program.run(
      [
        "report", "model.json", "fertility.csv", "--certificate", "certificate.json", "--log", "run.jsonl",
        "--cv",
        "cv.json", "--path", "path.json", "--output", "report.html",
      ], in: folder)
    expectStatus(0, run)
    #expect(run.text.isEmpty)
    let page = String(decoding: try folder.read("report.html"), as: UTF8.self)
    for heading in [
      "The network", "Training", "Cross-validation", "The path", "Predictions", "The plane of the features",
      "What each feature does", "The neurons",
    ] { #expect(page.contains("<h2>\(heading)</h2>"), "\(heading)") }
    #expect(page.contains("By its certificate, no two-layer ReLU network"))
    let data = try data(page)
    // Every plotted number is there: predictions are those of predict.
    let predicted = NaiveTable(
      try Program.run(["predict", "model.json", "fertility.csv"], in: folder).text
    ).rows.map { $0[0] }
    #expect(try #require(data["Predictions"]?["predicted target"]).elements.compactMap(\.double) == predicted)
    #expect(
      try #require(data["Cross-validation"]?["mse"]).elements
        == JSONValue(cv.output)["curves"]!.elements[0]["points"]!.elements.compactMap { $0["mean"] })
  }

  @Test(arguments: BundledData.allCases) func classesHaveTheirPictures(bundled: BundledData) throws {
    let folder = try TemporaryFolder(bundled)
    let isTwo = bundled != .breastTissue
    let fit = try Program.run(
      [
        "fit", bundled.file, "--target", "target", "--loss", isTwo ? "logistic" : "softmax", "--standardize",
        "--bias",
        "--beta-ratio", "0.5", "--time-limit", "2", "--gap", "0.9", "--output", "model.json", "--quiet",
      ], in: folder)
    expectStatus(0, fit)
    let run = try Program.run(["report", "model.json", bundled.file, "--output", "r.html"], in: folder)
    expectStatus(0, run)
    let page = String(decoding: try folder.read("r.html"), as: UTF8.self)
    #expect(page.contains("Nothing is said of the optimum"))
    #expect(page.contains(">Confusion<"))
    #expect(page.contains("ROC, area") == isTwo && page.contains(">Calibration<") == isTwo)
  }

  @Test func hostileNamesStayText() throws {
    let folder = try TemporaryFolder()
    let name = "<script>alert('x')</script>"
    try folder.write(
      "\"\(name)\",\"a\"\"b\",y\n1,2,1\n2,0,3\n0,1,2\n3,3,0\n", to: "data.csv")
    expectStatus(
      0,
      try Program.run(
        ["fit", "data.csv", "--target", "y", "--beta", "0.1", "--output", "m.json", "--quiet"], in: folder))
    expectStatus(0, try Program.run(["report", "m.json", "data.csv", "--output", "r.html"], in: folder))
    let page = String(decoding: try folder.read("r.html"), as: UTF8.self)
    #expect(page.components(separatedBy: "<script").count == 2)
    #expect(page.contains("&lt;script&gt;"))
  }

  @Test(arguments: [
    (["--certificate", "none.json"], 66, "none.json"),
    (["--cv", "balloons.csv"], 65, "not what 'bidual cv --json' prints"),
    (["--path", "model.json"], 65, "there is no path in it"),
    (["--log", "balloons.csv"], 65, "line 1 is no round of training"),
    (["--cv", "model.json"], 65, "there are no scores in it"),
  ]) func filesOfOtherKindsAreNamed(arguments: [String], status: Int, message: String) throws {
    let folder = try Trained.balloons.folder()
    let before = try folder.names
    let run = try Program.run(
      ["report", "model.json", "balloons.csv", "--output", "r.html"] + arguments, in: folder)
    expectStatus(Int32(status), run)
    #expect(run.errors.contains(message), "\(run.errors)")
    #expect(try folder.names == before)
  }

  /// The page that training writes is the one that is made of its files.
  @Test func trainingWritesItsOwnPage() throws {
    let folder = try TemporaryFolder(.fertility)
    let columns = [
      "fertility.csv", "--target", "target", "--features", "age,hours_sitting", "--bias", "--quiet",
    ]
    let fit = try Program.run(
      ["fit"] + columns + [
        "--gap", "1e-3", "--output", "model.json", "--certificate", "certificate.json", "--log", "run.jsonl",
        "--report", "own.html",
      ], in: folder)
    expectStatus(0, fit)
    let run = try Program.run(
      [
        "report", "model.json", "fertility.csv", "--certificate", "certificate.json", "--log", "run.jsonl",
        "--output", "made.html",
      ], in: folder)
    expectStatus(0, run)
    #expect(try folder.read("own.html") == folder.read("made.html"))
    let cv = try Program.run(
      ["cv"] + columns + [
        "--folds", "3", "--betas", "3", "--beta-min-ratio", "0.2", "--gap", "0.1", "--report", "cv.html",
      ],
      in: folder)
    expectStatus(0, cv)
    #expect(String(decoding: try folder.read("cv.html"), as: UTF8.self).contains("<h2>Cross-validation</h2>"))
  }
}
