import Testing

/// `compare` as a user meets it: one objective, one bound, several methods.
@Suite struct CompareTests {
  private func run(_ methods: String, _ more: [String] = []) throws -> Program.Run {
    try Program.run(
      [
        "compare", "balloons.csv", "--target", "target", "--bias", "--methods", methods, "--epochs", "50",
        "--width", "10", "--time-limit", "20",
      ] + more, in: try TemporaryFolder(.balloons))
  }

  @Test func gapsAreToTheBestBoundOfAll() throws {
    let run = try run("exact gaussian:10 adam", ["--json", "--beta", "0.1", "--test", "balloons.csv"])
    expectStatus(0, run)
    let report = try JSONValue(run.output)
    let bound = try #require(report["lowerBound"]?.double)
    let rows = try #require(report["methods"]).elements
    #expect(rows.map { $0["method"] } == [.text("exact"), .text("gaussian:10"), .text("adam")])
    #expect(rows.map { $0["scope"] } == [.text("global"), .text("restricted"), .text("global")])
    for row in rows {
      let objective = try #require(row["objective"]?.double)
      let gap = try #require(row["gap"]?.double)
      #expect(objective >= bound)
      #expect(abs(gap - (objective - bound) / objective) <= 1e-12)
      #expect(try #require(row["score"]?.double) <= 1)
    }
    #expect(try #require(rows[0]["gap"]?.double) <= 1e-4)
    #expect(report["beta"]?.double == 0.1)
  }

  /// Without a bound over all networks there is no gap to speak of, and no number that is none.
  @Test func restrictedMethodsAloneHaveNoBound() throws {
    let words = try run("gaussian:5;clusters:3")
    expectStatus(0, words)
    #expect(words.text.contains("none of these methods bounds all networks"))
    #expect(!words.text.contains("no two-layer ReLU network"))
    let report = try JSONValue(try run("gaussian:5", ["--json"]).output)
    #expect(report["lowerBound"] == nil)
    #expect(try #require(report["methods"]).elements.allSatisfy { $0["gap"] == nil })
  }

  @Test(arguments: [
    ("annealing", "the method 'annealing' is unknown; there are exact, "),
    ("exact gaussian:0", "--methods gaussian:0 asks for 0 patterns; give at least 1"),
    (";", "--methods names none; give at least one"),
  ])
  func methodsThatAreNone(methods: String, message: String) throws {
    let run = try run(methods)
    expectStatus(64, run)
    #expect(run.errors.contains(message), "\(run.errors)")
  }
}
