import BidualCertificates
import BidualLinear
import BidualModels
import BidualObjectives
import Testing

@testable import BidualSolvers

/// Three-layer networks of a limited number of sub-networks.
@Suite struct NarrowTrainingTests {
  private func problem(outputs: Int) throws -> TrainingProblem {
    var random = SeededGenerator(seed: 4)
    let design = Matrix(rows: 30, columns: 5, elements: (0..<150).map { _ in random.nextGaussian() })
    return try TrainingProblem(
      design: design, targets: (0..<(30 * outputs)).map { _ in random.nextGaussian() }, outputs: outputs,
      beta: 0.05, architecture: ThreeLayer(width: 3))
  }

  private func train(_ problem: TrainingProblem, limit: Int?) throws -> TrainingOutcome {
    var options = WorkingSet.Options()
    options.aim = .localGap
    options.maximumIterations = 4
    let inner: any Solver =
      problem.outputs == 1
      ? try WorkingSet(problem, options: options) : try VectorSubnetworkTraining(problem, options: options)
    guard let limit else { return try inner.train(stop: StopSignal(), checkpoints: nil, progress: { _ in }) }
    return try NarrowTraining(problem, limit: limit, options: options, after: inner).train()
  }

  /// Networks keep to the limit, are worth what is said, and more sub-networks are worth more; no other start ends far below.
  @Test(arguments: [1, 2]) func limitsAreKept(outputs: Int) throws {
    let problem = try problem(outputs: outputs)
    let free = try train(problem, limit: nil)
    var last = problem.objective(problem.constantNetwork())
    for limit in [1, 3, 6] {
      let outcome = try train(problem, limit: limit)
      #expect((1...limit).contains(outcome.network.neurons))
      let objective = problem.objective(outcome.network)
      #expect(abs(objective - outcome.certificate.objective) <= 1e-9 * objective)
      #expect(objective < last)
      // Both searches are local.
      #expect(objective >= 0.97 * free.certificate.objective)
      #expect(outcome.certificate.lowerBound <= objective)
      try Certifier(problem).verify(outcome.certificate, of: outcome.network)
      last = objective
      var options = GradientTraining.Options()
      options.width = limit
      options.seed = 11
      options.maximumEpochs = 3000
      let descent = try GradientTraining(problem, options: options).descend()
      #expect(objective <= 1.1 * descent.objective, "\(limit): \(objective), \(descent.objective)")
    }
    #expect(free.network.neurons > 6)
  }

  /// A limit that the network keeps by itself changes nothing.
  @Test func wideLimitsChangeNothing() throws {
    let problem = try problem(outputs: 1)
    try BLAS.singleThreaded {
      let free = try train(problem, limit: nil)
      let limited = try train(problem, limit: 200)
      #expect(limited.network.isEqual(to: free.network) && limited.certificate == free.certificate)
    }
  }

  @Test func otherArchitecturesAreRefused() throws {
    let problem = try problem(outputs: 1).replacing(architecture: TwoLayer())
    #expect(throws: DataError.self) { try NarrowTraining.check(problem) }
  }
}
