import Testing

/// `--class-weights` as a user meets it.
@Suite struct ClassWeightTests {
  /// Three of four rows are of one class; a column holds what balance makes of the weights by hand.
  private func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    var text = "x,z,own,hand,kind\n"
    for i in 0..<24 {
      let isRare = i % 4 == 0
      // 24 rows weigh 36: 9 the rare ones, 27 the others.
      let own = i % 8 < 4 ? 1.0 : 2.0
      text +=
        "\(Double(i % 7) - 3),\(i % 5),\(own),\(own * (isRare ? 2 : 2.0 / 3)),\(isRare ? "rare" : "plain")\n"
    }
    try folder.write(text, to: "data.csv")
    return folder
  }

  private static let fit = [
    "fit", "data.csv", "--target", "kind", "--features", "x,z", "--loss", "logistic", "--bias",
    "--standardize",
    "--beta", "0.5", "--gap", "1e-6", "--quiet", "--json",
  ]

  private func objective(_ arguments: [String], _ folder: TemporaryFolder) throws -> Double {
    let run = try Program.run(Self.fit + arguments, in: folder)
    expectStatus(0, run)
    return try #require(JSONValue(run.output)["objective"]?.double)
  }

  @Test func balanceIsWhatAColumnOfWeightsWouldSay() throws {
    let folder = try folder()
    let balanced = try objective(
      [
        "--weights", "own", "--class-weights", "balanced", "--output", "model.json", "--certificate",
        "certificate.json",
      ], folder)
    let byHand = try objective(["--weights", "hand"], folder)
    let named = try objective(
      ["--weights", "own", "--class-weights", "rare=2,plain=0.6666666666666666"], folder)
    for other in [byHand, named] { #expect(abs(balanced - other) <= 1e-5 * other) }
    #expect(abs(balanced - (try objective(["--weights", "own"], folder))) > 1e-3 * balanced)
    let verify = try Program.run(["verify", "model.json", "certificate.json", "data.csv"], in: folder)
    expectStatus(0, verify)
    #expect(
      verify.text.contains("samples weighted by 'own'; classes weighted 'plain' 0.666666666666666"),
      "\(verify.text)")
    expectStatus(
      0, try Program.run(["certify", "model.json", "data.csv", "--gap", "1e-3", "--quiet"], in: folder))
    let model = try JSONValue(folder.read("model.json"))
    #expect(model["version"]?.double == 7)
  }

  /// A model whose class weights were taken away or changed is another model.
  @Test func classWeightsAreSealed() throws {
    let folder = try folder()
    _ = try objective(
      ["--class-weights", "rare=3", "--output", "model.json", "--certificate", "certificate.json"], folder)
    let text = String(decoding: try folder.read("model.json"), as: UTF8.self)
    let weights = try #require(text.firstMatch(of: /"classWeights"\s*:\s*\[[^\]]*\]/)).0
    for (changed, status) in [
      ("\"classWeights\":[1,2]", Int32(3)), ("\"classWeights\":[1,0]", 65), ("\"classWeights\":[1]", 65),
      ("\"other\":[]", 65),
    ] {
      try folder.write(text.replacing(weights, with: changed), to: "changed.json")
      expectStatus(
        status, try Program.run(["verify", "changed.json", "certificate.json", "data.csv"], in: folder),
        changed)
    }
  }

  /// Scores of the folds weigh by classes too: of one row a class, accuracy is balanced.
  @Test func foldsAreBalancedByTheirTrainingRows() throws {
    let folder = try folder()
    let cv =
      ["cv"] + Self.fit.dropFirst().filter { !["--beta", "0.5"].contains($0) }
      + ["--folds", "3", "--betas", "2", "--gap", "0.1"]
    for arguments in [["--score", "accuracy,balanced-accuracy"], ["--score", "loss"]] {
      let run = try Program.run(cv + ["--class-weights", "balanced"] + arguments, in: folder)
      expectStatus(0, run)
      let curves = try #require(JSONValue(run.output)["curves"]).elements
      guard curves.count == 2 else { continue }
      for (a, b) in zip(
        try #require(curves[0]["points"]).elements, try #require(curves[1]["points"]).elements)
      {
        // Two rows of eight are rare in each fold, as among the rows of training.
        #expect(abs(try #require(a["mean"]?.double) - (try #require(b["mean"]?.double))) <= 1e-12)
      }
    }
    expectStatus(
      0,
      try Program.run(
        ["path"] + cv.dropFirst().filter { !["--folds", "3"].contains($0) } + ["--class-weights", "rare=2"],
        in: folder))
  }

  @Test(arguments: [
    (["--class-weights", "fair"], "The value 'fair' is invalid for '--class-weights"),
    (["--class-weights", "rare=x"], "The value 'rare=x' is invalid"),
    (["--class-weights", "rare=1,rare=2"], "The value 'rare=1,rare=2' is invalid"),
    (["--class-weights", "rare=0"], "the weight of class 'rare' is 0.0; give a positive number"),
    (
      ["--class-weights", "odd=2"],
      "the class weights name 'odd', which is no class; there are 'plain', 'rare'"
    ),
    (["--class-weights", "balanced", "--loss", "squared"], "--class-weights goes with a target of classes"),
  ]) func whatCanNotBeIsSaid(arguments: [String], message: String) throws {
    let folder = try folder()
    let run = try Program.run(Self.fit + arguments, in: folder)
    expectStatus(64, run)
    #expect(run.errors.contains(message), "\(run.errors)")
  }
}
