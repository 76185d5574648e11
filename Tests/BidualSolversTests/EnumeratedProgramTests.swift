import BidualLinear
import BidualModels
import BidualSolvers
import Testing

/// The program over all chambers at once and the working set must reach one optimum.
@Suite struct EnumeratedProgramTests {
  @Test(arguments: [(6, 2), (10, 2), (8, 3), (12, 3), (7, 4)]) func agreesWithTheWorkingSet(n: Int, d: Int)
    throws
  {
    var random = SeededGenerator(seed: UInt64(100 * n + d))
    let design = Matrix(rows: n, columns: d, elements: (0..<(n * d)).map { _ in random.nextGaussian() })
    let targets = (0..<n).map { _ in random.nextGaussian() }
    for beta in [0.01, 0.1, 1] {
      let problem = try TrainingProblem(design: design, targets: targets, beta: beta)
      var options = WorkingSet.Options()
      options.gap = 1e-6
      let all = try EnumeratedProgram(problem, options: options).train()
      let adaptive = try WorkingSet(problem, options: options).train()
      #expect(all.status == .solved && adaptive.status == .solved)
      #expect(all.certificate.lowerBound <= adaptive.certificate.objective)
      #expect(adaptive.certificate.lowerBound <= all.certificate.objective)
      #expect(
        abs(all.certificate.objective - adaptive.certificate.objective) <= 2e-6 * all.certificate.objective)
      #expect(all.network.neurons <= n)
    }
  }

  @Test func tooManyChambersAreRefused() throws {
    var random = SeededGenerator(seed: 5)
    let design = Matrix(rows: 40, columns: 3, elements: (0..<120).map { _ in random.nextGaussian() })
    let problem = try TrainingProblem(design: design, targets: Array(repeating: 1, count: 40), beta: 1)
    #expect(throws: (any Error).self) {
      try EnumeratedProgram(problem, options: .init(), chamberLimit: 100).train()
    }
  }
}
