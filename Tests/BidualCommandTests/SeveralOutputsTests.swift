import Foundation
import Testing

/// Classes in any number and several targets, as a user meets them.
@Suite struct SeveralOutputsTests {
  /// Three classes on a line, two numbers beside them.
  private func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    var text = "x,kind,a,b,same\n"
    for i in -12...12 {
      let x = Double(i) / 4
      let kind = i < -4 ? "low" : i > 4 ? "\"high, very\"" : "mid"
      text += "\(x),\(kind),\(abs(x)),\(max(0, x)),only\n"
    }
    try folder.write(text, to: "data.csv")
    return folder
  }

  private let fit = [
    "fit", "data.csv", "--features", "x", "--bias", "--output", "m.json", "--certificate", "c.json", "--json",
  ]

  private func report(_ run: Program.Run) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(run.output)) as? [String: Any])
  }

  @Test(arguments: [[], ["--intercept"]]) func classesAreLearntPredictedAndVerified(more: [String]) throws {
    let folder = try folder()
    let run = try Program.run(
      fit + ["--target", "kind", "--loss", "softmax", "--beta", "0.05"] + more, in: folder)
    expectStatus(0, run)
    let report = try report(run)
    #expect(report["scope"] as? String == "global" && report["status"] as? String == "solved")
    #expect(report["outputs"] as? Int == 3)
    #expect((report["offsets"] as? [Double])?.count == (more.isEmpty ? nil : 3))
    expectStatus(0, try Program.run(["verify", "m.json", "c.json", "data.csv"], in: folder))
    let predicted = try Program.run(["predict", "m.json", "data.csv"], in: folder)
    let labels = predicted.text.split(separator: "\n")
    #expect(labels.first == "kind" && labels.count == 26)
    #expect(labels[1] == "low" && labels[13] == "mid" && labels[25] == "\"high, very\"")
    let score = try self.report(
      try Program.run(["predict", "m.json", "data.csv", "--score", "--json"], in: folder))
    #expect(score["accuracy"] as? Double ?? 0 > 0.9 && score["logLoss"] as? Double ?? 9 < 0.5)
    let shares = try Program.run(["predict", "m.json", "data.csv", "--probabilities"], in: folder)
    let rows = shares.text.split(separator: "\n")
    #expect(rows.first == "\"high, very\",low,mid" && rows.count == 26)
    for row in rows.dropFirst() {
      let numbers = row.split(separator: ",").compactMap { Double($0) }
      #expect(numbers.count == 3 && abs(numbers.reduce(0, +) - 1) < 1e-12)
    }
    let raw = try Program.run(["predict", "m.json", "data.csv", "--raw"], in: folder)
    #expect(raw.text.hasPrefix("\"high, very\",low,mid\n"))
    let certified = try Program.run(["certify", "m.json", "data.csv", "--quiet", "--json"], in: folder)
    expectStatus(0, certified)
    #expect(try self.report(certified)["stationary"] as? Bool == true)
  }

  @Test func severalTargetsAreLearntTogether() throws {
    let folder = try folder()
    let run = try Program.run(fit + ["--target", "a,b"], in: folder)
    expectStatus(0, run)
    expectStatus(0, try Program.run(["verify", "m.json", "c.json", "data.csv"], in: folder))
    let predicted = try Program.run(["predict", "m.json", "data.csv"], in: folder)
    #expect(predicted.text.hasPrefix("a,b\n") && predicted.text.split(separator: "\n").count == 26)
    let score = try report(
      try Program.run(["predict", "m.json", "data.csv", "--score", "--json"], in: folder))
    #expect(score["r2"] as? Double ?? 0 > 0.8)
    // The data with a target that moved are other data.
    let text = String(decoding: try folder.read("data.csv"), as: UTF8.self)
    try folder.write(text.replacingOccurrences(of: "3.0,3.0", with: "3.0,3.5"), to: "other.csv")
    expectStatus(3, try Program.run(["verify", "m.json", "c.json", "other.csv"], in: folder))
  }

  @Test func classesHaveOutputsOfTheirOwnOnDemand() throws {
    let folder = try folder()
    let run = try Program.run(fit + ["--target", "kind", "--one-hot"], in: folder)
    expectStatus(0, run)
    expectStatus(0, try Program.run(["verify", "m.json", "c.json", "data.csv"], in: folder))
    let score = try report(
      try Program.run(["predict", "m.json", "data.csv", "--score", "--json"], in: folder))
    #expect(score["accuracy"] as? Double ?? 0 > 0.8 && score["logLoss"] == nil)
    let refused = try Program.run(["predict", "m.json", "data.csv", "--probabilities"], in: folder)
    expectStatus(64, refused)
  }

  @Test(
    arguments: [
      (
        ["--target", "same", "--loss", "softmax"], 65,
        "bidual: data.csv: column 'same' is 'only' in every row: there is nothing to learn; check --target\n"
      ),
      (
        ["--target", "a,a"], 65,
        "bidual: --target names column 'a' twice; name it once\n"
      ),
      (
        ["--target", "kind,a", "--loss", "softmax"], 65,
        "bidual: --target names 2 columns, but classes stand in one; name one\n"
      ),
      (
        ["--target", "a,b", "--norm", "l1"], 64,
        "bidual: two-layer networks under the l1 norm don't have 2 outputs; train two-layer networks under the l2 norm\n"
      ),
      (
        ["--target", "a,b", "--method", "clifford"], 64,
        "bidual: the Clifford lasso is not made for two-layer networks under the l2 norm with the squared loss and 2 outputs; use the default method\n"
      ),
    ] as [([String], Int32, String)])
  func badRequestsAreRefused(arguments: [String], status: Int32, message: String) throws {
    let folder = try folder()
    let run = try Program.run(fit + arguments, in: folder)
    expectStatus(status, run)
    #expect(run.errors == message)
  }

  /// A model of other classes than the file has.
  @Test func unknownClassesAreNamed() throws {
    let folder = try folder()
    expectStatus(0, try Program.run(fit + ["--target", "kind", "--loss", "softmax"], in: folder))
    try folder.write("x,kind\n1,mid\n2,odd\n", to: "other.csv")
    let run = try Program.run(["predict", "m.json", "other.csv", "--score"], in: folder)
    expectStatus(65, run)
    #expect(
      run.errors
        == "bidual: other.csv: row 2, column 'kind': 'odd' is none of the classes 'high, very', 'low', 'mid'; correct it or drop the row\n"
    )
  }
}
