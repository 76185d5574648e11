import Foundation
import Testing

/// What `fit` reports and writes on small real data.
@Suite struct FitTests {
  /// Data with settings that are solved quickly.
  struct Case: CustomTestStringConvertible {
    let data: BundledData
    var features: [String]?
    var settings: [String] = []

    var testDescription: String { "\(data.file) \(features ?? []) \(settings)" }

    var arguments: [String] {
      ["fit", data.file, "--target", "target", "--bias", "--gap", "1e-6", "--json"]
        + (features.map { ["--features", $0.joined(separator: ",")] } ?? []) + settings
    }
  }

  static let cases = [
    Case(data: .balloons, settings: ["--beta", "0.1"]),
    Case(data: .acuteInflammation, features: ["temperature", "nausea"], settings: ["--standardize"]),
    Case(data: .fertility, features: ["age", "hours_sitting"], settings: ["--standardize"]),
    Case(data: .breastTissue, features: ["i0", "pa500"], settings: ["--standardize"]),
  ]

  @Test(arguments: cases)
  func reportHasEveryFieldAndAgreesWithTheFiles(_ example: Case) throws {
    let folder = try TemporaryFolder(example.data)
    let run = try Program.run(
      example.arguments + ["--output", "model.json", "--certificate", "certificate.json"], in: folder)
    expectStatus(0, run)
    #expect(run.errors == "")
    #expect(run.output.filter { $0 == UInt8(ascii: "\n") }.count == 1 && run.text.hasSuffix("}\n"))
    let report = try JSONValue(run.output)
    #expect(
      report.fieldNames.subtracting(["betaMax"]) == [
        "objective", "lowerBound", "relativeGap", "scope", "status", "method", "neurons", "workingSet",
        "iterations", "beta", "loss", "architecture", "samples", "features", "rank", "seconds",
      ])
    // A scale for β is looked for where it is asked for.
    #expect(report.fieldNames.contains("betaMax") == !example.settings.contains("--beta"))
    let table = try example.data.table
    let model = try NaiveModel(try folder.read("model.json"))
    let objective = try #require(report["objective"]?.double)
    let lowerBound = try #require(report["lowerBound"]?.double)
    #expect(lowerBound <= objective)
    #expect(report["relativeGap"]?.double == (objective - lowerBound) / max(objective, 1e-12))
    #expect(try #require(report["relativeGap"]?.double) <= 1e-6)
    #expect(report["scope"] == .text("global") && report["status"] == .text("solved"))
    #expect(report["loss"] == .text("squared") && report["architecture"] == .text("two-layer"))
    #expect(report["samples"] == .integer(table.rows.count))
    #expect(report["features"] == .integer(model.features.count))
    #expect(report["neurons"] == .integer(model.output.count))
    #expect(report["rank"] == .integer(model.features.count + 1))
    #expect(report["beta"]?.double == model.beta)
    #expect(try #require(report["workingSet"]?.double) >= 1)
    #expect(try #require(report["seconds"]?.double) > 0)
    // The network in the file, from the raw data and by definition, has the objective reported.
    #expect(abs(model.objective(table) - objective) <= 1e-9 * objective)
    let certificate = try JSONValue(try folder.read("certificate.json"))
    for field in ["objective", "lowerBound", "relativeGap", "scope", "beta"] {
      #expect(certificate[field] == report[field], "\(field)")
    }
    #expect(try folder.names == [example.data.file, "model.json", "certificate.json"])
  }

  @Test(arguments: [
    Case(data: .balloons, features: ["yellow", "large"]),
    Case(data: .balloons, features: ["yellow", "large", "stretch"], settings: ["--beta", "0.1"]),
    Case(data: .acuteInflammation, features: ["temperature", "nausea"], settings: ["--standardize"]),
    Case(data: .acuteInflammation, features: ["nausea", "lumbar_pain", "urine_pushing"]),
  ])
  func allPatternsAgreeWithTheDefault(_ example: Case) throws {
    let folder = try TemporaryFolder(example.data)
    let adaptive = try Program.run(example.arguments, in: folder)
    let all = try Program.run(example.arguments + ["--patterns", "all"], in: folder)
    expectStatus(0, adaptive)
    expectStatus(0, all)
    let found = try #require(try JSONValue(adaptive.output)["objective"]?.double)
    let expected = try #require(try JSONValue(all.output)["objective"]?.double)
    #expect(abs(found - expected) <= 1.01e-6 * expected)
    #expect(try JSONValue(adaptive.output)["chambers"] == nil)

    let standardize = example.settings.filter { $0 == "--standardize" }
    let count = try Program.run(
      ["arrange", example.data.file, "--target", "target", "--bias", "--count", "--features"]
        + [try #require(example.features).joined(separator: ",")] + standardize, in: folder)
    expectStatus(0, count)
    let chambers = try #require(Int(count.text.dropLast()))
    #expect(try JSONValue(all.output)["chambers"] == .integer(chambers))
  }

  @Test(arguments: [1.0, 1.5])
  func fromBetaMaxOnTheZeroNetworkIsOptimal(ratio: Double) throws {
    let folder = try TemporaryFolder(.balloons)
    let run = try Program.run(
      ["fit", "balloons.csv", "--target", "target", "--beta-ratio", "\(ratio)", "--json"], in: folder)
    expectStatus(0, run)
    let report = try JSONValue(run.output)
    let beta = try #require(report["beta"]?.double)
    let betaMax = try #require(report["betaMax"]?.double)
    #expect(abs(beta - ratio * betaMax) <= 1e-12 * beta)
    #expect(report["neurons"] == .integer(0))
    let zero = try BundledData.balloons.table.column("target").reduce(0) { $0 + 0.5 * $1 * $1 }
    #expect(abs(try #require(report["objective"]?.double) - zero) <= 1e-12 * zero)
  }

  @Test func belowBetaMaxTheZeroNetworkIsNot() throws {
    let folder = try TemporaryFolder(.balloons)
    let run = try Program.run(
      ["fit", "balloons.csv", "--target", "target", "--beta-ratio", "0.99", "--json"], in: folder)
    expectStatus(0, run)
    #expect(try #require(try JSONValue(run.output)["neurons"]?.double) >= 1)
  }
}
