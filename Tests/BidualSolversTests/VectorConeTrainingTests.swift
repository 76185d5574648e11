import BidualArrangements
import BidualCertificates
import BidualLinear
import BidualModels
import BidualObjectives
import Testing

@testable import BidualSolvers

private func options(_ gap: Double) -> WorkingSet.Options {
  var options = WorkingSet.Options()
  options.gap = gap
  return options
}

/// ReLU networks with several outputs on given patterns.
@Suite struct VectorConeTrainingTests {
  /// With the patterns of all chambers it is the program of all networks.
  @Test(arguments: VectorGoldenCase.all) func allChambersGiveTheReference(golden: VectorGoldenCase) throws {
    let problem = try golden.problem()
    let outcome = try VectorConeTraining(problem, options: options(1e-6)).train()
    #expect(outcome.status == .solved && outcome.certificate.scope == .global, "\(outcome.status)")
    #expect(abs(outcome.certificate.objective - golden.optimum) <= 2e-6 * golden.optimum)
    #expect(outcome.method == .enumerated && outcome.chambers ?? 0 > 0)
    let objective = try naiveVectorObjective(outcome.network, problem)
    #expect(abs(objective - outcome.certificate.objective) <= 1e-10 * objective)
    try Certifier(problem).verify(outcome.certificate, of: outcome.network)
  }

  /// With a second target of zeros, and with a second target like the first, the program is that of one output: of the first, or of √2
  /// times the first.
  @Test(arguments: [false, true], [1, 2, 3] as [UInt64]) func reducesToOneOutput(
    isDoubled: Bool, seed: UInt64
  ) throws {
    var random = SeededGenerator(seed: seed)
    let design = Matrix(rows: 20, columns: 3, elements: (0..<60).map { _ in random.nextGaussian() })
    let targets = (0..<20).map { _ in random.nextGaussian() }
    let patterns = try PatternCollection([GaussianGates(draws: 25)], data: design, seed: seed)
    let several = try TrainingProblem(
      design: design, targets: targets.flatMap { [$0, isDoubled ? $0 : 0] }, outputs: 2, beta: 0.4)
    let one = try TrainingProblem(
      design: design, targets: targets.map { isDoubled ? 2.squareRoot() * $0 : $0 }, beta: 0.4)
    let outcome = try VectorConeTraining(several, patterns: patterns, options: options(1e-5)).train()
    var scalar = GivenPatterns.Options()
    scalar.gap = 1e-7
    let reference = GivenPatterns(one, patterns: patterns.packed, form: .relu, options: scalar).solve()
    #expect(abs(outcome.certificate.objective - reference.objective) <= 1e-5 * reference.objective)
    let certifier = Certifier(several, patterns: patterns.packed, multipliers: [])
    let standing = try #require(certifier.standing(of: outcome.network, under: outcome.certificate))
    #expect(standing.keepsToPatterns && standing.lowerBound <= reference.objective * (1 + 1e-9))
    #expect(standing.lowerBound >= 0.98 * reference.objective, "\(standing.lowerBound / reference.objective)")
  }

  /// Data with the degeneracies of real ones: the network keeps to the patterns, its certificate is verified, and reruns agree.
  @Test(arguments: TinyProblem.allCases, [false, true]) func degenerateData(
    problem kind: TinyProblem, hasOffset: Bool
  ) throws {
    let (design, first) = kind.data(seed: 5)
    let (_, second) = kind.data(seed: 6)
    let patterns = try PatternCollection([GaussianGates(draws: 12)], data: design, seed: 2)
    let problems = [
      try TrainingProblem(
        design: design, targets: first.indices.flatMap { [first[$0], second[$0 % second.count]] }, outputs: 2,
        beta: 0.3, hasOffset: hasOffset),
      try TrainingProblem(
        design: design, targets: first.indices.flatMap { i in (0..<3).map { $0 == i % 3 ? 1 : 0 } },
        outputs: 3, loss: SoftmaxLoss(), beta: 0.1, hasOffset: hasOffset),
    ]
    for problem in problems {
      let solver = try VectorConeTraining(problem, patterns: patterns, options: options(1e-4))
      let (outcome, again) = try BLAS.singleThreaded { () throws(DataError) in
        (try solver.train(), try solver.train())
      }
      let objective = try naiveVectorObjective(outcome.network, problem)
      #expect(abs(objective - outcome.certificate.objective) <= 1e-9 * max(objective, 1e-9))
      let certifier = Certifier(problem, patterns: patterns.packed, multipliers: [])
      try certifier.verify(outcome.certificate, of: outcome.network)
      let standing = try #require(certifier.standing(of: outcome.network, under: outcome.certificate))
      #expect(standing.keepsToPatterns, "\(problem.loss.name)")
      #expect(objective >= standing.lowerBound * (1 - 1e-9))
      #expect(
        kind == .unlikeColumns || objective <= 1.05 * standing.lowerBound + 1e-9,
        "\(standing.lowerBound), \(objective)")
      #expect(again.network.isEqual(to: outcome.network) && again.certificate == outcome.certificate)
    }
  }

  /// Without time there is a network and an honest answer.
  @Test func noTimeAtAll() throws {
    let (design, first) = TinyProblem.gaussian.data(seed: 5)
    let patterns = try PatternCollection([GaussianGates(draws: 12)], data: design, seed: 2)
    let problem = try TrainingProblem(
      design: design, targets: first.flatMap { [$0, -$0] }, outputs: 2, beta: 0.3)
    let outcome = try VectorConeTraining(problem, patterns: patterns).train(
      stop: StopSignal(timeLimit: .seconds(0)))
    #expect(outcome.status == .timeLimit && outcome.network.neurons > 0)
    #expect(outcome.certificate.objective < problem.objective(problem.constantNetwork()))
  }

  @Test func otherProblemsAreRefused() throws {
    let (design, first) = TinyProblem.gaussian.data(seed: 5)
    let one = try TrainingProblem(design: design, targets: first, beta: 0.3)
    #expect(throws: DataError.self) { try VectorConeTraining.check(one) }
    let kinked = try TrainingProblem(
      design: design, targets: first.flatMap { [$0, -$0] }, outputs: 2, loss: AbsoluteLoss(), beta: 0.3)
    #expect(throws: DataError.self) { try VectorConeTraining.check(kinked) }
  }
}
