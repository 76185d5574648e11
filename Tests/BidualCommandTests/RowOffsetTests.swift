import Bidual
import Foundation
import Testing

/// `--offset` as a user meets it: a column that is added to what the network says.
@Suite struct RowOffsetTests {
  private static let rows = 24

  /// Numbers y with an offset o, counts k with log-exposures e, and what one would work out by hand of both.
  private func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    var text = "x,z,city,o,y,rest,e,k,rate,years\n"
    var offsets: [Double] = []
    for i in 0..<Self.rows {
      let (x, z, o) = (Double(i % 7) - 3, Double(i % 5), Double(i * 5 % 11) - 4)
      let rest = Double((i * i) % 6) - 2
      let years = Double(i % 4 + 1)
      let e = log(years)
      text +=
        "\(x),\(z),\(i % 3 == 0 ? "Oslo" : "Voss"),\(o),\(o + rest),\(rest),\(e),\(i % 5),\(Double(i % 5) / years),\(years)\n"
      offsets.append(o)
    }
    try folder.write(text, to: "data.csv")
    try NPYWriter.write(NPYArray(shape: [Self.rows], elements: offsets), to: folder.file("o.npy"))
    return folder
  }

  private func fit(_ arguments: [String], _ folder: TemporaryFolder) throws -> Double {
    let run = try Program.run(
      [
        "fit", "data.csv", "--features", "x,z", "--bias", "--standardize", "--beta", "0.7", "--gap", "1e-6",
        "--quiet", "--json",
      ]
        + arguments, in: folder)
    expectStatus(0, run, "\(arguments)")
    return try #require(JSONValue(run.output)["objective"]?.double)
  }

  private func predictions(_ model: String, _ folder: TemporaryFolder) throws -> [Double] {
    let run = try Program.run(["predict", model, "data.csv"], in: folder)
    expectStatus(0, run)
    return NaiveTable(run.text).rows.map { $0[0] }
  }

  private static let files = ["--output", "model.json", "--certificate", "certificate.json"]

  @Test(arguments: [
    [], ["--loss", "absolute"], ["--loss", "huber", "--threshold", "0.5"],
    ["--loss", "quantile", "--level", "0.3"],
  ]) func numbersLessTheOffsetAreWhatTheNetworkLearns(loss: [String]) throws {
    let folder = try folder()
    let own = try fit(loss + ["--target", "y", "--offset", "o"] + Self.files, folder)
    let byHand = try fit(loss + ["--target", "rest", "--output", "hand.json"], folder)
    #expect(abs(own - byHand) <= 1e-9 * byHand)
    let data = NaiveTable(
      String(decoding: try folder.read("data.csv"), as: UTF8.self).replacing("Oslo", with: "0").replacing(
        "Voss", with: "1"))
    for (i, pair) in zip(try predictions("model.json", folder), try predictions("hand.json", folder))
      .enumerated()
    {
      #expect(abs(pair.0 - pair.1 - data.rows[i][3]) <= 1e-9)
    }
    let verify = try Program.run(["verify", "model.json", "certificate.json", "data.csv"], in: folder)
    expectStatus(0, verify)
    #expect(verify.text.contains("'o' added to the outputs"), "\(verify.text)")
    expectStatus(
      0, try Program.run(["certify", "model.json", "data.csv", "--gap", "1e-3", "--quiet"], in: folder))
    let model = try JSONValue(folder.read("model.json"))
    #expect(model["version"]?.double == 7 && model["rowOffset"] == .text("o"))
    // Both are compared with what is predicted, not with what the network says.
    let score = try Program.run(["predict", "model.json", "data.csv", "--score", "--json"], in: folder)
    let other = try Program.run(["predict", "hand.json", "data.csv", "--score", "--json"], in: folder)
    #expect(
      abs(
        try #require(JSONValue(score.output)["meanAbsolute"]?.double)
          - (try #require(JSONValue(other.output)["meanAbsolute"]?.double))) <= 1e-9)
  }

  @Test func exposuresAreWeightsOfRates() throws {
    let folder = try folder()
    let own = try fit(["--loss", "poisson", "--target", "k", "--offset", "e"] + Self.files, folder)
    let byHand = try fit(
      ["--loss", "poisson", "--target", "rate", "--weights", "years", "--output", "hand.json"], folder)
    // Standardisation counts rows by their weights, and an offset is none.
    #expect(own > 0 && byHand > 0)
    let plain = [
      "fit", "data.csv", "--features", "x,z", "--loss", "poisson", "--beta", "0.7", "--gap", "1e-7",
      "--quiet", "--json",
    ]
    let pair = try [["--target", "k", "--offset", "e"], ["--target", "rate", "--weights", "years"]].map {
      try #require(JSONValue(try Program.run(plain + $0, in: folder).output)["objective"]?.double)
    }
    #expect(abs(pair[0] - pair[1]) <= 1e-6 * pair[1])
    expectStatus(0, try Program.run(["verify", "model.json", "certificate.json", "data.csv"], in: folder))
  }

  @Test func offsetsMayStandInAFileOrBesideWords() throws {
    let folder = try folder()
    let column = try fit(["--target", "y", "--offset", "o"], folder)
    let file = try fit(["--target", "y", "--offset", "o.npy"] + Self.files, folder)
    #expect(column == file)
    expectStatus(
      0,
      try Program.run(
        ["verify", "model.json", "certificate.json", "data.csv", "--offset", "o.npy"], in: folder))
    expectStatus(0, try Program.run(["predict", "model.json", "data.csv", "--offset", "o.npy"], in: folder))
    let missing = try Program.run(["predict", "model.json", "data.csv"], in: folder)
    expectStatus(65, missing)
    #expect(missing.errors.contains("there is no column 'offset'"), "\(missing.errors)")
    let words = try Program.run(
      [
        "fit", "data.csv", "--target", "y", "--features", "x,city", "--offset", "o", "--gap", "1e-3",
        "--quiet",
      ] + Self.files,
      in: folder)
    expectStatus(0, words)
    expectStatus(0, try Program.run(["verify", "model.json", "certificate.json", "data.csv"], in: folder))
    expectStatus(0, try Program.run(["predict", "model.json", "data.csv"], in: folder))
    expectStatus(
      0, try Program.run(["report", "model.json", "data.csv", "--output", "report.html"], in: folder))
  }

  /// Out-of-fold predictions hold the offset, and scores are of them.
  @Test func foldsAddTheOffset() throws {
    let folder = try folder()
    let run = try Program.run(
      [
        "cv", "data.csv", "--features", "x,z", "--target", "y", "--offset", "o", "--folds", "2", "--betas",
        "2", "--score",
        "mae", "--gap", "0.1", "--predictions", "oof.csv", "--json", "--quiet",
      ], in: folder)
    expectStatus(0, run)
    let report = try JSONValue(run.output)
    let chosen = Int(try #require(report["chosen"]?.double))
    let assignment = try #require(report["splits"]?.elements.first?["assignment"]).elements.map {
      Int($0.double ?? -1)
    }
    let predicted = NaiveTable(String(decoding: try folder.read("oof.csv"), as: UTF8.self)).rows.map { $0[0] }
    let data = NaiveTable(
      String(decoding: try folder.read("data.csv"), as: UTF8.self).replacing("Oslo", with: "0").replacing(
        "Voss", with: "1"))
    let folds = try #require(report["curves"]?.elements.first?["points"]?.elements[chosen]["folds"]).elements
    for fold in 0..<2 {
      let own = assignment.indices.filter { assignment[$0] == fold }
      let error = own.reduce(0) { $0 + abs(predicted[$1] - data.rows[$1][4]) } / Double(own.count)
      #expect(abs(error - (try #require(folds[fold].double))) <= 1e-12)
    }
  }

  @Test(arguments: [
    (
      ["--target", "city", "--loss", "logistic", "--offset", "o"], 64,
      "an offset is added to numbers, but the targets are classes"
    ),
    (
      ["--target", "city", "--one-hot", "--offset", "o"], 64,
      "an offset is added to numbers, but the targets are classes"
    ),
    (
      ["--target", "y", "--offset", "y"], 65,
      "column 'y' is the target and the offset at once; name two columns"
    ),
    (
      ["--target", "y", "--offset", "x"], 65,
      "column 'x' is the offset and a feature at once; drop it from --features"
    ),
    (
      ["--target", "y", "--weights", "years", "--offset", "years"], 65,
      "column 'years' is the weights and the offset at once"
    ),
    (["--target", "y", "--offset", "nothing"], 65, "there is no column 'nothing'"),
    (["--target", "y", "--offset", "city"], 65, "city"),
  ]) func whatCanNotBeIsSaid(arguments: [String], status: Int, message: String) throws {
    let folder = try folder()
    let run = try Program.run(
      ["fit", "data.csv", "--features", "x,z", "--output", "model.json", "--quiet"] + arguments, in: folder)
    expectStatus(Int32(status), run)
    #expect(run.errors.contains(message), "\(run.errors)")
    #expect(try folder.names == ["data.csv", "o.npy"])
  }

  /// A model with another column of offsets, or none, is another; so are data with other offsets.
  @Test func offsetsAreSealed() throws {
    let folder = try folder()
    _ = try fit(["--target", "y", "--offset", "o"] + Self.files, folder)
    let text = String(decoding: try folder.read("model.json"), as: UTF8.self)
    let field = try #require(text.firstMatch(of: /"rowOffset"\s*:\s*"o"/)).0
    for (changed, status) in [("\"rowOffset\":\"e\"", Int32(3)), ("\"other\":\"o\"", 65)] {
      try folder.write(text.replacing(field, with: changed), to: "changed.json")
      expectStatus(
        status, try Program.run(["verify", "changed.json", "certificate.json", "data.csv"], in: folder),
        changed)
    }
    let data = String(decoding: try folder.read("data.csv"), as: UTF8.self)
    try folder.write(data.replacing("Oslo,-4.0,", with: "Oslo,-4.5,"), to: "data.csv")
    let other = try Program.run(["verify", "model.json", "certificate.json", "data.csv"], in: folder)
    expectStatus(3, other)
    #expect(other.errors.contains("the certificate is of another data set"), "\(other.errors)")
  }

  @Test func exposuresThatAreNoLogarithmsAreRefused() throws {
    let folder = try TemporaryFolder()
    try folder.write("x,o,k\n1,2000,1\n2,10,3\n0,5,2\n", to: "data.csv")
    let run = try Program.run(
      ["fit", "data.csv", "--target", "k", "--offset", "o", "--loss", "poisson", "--quiet"], in: folder)
    expectStatus(65, run)
    #expect(
      run.errors.contains(
        "row 1, column 'o': the poisson loss can't take the offset 2000.0; of exposures give the logarithms"),
      "\(run.errors)")
  }
}
