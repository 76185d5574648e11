import Foundation
import Testing

/// Classes, losses, weights and the new subcommands, as a user meets them.
@Suite struct ClassificationTests {
  /// Points on a line, told apart at 0, with labels of text.
  private func folder(labels: (Double) -> String) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    var text = "x,count,kind\n"
    for i in -10...10 where i != 0 { text += "\(Double(i) / 3),\(abs(i)),\(labels(Double(i)))\n" }
    try folder.write(text, to: "data.csv")
    return folder
  }

  private let fit = [
    "fit", "data.csv", "--target", "kind", "--features", "x", "--bias", "--output", "m.json", "--certificate",
    "c.json", "--json",
  ]

  @Test(arguments: ["logistic", "hinge"]) func labelsOfTextAreLearntAndPredicted(loss: String) throws {
    let folder = try folder { $0 > 0 ? "ja, gewiß" : "\"nein\"" }
    try folder.write(
      "x,count,kind\n-2,1,no\n-1,1,no\n1,2,yes please\n2,2,yes please\n", to: "data.csv")
    let run = try Program.run(fit + ["--loss", loss, "--beta", "0.01"], in: folder)
    expectStatus(0, run)
    let verified = try Program.run(["verify", "m.json", "c.json", "data.csv"], in: folder)
    expectStatus(0, verified)
    let predicted = try Program.run(["predict", "m.json", "data.csv"], in: folder)
    #expect(predicted.text == "kind\nno\nno\n\"yes please\"\n\"yes please\"\n")
    let score = try Program.run(["predict", "m.json", "data.csv", "--score"], in: folder)
    // Margins are no probabilities.
    #expect(
      score.text.hasPrefix("accuracy 1.0 (4 of 4 rows)")
        && score.text.contains("log-loss") == (loss == "logistic"))
    let raw = try Program.run(["predict", "m.json", "data.csv", "--raw"], in: folder)
    #expect(
      raw.text.split(separator: "\n").dropFirst().map { Double($0)! > 0 } == [false, false, true, true])
  }

  @Test func threeClassesNeedAPositiveOne() throws {
    let folder = try folder { $0 > 3 ? "c" : $0 > 0 ? "b" : "a" }
    let refused = try Program.run(fit + ["--loss", "hinge"], in: folder)
    expectStatus(65, refused)
    #expect(
      refused.errors
        == "bidual: data.csv: column 'kind' has 3 classes ('a', 'b', 'c'), but the loss takes two; name the one to tell from the rest with --positive\n"
    )
    let run = try Program.run(fit + ["--loss", "hinge", "--positive", "c"], in: folder)
    expectStatus(0, run)
    let score = try Program.run(["predict", "m.json", "data.csv", "--score", "--json"], in: folder)
    #expect(try #require(try JSONValue(score.output)["accuracy"]?.double) > 0.9)
    let unknown = try Program.run(fit + ["--loss", "hinge", "--positive", "z"], in: folder)
    expectStatus(65, unknown)
    #expect(unknown.errors.contains("has no label 'z'"))
  }

  @Test func textWhereNumbersAreDue() throws {
    let folder = try folder { $0 > 0 ? "b" : "a" }
    let run = try Program.run(fit, in: folder)
    expectStatus(65, run)
    #expect(run.errors.contains("row 1, column 'kind': \"a\" is not a number"))
    #expect(try folder.names == ["data.csv"])
  }

  @Test func negativeCountsAndBadWeights() throws {
    let folder = try TemporaryFolder()
    try folder.write("x,y,w\n1,2,1\n2,-1,1\n3,4,-2\n", to: "data.csv")
    func fit(_ more: [String]) throws -> Program.Run {
      try Program.run(["fit", "data.csv", "--target", "y", "--features", "x"] + more, in: folder)
    }
    let poisson = try fit(["--loss", "poisson"])
    expectStatus(65, poisson)
    #expect(poisson.errors.contains("row 2: target -1.0 is negative"))
    let weights = try fit(["--weights", "w"])
    expectStatus(65, weights)
    #expect(weights.errors.contains("row 3, column 'w': the sample weight -2.0 is not a number from 0 on"))
    try folder.write("x,y,w\n1,2,1\n2,1,nan\n3,4,2\n", to: "data.csv")
    let nan = try fit(["--weights", "w"])
    expectStatus(65, nan)
    #expect(nan.errors.contains("row 2, column 'w': \"nan\" is not a finite number"))
    let both = try fit(["--weights", "y"])
    expectStatus(65, both)
    #expect(both.errors.contains("the target and the weights at once"))
  }

  @Test func weightsOffsetAndVerification() throws {
    let folder = try folder { $0 > 1 ? "b" : "a" }
    let run = try Program.run(
      fit + ["--loss", "logistic", "--weights", "count", "--intercept", "--beta", "0.1"], in: folder)
    expectStatus(0, run)
    #expect(try JSONValue(run.output)["offset"]?.double != nil)
    expectStatus(0, try Program.run(["verify", "m.json", "c.json", "data.csv"], in: folder))
  }

  @Test func interpolation() throws {
    let folder = try TemporaryFolder()
    try folder.write("x,y\n1,2\n2,-1\n3,4\n", to: "data.csv")
    let arguments = [
      "fit", "data.csv", "--target", "y", "--bias", "--interpolate", "--output", "m.json", "--certificate",
      "c.json", "--json",
    ]
    let run = try Program.run(arguments, in: folder)
    expectStatus(0, run)
    #expect(try JSONValue(run.output)["loss"] == .text("interpolation"))
    expectStatus(0, try Program.run(["verify", "m.json", "c.json", "data.csv"], in: folder))
    let predicted = try Program.run(["predict", "m.json", "data.csv"], in: folder)
    for (found, wanted) in zip(predicted.text.split(separator: "\n").dropFirst(), [2.0, -1, 4]) {
      #expect(abs(Double(found)! - wanted) <= 1e-7)
    }
    try folder.write("x,y\n1,2\n2,-1\n1,4\n", to: "data.csv")
    let refused = try Program.run(arguments, in: folder)
    expectStatus(65, refused)
    #expect(refused.errors.hasPrefix("bidual: rows 1 and 3: the inputs are equal"))
  }

  @Test func certifyJudgesANetwork() throws {
    let folder = try Trained.balloons.folder()
    let run = try Program.run(
      ["certify", "model.json", "balloons.csv", "--json", "--gap", "1e-3"], in: folder)
    expectStatus(0, run)
    let report = try JSONValue(run.output)
    #expect(report["stationary"] == .flag(true))
    #expect(try #require(report["relativeGap"]?.double) <= 2e-3)
    // Twice the output weights: neither balanced nor stationary, and the bound is the same.
    let model = try JSONValue(try folder.read("model.json"))
      .replacing([.field("output"), .index(0)], by: .number(3))
    try folder.write(try model.bytes, to: "other.json")
    let other = try JSONValue(
      try Program.run(["certify", "other.json", "balloons.csv", "--json", "--gap", "1e-3"], in: folder).output
    )
    #expect(other["stationary"] == .flag(false))
    #expect(try #require(other["relativeGap"]?.double) > 1e-3)
    #expect(try #require(other["balancedObjective"]?.double) < (try #require(other["objective"]?.double)))
    let beta = try JSONValue(
      try Program.run(
        ["certify", "model.json", "balloons.csv", "--beta", "0.5", "--json"], in: folder
      ).output)
    #expect(beta["beta"]?.double == 0.5)
    expectStatus(64, try Program.run(["certify", "model.json", "balloons.csv", "--beta", "0"], in: folder))
  }

  @Test func compareTabulatesMethods() throws {
    let folder = try folder { $0 > 1 ? "b" : "a" }
    let run = try Program.run(
      [
        "compare", "data.csv", "--target", "kind", "--features", "x", "--bias", "--loss", "logistic",
        "--methods", "exact adam gaussian:20", "--epochs", "50", "--test", "data.csv", "--json",
      ], in: folder)
    expectStatus(0, run)
    let report = try JSONValue(run.output)
    let rows = try #require(report["methods"])
    #expect(rows.elements.count == 3)
    let bound = try #require(report["lowerBound"]?.double)
    for row in rows.elements {
      #expect(try #require(row["objective"]?.double) >= bound)
      #expect(try #require(row["score"]?.double) > 0.5)
    }
    let unknown = try Program.run(
      ["compare", "data.csv", "--target", "kind", "--methods", "magic"], in: folder)
    expectStatus(64, unknown)
  }

  @Test func patternFilesOfTheWrongKind() throws {
    let folder = try folder { _ in "1" }
    try folder.write("x,count,kind\n1,1,2\n2,1,3\n-1,2,0\n", to: "data.csv")
    try folder.write("not numpy", to: "gates.npy")
    for (patterns, status) in [
      ("gates:gates.npy", Int32(65)), ("gates:none.npy", 66), ("gaussian:0", 64), ("magic:3", 64),
      ("network:none.json", 66),
    ] {
      expectStatus(status, try Program.run(fit + ["--patterns", patterns], in: folder))
    }
    #expect(try folder.names == ["data.csv", "gates.npy"])
  }

  /// Networks that nothing but their own training assesses are refused, not misjudged.
  @Test(arguments: [["--norm", "l1"], ["--interpolate"], ["--architecture", "linear"]])
  func whatCertifyCannotAssess(setting: [String]) throws {
    let folder = try TemporaryFolder(.balloons)
    let beta = setting == ["--interpolate"] ? [] : ["--beta", "0.1"]
    let fit = try Program.run(
      ["fit", "balloons.csv", "--target", "target", "--output", "m.json"] + setting + beta, in: folder)
    #expect(fit.status == 0 || fit.status == 2, "\(fit.errors)")
    let run = try Program.run(["certify", "m.json", "balloons.csv"], in: folder)
    expectStatus(65, run)
    #expect(run.errors.contains("use verify with their certificate"), "\(run.errors)")
    #expect(run.text == "")
  }
}
