import Bidual

/// κ(V) to a relative 10⁻⁶ by branch and bound, beside its naive twin, the walk through all chambers.
enum PolarComparison {
  static func run() throws {
    print(
      "| n | rank | chambers | walk, s | branch and bound, s | walk / branch and bound | relative difference |"
    )
    print("|---|---|---|---|---|---|---|")
    for (n, r) in [(1000, 2), (100, 3), (1000, 3), (60, 4), (120, 4), (40, 5)] {
      var generator = SeededGenerator(seed: 3)
      let design = Matrix(rows: n, columns: r, elements: (0..<(n * r)).map { _ in generator.nextGaussian() })
      let weights = (0..<n).map { _ in generator.nextGaussian() }
      let clock = ContinuousClock()
      var walked: PolarBound?
      let slow = try clock.measure { walked = try EnumeratedPolar(design).bound(weights) } / .seconds(1)
      var proven: PolarBound?
      let fast =
        clock.measure {
          proven = SphericalBranchAndBound(design).bound(
            weights, goal: .maximize(relativeTolerance: 1e-6, floor: 0))
        } / .seconds(1)
      guard let walked, let proven else { continue }
      print(
        "| \(n) | \(r) | \(walked.nodes) | \(slow) | \(fast) | \(slow / fast) | \(proven.upper / walked.upper - 1) |"
      )
    }
  }
}
