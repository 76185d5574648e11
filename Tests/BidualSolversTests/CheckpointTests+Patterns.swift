import BidualArrangements
import BidualLinear
import BidualModels
import BidualObjectives
import Testing

@testable import BidualSolvers

/// Runs of convex programs over patterns and pieces that are there from the beginning.
extension CheckpointTests {
  private func patterns(_ problem: TrainingProblem, draws: Int, seed: UInt64 = 3) throws -> PatternCollection
  {
    try PatternCollection(
      [GaussianGates(draws: draws)], data: problem.neuronRows, seed: seed, isCancelled: { false })
  }

  private func options(gap: Double) -> GivenPatterns.Options {
    var options = GivenPatterns.Options()
    options.gap = gap
    return options
  }

  @Test(arguments: ["squared", "hinge"]) func oneOutputOverGivenPatterns(loss: String) throws {
    let problem = try problem(40, 4, loss: loss == "hinge" ? HingeLoss() : SquaredLoss(), offset: true)
    let patterns = try patterns(problem, draws: 60)
    try expectSameEnds(most: 6) { checkpoints in
      let outcome = try PatternTraining(problem, patterns: patterns, options: options(gap: 1e-8))
        .train(checkpoints: checkpoints)
      #expect(outcome.status == .solved)
      return (outcome.network, figures(outcome))
    }
  }

  /// In many dimensions few blocks are at work, and cones are projected on otherwise.
  @Test func givenPatternsInManyDimensions() throws {
    let problem = try problem(190, PatternCones.narrowRank + 10)
    let patterns = try patterns(problem, draws: 8)
    try expectSameEnds(most: 3) { checkpoints in
      let outcome = try PatternTraining(problem, patterns: patterns, options: options(gap: 1e-4))
        .train(checkpoints: checkpoints)
      return (outcome.network, figures(outcome))
    }
  }

  /// Where samples have several rows, steps are damped by what earlier ones needed.
  @Test func givenPatternsOfPatches() throws {
    let plain = try problem(30, 6)
    let patches = try Patches(
      channels: 1, image: .init(height: 1, width: 6), filter: .init(height: 1, width: 3),
      stride: .init(height: 1, width: 1))
    let problem = try plain.replacing(architecture: ReLUConvolution(patches, averages: false))
    let patterns = try patterns(problem, draws: 30)
    try expectSameEnds(most: 6) { checkpoints in
      let outcome = try PatternTraining(problem, patterns: patterns, options: options(gap: 1e-7))
        .train(checkpoints: checkpoints)
      return (outcome.network, figures(outcome))
    }
  }

  @Test func gatedNetworks() throws {
    let plain = try problem(30, 3)
    let gates = Matrix(try patterns(plain, draws: 20).gates.compactMap(\.self))
    let problem = try plain.replacing(architecture: Gated(Gates(vectors: gates)))
    try expectSameEnds(most: 6) { checkpoints in
      let outcome = try PatternTraining(problem, options: options(gap: 1e-8)).train(checkpoints: checkpoints)
      return (outcome.network, figures(outcome))
    }
  }

  /// A run that had ended goes on where a smaller gap is asked for; one over other patterns begins afresh.
  @Test func endedRunsGoOnForLess() throws {
    let problem = try problem(40, 4)
    let same = try patterns(problem, draws: 60)
    try BLAS.singleThreaded {
      var last: RunState?
      let rough = try PatternTraining(problem, patterns: same, options: options(gap: 1e-2))
        .train(checkpoints: Checkpoints(every: .zero) { last = $0 })
      var first: Int?
      let fine = try PatternTraining(problem, patterns: same, options: options(gap: 1e-8))
        .train(checkpoints: Checkpoints(every: .zero, from: last) { _ in }) { first = first ?? $0.iteration }
      #expect(fine.status == .solved && fine.certificate.relativeGap <= 1e-8)
      #expect(first == rough.iterations + 1)
      let other = try patterns(problem, draws: 30, seed: 4)
      let straight = try PatternTraining(problem, patterns: other).train()
      let resumed = try PatternTraining(problem, patterns: other)
        .train(checkpoints: Checkpoints(every: .zero, from: last) { _ in })
      #expect(resumed.network == straight.network)
    }
  }

  /// What a stop leaves is gone on from.
  @Test func stoppedRunsOverPatternsGoOn() throws {
    let problem = try problem(40, 4)
    let patterns = try patterns(problem, draws: 60)
    let stop = StopSignal()
    var last: RunState?
    let training = try PatternTraining(problem, patterns: patterns, options: options(gap: 1e-8))
    let cut = training.train(stop: stop, checkpoints: Checkpoints(every: .seconds(1e6)) { last = $0 }) {
      if $0.iteration == 2 { stop.stop() }
    }
    #expect(cut.status == .stoppedByCaller && cut.iterations == 2)
    let resumed = training.train(checkpoints: Checkpoints(every: .seconds(1e6), from: last) { _ in })
    #expect(resumed.status == .solved && resumed.iterations > 2)
  }

  @Test(arguments: [false, true]) func allChambersAtOnce(offset: Bool) throws {
    let problem = try problem(18, 3, offset: offset)
    var options = WorkingSet.Options()
    options.gap = 1e-6
    // One program may be all that is needed.
    try expectSameEnds(least: 2, most: 4) { checkpoints in
      let outcome = try EnumeratedProgram(problem, options: options).train(checkpoints: checkpoints)
      return (outcome.network, figures(outcome))
    }
  }

  @Test(arguments: [nil, 2]) func drawnSubnetworks(limit: Int?) throws {
    let plain = try problem(12, 2)
    let problem = try plain.replacing(architecture: ThreeLayer(width: 2)).replacing(beta: 0.05)
    var options = WorkingSet.Options()
    options.closingNodeLimit = 500
    try expectSameEnds(most: 4) { checkpoints in
      let program = try SampledSubnetworkTraining(problem, draws: 8, options: options)
      let training: any Solver =
        try limit.map { try NarrowTraining(problem, limit: $0, options: options, after: program) } ?? program
      let outcome = try training.train(stop: StopSignal(), checkpoints: checkpoints, progress: { _ in })
      return (outcome.network, figures(outcome))
    }
  }

  /// Other draws are other pieces.
  @Test func otherPiecesBeginAfresh() throws {
    let problem = try problem(12, 2).replacing(architecture: ThreeLayer(width: 2))
    func train(_ seed: UInt64, _ checkpoints: Checkpoints?) throws -> TrainingOutcome {
      var options = WorkingSet.Options()
      (options.seed, options.closingNodeLimit) = (seed, 100)
      return try SampledSubnetworkTraining(problem, draws: 8, options: options).train(
        checkpoints: checkpoints)
    }
    try BLAS.singleThreaded {
      var last: RunState?
      _ = try train(1, Checkpoints(every: .zero) { last = $0 })
      let resumed = try train(2, Checkpoints(every: .zero, from: last) { _ in })
      #expect(try resumed.network == train(2, nil).network)
    }
  }
}
