import BidualArrangements
import BidualLinear
import BidualModels
import Testing

@testable import BidualSolvers

/// Runs with several outputs over given patterns, and of three layers.
extension CheckpointTests {
  private func pair(_ n: Int, _ d: Int, architecture: (any Architecture)? = nil) throws -> TrainingProblem {
    let single = try problem(n, d)
    let targets = single.targets.indices.flatMap { [single.targets[$0], abs(single.design[$0, d - 1])] }
    var problem = try TrainingProblem(
      design: single.design, targets: targets, outputs: 2, beta: 1, hasOffset: true)
    if let architecture { problem = try problem.replacing(architecture: architecture) }
    return try problem.replacing(beta: 0.05 * problem.betaMax())
  }

  @Test(arguments: [(1e-3, 200), (1e-12, 3)]) func givenPatterns(gap: Double, rounds: Int) throws {
    let problem = try pair(40, 3)
    var options = WorkingSet.Options()
    options.gap = gap
    options.maximumIterations = rounds
    let patterns = try PatternCollection(
      [GaussianGates(draws: 30)], data: problem.neuronRows, seed: 3, isCancelled: { false })
    try expectSameEnds(most: 6) { checkpoints in
      let outcome = try VectorConeTraining(problem, patterns: patterns, options: options)
        .train(checkpoints: checkpoints)
      return (outcome.network, figures(outcome))
    }
  }

  /// Other patterns make another run.
  @Test func otherPatternsBeginAfresh() throws {
    let problem = try pair(30, 3)
    var options = WorkingSet.Options()
    options.maximumIterations = 3
    func train(seed: UInt64, _ checkpoints: Checkpoints?) throws -> TrainingOutcome {
      let patterns = try PatternCollection(
        [GaussianGates(draws: 20)], data: problem.neuronRows, seed: seed, isCancelled: { false })
      return try VectorConeTraining(problem, patterns: patterns, options: options).train(
        checkpoints: checkpoints)
    }
    try BLAS.singleThreaded {
      var last: RunState?
      _ = try train(seed: 1, Checkpoints(every: .zero) { last = $0 })
      let straight = try train(seed: 2, nil)
      let resumed = try train(seed: 2, Checkpoints(every: .zero, from: last) { _ in })
      #expect(resumed.network == straight.network)
    }
  }

  @Test(arguments: [(WorkingSet.Aim.proof, 0.2, 200), (.localGap, 1e-12, 4)])
  func threeLayers(aim: WorkingSet.Aim, gap: Double, rounds: Int) throws {
    let problem = try pair(12, 2, architecture: ThreeLayer(width: 2))
    var options = WorkingSet.Options()
    options.aim = aim
    options.gap = gap
    options.maximumIterations = rounds
    try expectSameEnds(most: 4) { checkpoints in
      let outcome = try VectorSubnetworkTraining(problem, options: options).train(checkpoints: checkpoints)
      return (outcome.network, figures(outcome))
    }
  }
}
