import BidualArrangements
import BidualModels
import Testing

@testable import BidualSolvers

extension CheckpointTests {
  /// The gradient method on the penalised program over patterns: on all samples at once, on mini-batches, with an offset,
  /// and where the run ends for lack of progress.
  @Test(arguments: [(30, nil, false), (7, nil, true), (7, 3, false)] as [(Int, Int?, Bool)])
  func penalisedRunsGoOn(batch: Int, patience: Int?, offset: Bool) throws {
    let problem = try problem(30, 3, offset: offset)
    let patterns = try PatternChoice.collection(
      [.source(GaussianGates(draws: 12))], for: problem, seed: 2
    ).packed
    var options = PenalisedTraining.Options()
    options.descent.maximumEpochs = 12
    options.descent.batchSize = batch
    options.descent.patience = patience
    options.descent.leastProgress = patience == nil ? 1e-6 : 0.5
    let training = try PenalisedTraining(problem, patterns: patterns, options: options)
    try expectSameEnds { checkpoints in
      let outcome = training.train(checkpoints: checkpoints)
      return (outcome.network, figures(outcome))
    }
  }

  /// The same for three layers, over drawn sub-networks, in either precision.
  @Test(arguments: [(30, Precision.double), (7, .double), (7, .single)])
  func penalisedRunsOfThreeLayersGoOn(batch: Int, precision: Precision) throws {
    let problem = try TrainingProblem(
      design: problem(30, 3).design, targets: problem(30, 3).targets, beta: 0.1, hasOffset: true,
      architecture: ThreeLayer(width: 2))
    var options = PenalisedTraining.Options()
    options.descent.maximumEpochs = 6
    options.descent.batchSize = batch
    options.descent.precision = precision
    options.descent.schedule = .plateau(factor: 0.5, evaluations: 1)
    let training = try PenalisedSubnetworkTraining(problem, subnetworks: 5, options: options)
    try expectSameEnds { checkpoints in
      let outcome = training.train(checkpoints: checkpoints)
      return (outcome.network, figures(outcome))
    }
  }

  /// A state over other patterns is none of a run's.
  @Test func penalisedRunsBeginAfreshOnOtherPatterns() throws {
    let problem = try problem(30, 3)
    func training(_ draws: Int) throws -> PenalisedTraining {
      var options = PenalisedTraining.Options()
      options.descent.maximumEpochs = 5
      return try PenalisedTraining(
        problem,
        patterns: try PatternChoice.collection(
          [.source(GaussianGates(draws: draws))], for: problem, seed: 2
        ).packed, options: options)
    }
    var states: [RunState] = []
    _ = try training(12).train(checkpoints: Checkpoints(every: .zero) { states.append($0) })
    let afresh = try training(8).train()
    let start = try #require(states.last)
    let other = try training(8).train(checkpoints: Checkpoints(every: .seconds(1e6), from: start) { _ in })
    #expect(other.network == afresh.network)
  }
}
