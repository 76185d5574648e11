import Bidual
import Foundation
import Testing

/// Certificates over given patterns: written by `fit`, re-checked by `verify`, and hard to forge.
@Suite struct RestrictedTests {
  private static let fit = [
    "fit", BundledData.fertility.file, "--target", "target", "--bias", "--standardize", "--quiet",
    "--gap", "1e-6", "--output", "m.json", "--certificate", "c.json",
  ]
  private static let verify = ["verify", "m.json", "c.json", BundledData.fertility.file]

  private func folder(_ patterns: String, _ more: [String] = []) throws -> TemporaryFolder {
    let folder = try TemporaryFolder(.fertility)
    expectStatus(0, try Program.run(Self.fit + ["--patterns", patterns] + more, in: folder))
    return folder
  }

  @Test(arguments: [
    ("gaussian:30", [String]()), ("gaussian:20,trained:5", ["--intercept"]),
    ("clusters:10", ["--loss", "absolute"]), ("products:10,complements", ["--loss", "logistic"]),
  ]) func whatFitProvesIsProvenAgain(patterns: String, more: [String]) throws {
    let folder = try folder(patterns, more)
    let run = try Program.run(Self.verify + ["--json"], in: folder)
    expectStatus(0, run)
    let report = try JSONValue(run.output)
    #expect(report["scope"] == .text("restricted"))
    #expect(try #require(report["relativeGap"]?.double) <= 1e-6)
    let words = try Program.run(Self.verify, in: folder)
    #expect(words.text.contains("two-layer ReLU network on the "))
    #expect(!words.text.contains("certified"))
  }

