import Bidual
import Testing

/// What is told of runs of convolutions, and of what is not made for them.
@Suite struct ConvolutionReportTests {
  /// Signals of length 6 that repeat their first half.
  private func folder() throws -> TemporaryFolder {
    var random = SeededGenerator(seed: 43)
    let lines = (0..<24).map { _ in
      let half = (0..<3).map { _ in random.nextGaussian() }
      return (half + half + [half[0] - half[1] + 0.1 * random.nextGaussian()]).map { "\($0)" }
        .joined(separator: ",")
    }
    let folder = try TemporaryFolder()
    try folder.write((["a,b,c,d,e,f,y"] + lines).joined(separator: "\n") + "\n", to: "signals.csv")
    return folder
  }

  /// The rank is that of the signals, not their length.
  @Test(arguments: [[String](), ["--method", "adam", "--epochs", "5"], ["--beta-ratio", "1"]])
  func circularConvolutionsTellTheRank(more: [String]) throws {
    let run = try Program.run(
      [
        "fit", "signals.csv", "--target", "y", "--architecture", "circular-convolution", "--json", "--quiet",
      ] + more, in: folder())
    #expect(try JSONValue(run.output)["rank"] == .integer(3), "\(run.errors)")
  }

  @Test(arguments: [
    ["circular-convolution"], ["relu-convolution", "--image-shape", "1,1,6", "--filter", "1,2"],
  ]) func interpolationIsRefusedWithAWayOut(architecture: [String]) throws {
    let run = try Program.run(
      ["fit", "signals.csv", "--target", "y", "--interpolate", "--architecture"] + architecture, in: folder())
    expectStatus(64, run)
    #expect(
      run.errors.hasSuffix(
        "interpolate with two-layer networks of one output under the l2 norm, or train at a small beta instead\n"
      ))
  }
}
