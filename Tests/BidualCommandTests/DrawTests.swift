import Foundation
import Testing

/// `plot` as a user meets it: each picture of a report, alone.
@Suite struct DrawTests {
  private func fit(_ folder: TemporaryFolder, _ arguments: [String]) throws {
    expectStatus(
      0,
      try Program.run(
        ["fit", "--bias", "--beta-ratio", "0.3", "--gap", "1e-2", "--output", "model.json", "--quiet"]
          + arguments,
        in: folder))
  }

  private func expectPicture(_ run: Program.Run, _ words: String) {
    expectStatus(0, run)
    #expect(run.text.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\""), "\(run.text.prefix(80))")
    #expect(run.text.contains(words), "\(words)")
    #expect(run.text.hasSuffix("</svg>\n"))
  }

  @Test func numbersHaveTheirPictures() throws {
    let folder = try TemporaryFolder(.fertility)
    let columns = ["--target", "target", "--features", "age,hours_sitting", "--standardize"]
    try fit(folder, ["fertility.csv", "--log", "run.jsonl"] + columns)
    for (kind, words) in [
      ("actual", "target: actual against predicted"), ("residuals", "target: what is left"),
      ("plane", "The prediction over both features"), ("dependence", ">age</text>"),
    ] {
      expectPicture(try Program.run(["plot", kind, "fertility.csv", "model.json"], in: folder), words)
    }
    expectPicture(
      try Program.run(
        ["plot", "dependence", "fertility.csv", "model.json", "--of", "hours_sitting"], in: folder),
      ">hours_sitting</text>")
    expectPicture(try Program.run(["plot", "training", "run.jsonl"], in: folder), "Bounds against time")
    let grid = ["--betas", "3", "--gap", "1e-2", "--json", "--quiet"]
    for (command, extra) in [("cv", ["--folds", "3", "--score", "mse,r2"]), ("path", [])] {
      let run = try Program.run([command, "fertility.csv"] + columns + grid + extra, in: folder)
      try folder.write(run.output, to: "\(command).json")
    }
    expectPicture(
      try Program.run(["plot", "scores", "cv.json", "--of", "r2"], in: folder), "r2 by cross-validation")
    expectPicture(try Program.run(["plot", "path", "path.json"], in: folder), "The optimum over beta")
    // The picture in the page, with its style.
    expectStatus(
      0, try Program.run(["plot", "actual", "fertility.csv", "model.json", "--output", "a.svg"], in: folder))
    expectStatus(
      0, try Program.run(["report", "model.json", "fertility.csv", "--output", "r.html"], in: folder))
    let alone = String(decoding: try folder.read("a.svg"), as: UTF8.self)
      .replacing(/<style>[^<]*<\/style>\n/, with: "")
    #expect(String(decoding: try folder.read("r.html"), as: UTF8.self).contains(alone))
  }

  @Test func classesHaveTheirPictures() throws {
    let folder = try TemporaryFolder(.balloons)
    try fit(folder, ["balloons.csv", "--target", "target", "--loss", "logistic"])
    for (kind, words) in [("confusion", "Confusion"), ("roc", "ROC, area"), ("calibration", "Calibration")] {
      expectPicture(try Program.run(["plot", kind, "balloons.csv", "model.json"], in: folder), words)
    }
  }

  @Test(arguments: [
    (
      ["roc", "fertility.csv", "model.json"], 64,
      "the plot 'roc' is for two classes, but the model predicts numbers"
    ),
    (
      ["confusion", "fertility.csv", "model.json"], 64,
      "the plot 'confusion' is for classes, but the model predicts numbers; draw actual or residuals"
    ),
    (
      ["calibration", "fertility.csv", "model.json"], 64,
      "the plot 'calibration' is for two classes and the logistic or the softmax loss"
    ),
    (
      ["plane", "fertility.csv", "model.json"], 64,
      "the plot 'plane' is for two features and one output, but there are 3 and 1; draw dependence"
    ),
    (
      ["dependence", "fertility.csv", "model.json", "--of", "height"], 64,
      "there is no feature 'height' to draw; there are 'age', 'hours_sitting'"
    ),
    (
      ["actual", "fertility.csv", "model.json", "--of", "height"], 64,
      "there is no target 'height' to draw; there are 'target'"
    ),
    (["roc", "fertility.csv"], 64, "the plot 'roc' is of data and a model; give the model after the data"),
    (
      ["path", "fertility.csv", "model.json"], 64,
      "the plot 'path' is of one file that a run wrote; leave out the model"
    ),
    (
      ["roc", "fertility.csv", "model.json", "--of", "age"], 64,
      "--of is for plots of which there are several"
    ),
    (["beauty", "fertility.csv"], 64, "The value 'beauty' is invalid for '<kind>'"),
    (["path", "fertility.csv"], 65, "fertility.csv: not what 'bidual path --json' prints"),
    (["scores", "missing.json"], 66, "missing.json"),
    (["actual", "fertility.csv", "model.json", "--output", "no/where.svg"], 73, "no/where.svg"),
  ]) func whatCanNotBeDrawnIsSaid(arguments: [String], status: Int, message: String) throws {
    let folder = try TemporaryFolder(.fertility)
    try fit(folder, ["fertility.csv", "--target", "target", "--features", "age,hours_sitting,season"])
    let run = try Program.run(["plot"] + arguments, in: folder)
    expectStatus(Int32(status), run)
    #expect(run.errors.contains(message), "\(run.errors)")
    #expect(run.text.isEmpty)
  }
}