  /// Reads the certificate, lets `forge` change it, seals it anew and verifies.
  private func verdict(
    _ folder: TemporaryFolder, _ forge: (Certificate, PatternRestriction) throws -> Certificate
  ) throws -> Program.Run {
    let model = try ModelFile.read(path: folder.file("m.json"))
    let dataset = try CSVReader().table(path: folder.file(BundledData.fertility.file))
      .dataset(target: "target", features: model.featureNames)
    let truth = try CertificateFile(path: folder.file("c.json")).certificate
    let forged = try forge(truth, try #require(truth.restriction))
    try CertificateFile(forged, model: model, dataset: dataset).write(to: folder.file("c.json"))
    let run = try Program.run(Self.verify, in: folder)
    try CertificateFile(truth, model: model, dataset: dataset).write(to: folder.file("c.json"))
    return run
  }

  @Test func forgeriesAreRefused() throws {
    let folder = try folder("gaussian:30")
    func with(_ certificate: Certificate, _ restriction: PatternRestriction?) throws -> Certificate {
      try Certificate(
        objective: certificate.objective, lowerBound: certificate.lowerBound, scope: certificate.scope,
        dualPoint: certificate.dualPoint, polarBound: certificate.polarBound,
        dualScale: certificate.dualScale, restriction: restriction)
    }
    expectStatus(0, try verdict(folder) { truth, restriction in try with(truth, restriction) })
    let polar = "bidual: not verified: the dual point's polar is not at most "
    // Without its multipliers the polar is not shown.
    let bare = try verdict(folder) { truth, restriction in
      try with(truth, PatternRestriction(restriction.patterns, multipliers: []))
    }
    expectStatus(3, bare)
    #expect(bare.errors.hasPrefix(polar))
    // Nor is it with the multipliers of the other sign.
    let swapped = try verdict(folder) { truth, restriction in
      try with(
        truth,
        PatternRestriction(
          restriction.patterns,
          multipliers: restriction.multipliers.map {
            ConeMultipliers(
              pattern: $0.pattern, isNegative: !$0.isNegative, rows: $0.rows, values: $0.values)
          }))
    }
    expectStatus(3, swapped)
    #expect(swapped.errors.hasPrefix(polar))
    // A restricted bound can't pass for a global one.
    let bold = try verdict(folder) { truth, _ in try with(truth, nil) }
    expectStatus(3, bold)
    #expect(bold.errors.contains("the certificate's scope is 'restricted'"))
    // Patterns of fewer samples.
    let short = try verdict(folder) { truth, restriction in
      try with(
        truth,
        PatternRestriction(
          PatternSet(rows: [[true, false, true]], samples: 3), multipliers: []))
    }
    expectStatus(3, short)
    #expect(short.errors.contains("patterns are of 3 samples"))
  }

  @Test func damagedRestrictionsAreBadDataOrAltered() throws {
    let folder = try folder("gaussian:5")
    let text = String(decoding: try folder.read("c.json"), as: UTF8.self)
    let first = try #require(text.firstRange(of: "\"patterns\" : ["))
    let start = try #require(text[first.upperBound...].firstIndex(of: "\""))
    var damaged = text
    damaged.insert(contentsOf: "!", at: text.index(after: start))
    try folder.write(damaged, to: "c.json")
    let notBase64 = try Program.run(Self.verify, in: folder)
    expectStatus(65, notBase64)
    #expect(notBase64.errors.contains("pattern 0 (counted from 0) is not one of "))
    let other = text[text.index(after: start)] == "A" ? "B" : "A"
    damaged = text
    damaged.replaceSubrange(
      text.index(after: start)..<text.index(start, offsetBy: 2), with: other)
    try folder.write(damaged, to: "c.json")
    let altered = try Program.run(Self.verify, in: folder)
    expectStatus(3, altered)
    #expect(altered.errors.contains("not those it was sealed with"))
  }

  /// A certificate over one pattern that is all off bounds networks without neurons: true, and no word about a
  /// network with some.
  @Test func aBoundOverOtherPatternsSaysNothingAboutTheNetwork() throws {
    let folder = try TemporaryFolder(.fertility)
    expectStatus(0, try Program.run(Self.fit + ["--patterns", "gaussian:30"], in: folder))
    let model = try ModelFile.read(path: folder.file("m.json"))
    let dataset = try CSVReader().table(path: folder.file(BundledData.fertility.file))
      .dataset(target: "target", features: model.featureNames)
    let problem = try model.problem(on: dataset)
    let off = try #require(
      PatternRestriction(
        PatternSet(rows: [Array(repeating: false, count: dataset.samples)], samples: dataset.samples),
        multipliers: []))
    let certifier = try Certifier(problem, restrictedTo: off)
    let zero = problem.dualPoint(Array(repeating: 0, count: dataset.samples))
    let certificate = certifier.certify(model.network, dualPoint: zero, gap: 1e-6).certificate
    try CertificateFile(certificate, model: model, dataset: dataset).write(to: folder.file("c.json"))
    let nothing = dataset.targets.reduce(0) { $0 + 0.5 * $1 * $1 }
    #expect(certificate.objective < 0.99 * nothing)

    let run = try Program.run(Self.verify + ["--json"], in: folder)
    expectStatus(0, run)
    let report = try JSONValue(run.output)
    #expect(report["relativeGap"] == nil)
    let restriction = try #require(report["restriction"])
    #expect(restriction["patterns"] == .integer(1))
    #expect(restriction["networkKeepsToPatterns"] == .flag(false))
    // The bound is not cut at the network's objective.
    #expect(abs(try #require(restriction["lowerBound"]?.double) - nothing) <= 1e-9 * nothing)
    #expect(report["lowerBound"] == report["objective"])

    let words = try Program.run(Self.verify, in: folder)
    expectStatus(0, words)
    let lines = words.text.split(separator: "\n")
    #expect(
      lines[1]
        == "and no two-layer ReLU network on the 1 given pattern has one below \(try #require(restriction["lowerBound"]?.double))"
    )
    #expect(
      lines[2]
        == "(the network does not keep to the given pattern: the bound says nothing about it, and there is no gap to speak of)"
    )
    #expect(!words.text.contains("relative gap"))

    // Of the network without neurons it does speak.
    let empty = try Model(
      featureNames: model.featureNames, targetNames: model.targetNames, preprocessing: model.preprocessing,
      network: TwoLayerNetwork.zero(inputs: problem.design.columns), loss: model.loss, beta: model.beta)
    let own = certifier.certify(empty.network, dualPoint: zero, gap: 1e-6).certificate
    try ModelFile.write(empty, to: folder.file("m.json"))
    try CertificateFile(own, model: empty, dataset: dataset).write(to: folder.file("c.json"))
    let kept = try JSONValue(try Program.run(Self.verify + ["--json"], in: folder).output)
    #expect(kept["restriction"]?["networkKeepsToPatterns"] == .flag(true))
    #expect(try #require(kept["relativeGap"]?.double) <= 1e-9)
  }

  /// What `fit` trains keeps to its patterns, and both reports say so.
  @Test(arguments: ["gaussian:30", "products:10,complements", "trained:6"])
  func fitReportsItsPatterns(patterns: String) throws {
    let folder = try TemporaryFolder(.fertility)
    let run = try Program.run(Self.fit + ["--patterns", patterns, "--json"], in: folder)
    expectStatus(0, run)
    let report = try JSONValue(run.output)
    let restriction = try #require(report["restriction"])
    let restored = try #require(try CertificateFile(path: folder.file("c.json")).certificate.restriction)
    #expect(restriction["patterns"] == .integer(restored.patterns.count))
    #expect(restriction["networkKeepsToPatterns"] == .flag(true))
    #expect(restriction["lowerBound"] == report["lowerBound"])
    let proven = try JSONValue(try Program.run(Self.verify + ["--json"], in: folder).output)
    #expect(proven["restriction"] == restriction)
    let words = try Program.run(Self.fit + ["--patterns", patterns], in: folder)
    #expect(words.text.contains("solved over the given patterns: no two-layer ReLU network on the "))
  }

  @Test func gatedNetworksKeepToTheirGates() throws {
    let folder = try TemporaryFolder(.fertility)
    let run = try Program.run(
      Self.fit + ["--architecture", "gated", "--patterns", "gaussian:12", "--json"], in: folder)
    expectStatus(0, run)
    let restriction = try #require(try JSONValue(run.output)["restriction"])
    #expect(restriction["patterns"] == .integer(12))
    #expect(restriction["networkKeepsToPatterns"] == .flag(true))
    let proven = try JSONValue(try Program.run(Self.verify + ["--json"], in: folder).output)
    #expect(proven["restriction"] == restriction)
  }
}
