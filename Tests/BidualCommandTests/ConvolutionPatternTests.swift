import Bidual
import Foundation
import Testing

/// Convolutions on given patterns of the patches.
@Suite struct ConvolutionPatternTests {
  private static let shape = [
    "--architecture", "relu-convolution", "--image-shape", "1,1,6", "--filter", "1,3", "--quiet",
  ]

  /// Signals whose target is a sum of rectified differences.
  private func folder(isSigned: Bool = false) throws -> TemporaryFolder {
    var random = SeededGenerator(seed: 41)
    let lines = (0..<24).map { _ in
      let x = (0..<6).map { _ in random.nextGaussian() }
      let y = (0..<4).reduce(-1.0) { $0 + max(0, x[$1] - x[$1 + 2]) }
      return (x + [isSigned ? (y > 0 ? 1 : -1) : y]).map { "\($0)" }.joined(separator: ",")
    }
    let folder = try TemporaryFolder()
    try folder.write(
      (["a,b,c,d,e,f,y"] + lines).joined(separator: "\n") + "\n", to: "signals.csv")
    return folder
  }

  @Test(arguments: [
    ("gaussian:20", ["--pooling", "average"]), ("centres:6,complements", ["--intercept"]),
    ("clusters:4,trained:3", ["--loss", "hinge"]), ("initial:4", ["--loss", "hinge", "--bias"]),
  ]) func whatFitProvesIsProvenAgain(patterns: String, more: [String]) throws {
    let folder = try folder(isSigned: more.contains("hinge"))
    let fit =
      ["fit", "signals.csv", "--target", "y", "--patterns", patterns, "--output", "m.json"]
      + ["--certificate", "c.json", "--json"] + Self.shape + more
    let run = try Program.run(fit, in: folder)
    expectStatus(0, run)
    let report = try JSONValue(run.output)
    #expect(report["scope"] == .text("restricted"))
    #expect(report["restriction"]?["networkKeepsToPatterns"] == .flag(true))
    let proven = try Program.run(["verify", "m.json", "c.json", "signals.csv", "--json"], in: folder)
    expectStatus(0, proven)
    #expect(try JSONValue(proven.output)["restriction"] == report["restriction"])
    // Its filters' patterns are patterns for another network, which is then no worse.
    let again = try Program.run(
      ["fit", "signals.csv", "--target", "y", "--patterns", "network:m.json", "--json"] + Self.shape + more,
      in: folder)
    expectStatus(0, again)
    let objective = try #require(report["objective"]?.double)
    #expect(try #require(JSONValue(again.output)["objective"]?.double) <= objective * (1 + 2e-4))
  }

  @Test func certificatesAreOfTheirPatches() throws {
    let folder = try folder()
    let fit = ["fit", "signals.csv", "--target", "y", "--patterns", "gaussian:10", "--output", "m.json"]
    expectStatus(0, try Program.run(fit + ["--certificate", "c.json"] + Self.shape, in: folder))
    let model = try ModelFile.read(path: folder.file("m.json"))
    let dataset = try CSVReader().table(path: folder.file("signals.csv"))
      .dataset(target: "y", features: model.featureNames)
    let truth = try CertificateFile(path: folder.file("c.json")).certificate
    let restriction = try #require(truth.restriction)
    #expect(restriction.patterns.samples == 24 * 4)
    for forged in [
      PatternRestriction(restriction.patterns, multipliers: []),
      PatternRestriction(
        PatternSet(rows: [Array(repeating: true, count: 24)], samples: 24), multipliers: []),
    ] {
      let certificate = try Certificate(
        objective: truth.objective, lowerBound: truth.lowerBound, scope: truth.scope,
        dualPoint: truth.dualPoint, polarBound: truth.polarBound, dualScale: truth.dualScale,
        restriction: forged)
      try CertificateFile(certificate, model: model, dataset: dataset).write(to: folder.file("c.json"))
      expectStatus(3, try Program.run(["verify", "m.json", "c.json", "signals.csv"], in: folder))
    }
  }

  @Test func allPatternsAreRefused() throws {
    let folder = try folder()
    let fit = ["fit", "signals.csv", "--target", "y"] + Self.shape
    let all = try Program.run(fit + ["--patterns", "all"], in: folder)
    expectStatus(64, all)
    #expect(all.errors.contains("the program over all chambers is not made for relu-convolution networks"))
  }
}
