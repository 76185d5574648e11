import Foundation
import Testing

/// Counts of patterns that no machine can draw or hold: a time limit is kept, and what can't be held is refused.
@Suite struct PatternCountTests {
  private static let much = "99999999999"

  /// Few chambers fit into memory however often they are drawn: only the time limit ends the drawing.
  @Test(arguments: [
    "gaussian:\(much)", "sparse:\(much)", "products:\(much)", "clusters:\(much)",
    "clusters:3,neighbours:\(much)",
    "products:\(much),gaussian:5", "gaussian:\(much),complements",
  ]) func theTimeLimitHoldsWhilePatternsAreDrawn(patterns: String) throws {
    let folder = try TemporaryFolder(.balloons)
    let run = try Program.run(
      [
        "fit", "balloons.csv", "--target", "target", "--patterns", patterns, "--time-limit", "1", "--json",
        "--output", "m.json", "--certificate", "c.json", "--quiet",
      ], in: folder)
    let isEndless =
      patterns.contains("gaussian:\(Self.much)") || patterns.contains("sparse")
      || patterns.contains("products")
    // Not all that was asked for was drawn: an honest network on those that were, and no claim to be done.
    expectStatus(isEndless ? 2 : 0, run)
    #expect(run.duration < .seconds(8))
    let report = try JSONValue(run.output)
    #expect(report["status"] == .text(isEndless ? "timeLimit" : "solved"))
    #expect(try #require(report["restriction"]?["patterns"]?.double) > 4)
    // Time was left to train on them.
    #expect(try #require(report["relativeGap"]?.double) <= 1e-4)
    let words = try Program.run(
      ["fit", "balloons.csv", "--target", "target", "--patterns", patterns, "--time-limit", "1", "--quiet"],
      in: folder)
    #expect(
      words.text.contains(
        isEndless
          ? "solved over the patterns found in time, not all that were asked for: no two-layer ReLU network on the "
          : "solved over the given patterns: no two-layer ReLU network on the "), "\(words.text)")
    expectStatus(0, try Program.run(["verify", "m.json", "c.json", "balloons.csv"], in: folder))
  }

  /// Far more patterns than can be looked at in the time, but not more than can be held.
  @Test(arguments: ["gaussian:3000000", "clusters:106,neighbours:1000"])
  func theTimeLimitHoldsForManyPatterns(patterns: String) throws {
    let folder = try TemporaryFolder(.breastTissue)
    let run = try Program.run(
      [
        "fit", "breast_tissue.csv", "--target", "target", "--bias", "--standardize", "--patterns", patterns,
        "--time-limit", "1", "--json", "--quiet",
      ], in: folder)
    expectStatus(2, run)
    #expect(run.duration < .seconds(12))
    #expect(try JSONValue(run.output)["status"] == .text("timeLimit"))
  }

  /// What can't be held is refused at once, by every command that takes patterns or neurons.
  @Test func countsBeyondMemoryAreRefused() throws {
    let folder = try TemporaryFolder(.breastTissue)
    let data = ["breast_tissue.csv", "--target", "target"]
    for source in ["gaussian", "sparse", "products"] {
      let name = source == "sparse" ? "gaussian" : source
      for command in [["fit"] + data + ["--patterns"], ["compare"] + data + ["--methods"]] {
        let run = try Program.run(command + ["\(source):9\(Self.much)"], in: folder)
        expectStatus(65, run, source)
        #expect(
          run.errors.hasPrefix(
            "bidual: the activation patterns: patterns \(name): 9\(Self.much) asked for, which take up to ")
            && run.errors.hasSuffix("more than this machine's memory; ask for fewer\n"), "\(run.errors)")
        #expect(run.duration < .seconds(10))
      }
    }
    for (arguments, neurons) in [
      (["--patterns", "trained:9\(Self.much)"], "9\(Self.much)"),
      (["--patterns", "initial:9223372036854775807"], "9223372036854775807"),
      (["--method", "adam", "--width", "9223372036854775807"], "9223372036854775807"),
    ] {
      let run = try Program.run(["fit"] + data + arguments, in: folder)
      expectStatus(65, run)
      #expect(
        run.errors.hasPrefix("bidual: \(neurons) neurons take ")
          && run.errors.hasSuffix(" to train, more than this machine's memory; give fewer\n"), "\(run.errors)"
      )
    }
  }
}
