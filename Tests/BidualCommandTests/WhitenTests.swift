import Foundation
import Testing

/// `--whiten`, from fit to verify and predict.
@Suite struct WhitenTests {
  /// Six samples of eight features: more than a search for chambers could prove at the last digits.
  private static let data =
    "a,b,c,d,e,f,g,h,y\n"
    + (0..<6).map { i in
      (0..<9).map { k in "\(Double((i * 7 + k * k * 3 + i * i * k) % 17) - 6)" }.joined(separator: ",")
    }.joined(separator: "\n") + "\n"

  @Test(arguments: ["zca", "pca"], [[], ["--bias"], ["--standardize", "--bias"]])
  func whitenedFitsAreCertifiedAndVerified(kind: String, settings: [String]) throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.data, to: "data.csv")
    let fit = try Program.run(
      [
        "fit", "data.csv", "--target", "y", "--whiten", kind, "--gap", "1e-7", "--json", "--output",
        "model.json",
      ]
        + ["--certificate", "certificate.json"] + settings, in: folder)
    expectStatus(0, fit)
    let report = try JSONValue(fit.output)
    #expect(report["method"] == .text(settings.isEmpty ? "whitened" : "spikeFree"))
    #expect(report["scope"] == .text("global") && report["status"] == .text("solved"))
    #expect(report["features"] == .integer(8) && report["rank"] == .integer(6))
    let model = try NaiveModel(try folder.read("model.json"))
    #expect(model.whitening?.kind == kind && model.whitening?.matrix.count == 8)
    let table = NaiveTable(Self.data)
    let objective = try #require(report["objective"]?.double)
    #expect(abs(model.objective(table) - objective) <= 1e-9 * objective)
    let verify = try Program.run(["verify", "model.json", "certificate.json", "data.csv"], in: folder)
    expectStatus(0, verify)
    // The map is the model's, not the new rows': a single row is whitened like the data it came with.
    let row = table.columns(model.features)[2]
    let header = model.features.joined(separator: ",")
    try folder.write(header + "\n" + row.map { "\($0)" }.joined(separator: ",") + "\n", to: "new.csv")
    let predict = try Program.run(["predict", "model.json", "new.csv"], in: folder)
    expectStatus(0, predict)
    let prediction = try #require(Double(predict.text.split(separator: "\n")[1]))
    #expect(abs(prediction - model.prediction(row)) < 1e-10)
    // A certificate for another map is not this model's.
    let forged = try JSONValue(try folder.read("model.json"))
      .replacing([.field("whitening"), .field("matrix"), .index(0), .index(0)], by: .number(0.25))
    try folder.write(try forged.bytes, to: "model.json")
    expectStatus(3, try Program.run(["verify", "model.json", "certificate.json", "data.csv"], in: folder))
  }

  @Test func whitenedSamplesHaveAllChambers() throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.data, to: "data.csv")
    let run = try Program.run(["arrange", "data.csv", "--target", "y", "--whiten", "pca"], in: folder)
    expectStatus(0, run)
    #expect(run.text == "64\n")
  }

  @Test func badRequests() throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.data, to: "data.csv")
    expectStatus(64, try Program.run(["fit", "data.csv", "--target", "y", "--whiten", "lda"], in: folder))
    try folder.write("a,y\n1,1\n1,2\n1,3\n", to: "data.csv")
    let run = try Program.run(
      ["fit", "data.csv", "--target", "y", "--whiten", "pca", "--standardize"], in: folder)
    expectStatus(65, run)
    #expect(run.errors.contains("all features are zero or constant, so there is nothing to whiten"))
  }
}
