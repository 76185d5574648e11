import Foundation
import Testing

/// `--pooling none`, as a user meets it.
@Suite struct ConvolutionPlacesTests {
  /// Images of 3×2 pixels; a filter of 2×2 has two places, with a rectified difference for a target each.
  private func folder() throws -> TemporaryFolder {
    var text = "a,b,c,d,e,f,top,bottom\n"
    for i in 0..<14 {
      let x = (0..<6).map { Double((7 * i + 5 * $0 * $0 + i * $0) % 11) / 5 - 1 }
      let targets = [max(0, x[0] - x[3]), max(0, x[2] - x[5])]
      text += (x + targets).map { "\($0)" }.joined(separator: ",") + "\n"
    }
    let folder = try TemporaryFolder()
    try folder.write(text, to: "data.csv")
    return folder
  }

  private let shape = [
    "--architecture", "relu-convolution", "--image-shape", "1,3,2", "--filter", "2,2", "--pooling", "none",
  ]
  private let fit = [
    "fit", "data.csv", "--features", "a,b,c,d,e,f", "--gap", "1e-3", "--quiet", "--output", "m.json",
    "--certificate", "c.json", "--json",
  ]

  private func report(_ run: Program.Run) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(run.output)) as? [String: Any])
  }

  @Test(arguments: [["--intercept"], ["--bias"], ["--patterns", "gaussian:20"], ["--rank", "3"]])
  func everyPlaceIsLearntPredictedAndVerified(more: [String]) throws {
    let folder = try folder()
    let run = try Program.run(fit + ["--target", "top,bottom"] + shape + more, in: folder)
    #expect(run.status == 0 || run.status == 2, "\(run.errors)")
    let report = try report(run)
    #expect(report["scope"] as? String == (more.contains("--patterns") ? "restricted" : "global"))
    let rank = more.contains("--rank") ? more : []
    expectStatus(0, try Program.run(["verify", "m.json", "c.json", "data.csv"] + rank, in: folder))
    let predicted = try Program.run(["predict", "m.json", "data.csv"], in: folder)
    let lines = predicted.text.split(separator: "\n")
    #expect(lines.first == "top,bottom" && lines.count == 15)
    let certified = try Program.run(
      ["certify", "m.json", "data.csv", "--quiet", "--gap", "1e-3"], in: folder)
    expectStatus(0, certified)
  }

  /// Columns of classes are numbers: signs, or for softmax 1 at the class of a place and 0 at the others.
  @Test(arguments: [("hinge", "up,down"), ("softmax", "up1,up2,down1,down2")])
  func placesHaveClasses(loss: String, targets: String) throws {
    let folder = try TemporaryFolder()
    var text = "a,b,c,d,e,f,up,down,up1,up2,down1,down2\n"
    for i in 0..<14 {
      let x = (0..<6).map { Double((7 * i + 5 * $0 * $0 + i * $0) % 11) / 5 - 1 }
      let signs = [x[0] > x[3], x[2] > x[5]]
      text += x.map { "\($0)" }.joined(separator: ",")
      text += signs.map { $0 ? ",1" : ",-1" }.joined() + signs.map { $0 ? ",1,0" : ",0,1" }.joined() + "\n"
    }
    try folder.write(text, to: "data.csv")
    let run = try Program.run(
      fit + ["--target", targets, "--loss", loss, "--gap", "1e-2"] + shape, in: folder)
    expectStatus(0, run)
    #expect(try report(run)["scope"] as? String == "global")
    expectStatus(0, try Program.run(["verify", "m.json", "c.json", "data.csv"], in: folder))
    let predicted = try Program.run(["predict", "m.json", "data.csv"], in: folder)
    #expect(predicted.text.hasPrefix(targets + "\n"))
    let folds = [
      "cv", "data.csv", "--features", "a,b,c,d,e,f", "--target", targets, "--loss", loss, "--folds", "2",
      "--beta-list", "0.3", "--gap", "1e-2", "--quiet", "--json",
    ]
    expectStatus(0, try Program.run(folds + shape, in: folder))
    guard loss == "softmax" else { return }
    let mistaken = try #require(text.range(of: ",1,0\n"))
    try folder.write(text.replacingCharacters(in: mistaken, with: ",1,1\n"), to: "data.csv")
    let refused = try Program.run(fit + ["--target", targets, "--loss", loss] + shape, in: folder)
    expectStatus(65, refused)
    #expect(refused.errors.contains("are not 1 at one class and 0 at the others"))
  }

  /// Parts of a proof are of the problem's samples, which are patches.
  @Test(arguments: [[], ["--dual-point", "c.json"]]) func proofsCanBeDivided(more: [String]) throws {
    let folder = try folder()
    expectStatus(0, try Program.run(fit + ["--target", "top,bottom"] + shape, in: folder))
    let certify = ["certify", "m.json", "data.csv", "--gap", "1e-3"]
    for index in 1...2 {
      let output = ["--part", "\(index)/2", "--output", "\(index).json"]
      expectStatus(0, try Program.run(certify + output + more, in: folder))
    }
    let merge = ["--merge", "1.json", "2.json", "--certificate", "merged.json", "--json"]
    let merged = try report(try Program.run(certify + merge, in: folder))
    let (objective, lower) = (merged["objective"] as? Double, merged["lowerBound"] as? Double)
    #expect(try #require(lower) <= #require(objective))
    #expect(try #require(lower) >= (1 - 2e-3) * #require(objective))
    expectStatus(0, try Program.run(["verify", "m.json", "merged.json", "data.csv"], in: folder))
  }

  @Test func otherNumbersOfTargetsAreRefused() throws {
    let folder = try folder()
    let run = try Program.run(fit + ["--target", "top"] + shape, in: folder)
    expectStatus(65, run)
    #expect(run.errors.contains("an image has 1 targets for 2 places of the filter (2 down, 1 across)"))
  }

  @Test func whatOtherProgramsDoNotCutIsNotExported() throws {
    let folder = try folder()
    expectStatus(0, try Program.run(fit + ["--target", "top,bottom"] + shape, in: folder))
    let run = try Program.run(["export", "m.json", "--output", "m.onnx"], in: folder)
    #expect(run.status != 0 && run.errors.contains("not of relu-convolution networks"))
  }

  @Test func foldsAndPathsAreOfImages() throws {
    let folder = try folder()
    let data = ["data.csv", "--features", "a,b,c,d,e,f", "--target", "top,bottom", "--quiet", "--json"]
    let folds = try Program.run(
      ["cv"] + data + ["--folds", "3", "--beta-list", "0.1,0.3", "--gap", "1e-2"] + shape, in: folder)
    #expect(folds.status == 0, "\(folds.errors)")
    let path = try Program.run(
      ["path"] + data + ["--beta-list", "0.1,0.3", "--gap", "1e-2"] + shape, in: folder)
    #expect(path.status == 0, "\(path.errors)")
  }
}
