import Bidual
import Foundation
import Testing

/// `--architecture locally-connected`, as a user meets it.
@Suite struct LocallyConnectedTests {
  /// Images of 2×3 pixels; a filter of 2×2 has two places, of which each has something to say.
  private func folder() throws -> TemporaryFolder {
    var text = "a,b,c,d,e,f,y\n"
    for i in 0..<16 {
      let x = (0..<6).map { Double((7 * i + 5 * $0 * $0 + i * $0) % 11) / 5 - 1 }
      text += (x + [max(0, x[0] - x[4]) - max(0, x[2] + x[4])]).map { "\($0)" }.joined(separator: ",") + "\n"
    }
    let folder = try TemporaryFolder()
    try folder.write(text, to: "data.csv")
    return folder
  }

  private let shape = ["--architecture", "locally-connected", "--image-shape", "1,2,3", "--filter", "2,2"]
  private let fit = [
    "fit", "data.csv", "--target", "y", "--gap", "1e-3", "--quiet", "--output", "m.json",
    "--certificate", "c.json", "--json",
  ]

  @Test(arguments: [["--intercept"], ["--bias", "--padding", "1", "--stride", "2"], ["--method", "local"]])
  func networksAreTrainedPredictedAndVerified(more: [String]) throws {
    let folder = try folder()
    let run = try Program.run(fit + shape + more, in: folder)
    expectStatus(0, run)
    #expect(try JSONValue(run.output)["scope"] == .text("global"))
    expectStatus(0, try Program.run(["verify", "m.json", "c.json", "data.csv"], in: folder))
    let predicted = try Program.run(["predict", "m.json", "data.csv"], in: folder)
    expectStatus(0, predicted)
    #expect(predicted.text.split(separator: "\n").count == 17)
    expectStatus(
      0, try Program.run(["certify", "m.json", "data.csv", "--quiet", "--gap", "1e-3"], in: folder))
    // Whatever the file says of places that are none is refused.
    let text = try String(contentsOfFile: folder.file("m.json"), encoding: .utf8)
    let model = try JSONValue(Array(text.utf8))
    #expect(model["convolution"]?["placeOfFilter"] != nil)
    for places in ["[99]", "[-1]", "[]"] {
      let damaged = text.replacing(#/"placeOfFilter"\s*:\s*\[[^\]]*\]/#, with: "\"placeOfFilter\": \(places)")
      #expect(damaged != text)
      try folder.write(damaged, to: "damaged.json")
      let refused = try Program.run(["predict", "damaged.json", "data.csv"], in: folder)
      #expect(refused.status != 0 && refused.errors.contains("the layers do not fit"))
    }
  }

  @Test func whatIsNotThereIsRefused() throws {
    let folder = try folder()
    for (more, message) in [
      (["--patterns", "gaussian:5"], "use the adaptive patterns"),
      (["--rank", "2"], "are not trained along few directions of the data"),
      (["--pooling", "sum"], "--pooling goes with --architecture relu-convolution"),
      (["--stride", "0"], "the stride is 0,0"),
      (["--standardize"], "leave out standardising"),
    ] {
      let run = try Program.run(fit + shape + more, in: folder)
      #expect(run.status != 0 && run.errors.contains(message), "\(run.errors)")
    }
    let wide = try Program.run(
      fit + ["--architecture", "locally-connected", "--image-shape", "1,2,4", "--filter", "2,2"], in: folder)
    #expect(wide.status != 0 && wide.errors.contains("a row has 6 inputs"))
  }
}
