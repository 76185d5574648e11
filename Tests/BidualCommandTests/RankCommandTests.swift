import Testing

/// `--rank` as a user meets it.
@Suite struct RankCommandTests {
  /// Inputs near a plane of five dimensions.
  private func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    var text = "a,b,c,d,e,y\n"
    for i in 0..<24 {
      let (s, t, off) = (Double(i % 7) - 3, Double(i % 5) - 2, 1e-6 * Double(i * i % 11))
      text += "\(s),\(t),\(s + t + off),\(s - t - off),\(2 * t + off),\(abs(s) - t)\n"
    }
    try folder.write(text, to: "data.csv")
    return folder
  }

  @Test func fitsAreProvenAlongAllDirections() throws {
    let folder = try folder()
    let fit = ["fit", "data.csv", "--target", "y", "--beta", "2", "--gap", "1e-4", "--quiet", "--json"]
    let whole = try JSONValue(Program.run(fit, in: folder).output)
    let run = try Program.run(
      fit + ["--rank", "2", "--output", "model.json", "--certificate", "certificate.json"], in: folder)
    expectStatus(0, run)
    let cut = try JSONValue(run.output)
    #expect(cut["rank"]?.double == 2 && cut["scope"] == .text("global"))
    let (lower, upper) = (try #require(cut["lowerBound"]?.double), try #require(whole["objective"]?.double))
    #expect(lower <= upper)
    for rank in [["--rank", "2"], []] {
      let verify = try Program.run(
        ["verify", "model.json", "certificate.json", "data.csv"] + rank, in: folder)
      expectStatus(0, verify)
    }
    // Along one direction the others are too much for the claim.
    let far = try Program.run(
      ["verify", "model.json", "certificate.json", "data.csv", "--rank", "1"], in: folder)
    expectStatus(3, far)
  }

  @Test func refusals() throws {
    let folder = try folder()
    for (arguments, message) in [
      (["--rank", "0"], "--rank is 0; give at least 1"),
      (["--rank", "2", "--method", "adam"], "leave out the rank"),
      (["--rank", "2", "--norm", "l1"], "leave out the rank"),
      (["--rank", "2", "--architecture", "circular-convolution"], "leave out the rank"),
    ] {
      let run = try Program.run(["fit", "data.csv", "--target", "y", "--quiet"] + arguments, in: folder)
      #expect(run.status == 64 && run.errors.contains(message), "\(run.errors)")
    }
  }
}
