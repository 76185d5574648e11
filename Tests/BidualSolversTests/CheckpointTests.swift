import BidualCertificates
import BidualLinear
import BidualModels
import BidualObjectives
import Foundation
import Testing

@testable import BidualSolvers

/// A run that goes on from any of its states ends with the bytes of one that was never interrupted.
@Suite struct CheckpointTests {
  /// A problem with noise, of n samples in d dimensions.
  func problem(_ n: Int, _ d: Int, loss: any Loss = SquaredLoss(), offset: Bool = false) throws
    -> TrainingProblem
  {
    var random = SeededGenerator(seed: 5)
    let design = Matrix(rows: n, columns: d, elements: (0..<(n * d)).map { _ in random.nextGaussian() })
    let targets = (0..<n).map { i in
      let value = abs(design[i, 0]) - design[i, 1] + 0.3 * random.nextGaussian()
      return loss.targetKind == .sign ? (value > 0 ? 1 : -1) : value
    }
    let problem = try TrainingProblem(
      design: design, targets: targets, loss: loss, beta: 1, hasOffset: offset)
    return try problem.replacing(beta: 0.02 * problem.betaMax())
  }

  /// What a state becomes by way of a file.
  private func stored(_ state: RunState) throws -> RunState {
    let encoder = JSONEncoder()
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try decoder.decode(RunState.self, from: encoder.encode(state))
  }

  /// Runs straight through, collecting states, and then from some of the states.
  func expectSameEnds(
    least: Int = 3, most: Int = 12,
    _ train: (Checkpoints?) throws -> (network: any Network, figures: [Double])
  ) throws {
    try BLAS.singleThreaded {
      let plain = try train(nil)
      var states: [RunState] = []
      let watched = try train(Checkpoints(every: .zero) { states.append($0) })
      #expect(watched.network == plain.network && watched.figures == plain.figures)
      #expect(states.count >= least)
      for index in stride(from: 0, to: states.count, by: max(1, states.count / most)) + [states.count - 1] {
        let start = try stored(states[index])
        let resumed = try train(Checkpoints(every: .seconds(1e6), from: start) { _ in })
        #expect(resumed.network == plain.network, "state \(index) of \(states.count)")
        #expect(resumed.figures == plain.figures, "state \(index) of \(states.count)")
      }
    }
  }

  func figures(_ outcome: TrainingOutcome) -> [Double] {
    [
      outcome.certificate.objective, outcome.certificate.lowerBound, outcome.certificate.polarBound,
      Double(outcome.iterations), outcome.localGap ?? -1,
    ] + outcome.certificate.dualPoint
  }

  @Test(arguments: [UpdateRule.plain, .momentum(), .adam()], [nil, 7])
  func gradientMethods(rule: UpdateRule, batchSize: Int?) throws {
    let problem = try problem(30, 4, offset: batchSize == nil)
    var options = GradientTraining.Options()
    options.rule = rule
    options.width = 6
    options.batchSize = batchSize
    options.maximumEpochs = 15
    options.schedule = .cosine
    try expectSameEnds { checkpoints in
      let outcome = try GradientTraining(problem, options: options).descend(checkpoints: checkpoints)
      return (
        outcome.network,
        [outcome.objective] + outcome.trace.map(\.objective) + outcome.trace.map { Double($0.epoch) }
      )
    }
  }

  @Test(arguments: [false, true]) func adaptive(offset: Bool) throws {
    let problem = try problem(60, 8, offset: offset)
    var options = WorkingSet.Options()
    options.aim = .localGap
    options.gap = 1e-4
    options.maximumIterations = 12
    try expectSameEnds { checkpoints in
      let outcome = try WorkingSet(problem, options: options).train(checkpoints: checkpoints)
      return (outcome.network, figures(outcome))
    }
  }

  /// A run that the number of rounds ends tells the local gap that it last knew, wherever it was taken up.
  @Test func adaptiveEndedByRounds() throws {
    let problem = try problem(60, 8)
    var options = WorkingSet.Options()
    options.aim = .localGap
    options.gap = 1e-9
    options.maximumIterations = 2
    try expectSameEnds { checkpoints in
      let outcome = try WorkingSet(problem, options: options).train(checkpoints: checkpoints)
      #expect(outcome.status == .iterationLimit && outcome.localGap != nil)
      return (outcome.network, figures(outcome))
    }
  }

  @Test(arguments: ["squared", "hinge"]) func workingSet(loss: String) throws {
    let problem = try problem(40, 3, loss: loss == "hinge" ? HingeLoss() : SquaredLoss(), offset: true)
    var options = WorkingSet.Options()
    options.gap = 1e-6
    try expectSameEnds { checkpoints in
      let outcome = try WorkingSet(problem, options: options).train(checkpoints: checkpoints)
      #expect(outcome.status == .solved)
      return (outcome.network, figures(outcome))
    }
  }

  /// Runs with several outputs, to a proof, to a small local gap, to their limit of rounds and to where nothing helps any more.
  @Test(arguments: [
    (WorkingSet.Aim.proof, 1e-6, 200), (.localGap, 1e-5, 200), (.localGap, 1e-12, 2), (.localGap, 0, 200),
  ])
  func severalOutputs(aim: WorkingSet.Aim, gap: Double, rounds: Int) throws {
    let single = try problem(40, 3)
    let targets = single.targets.indices.flatMap { [single.targets[$0], abs(single.design[$0, 2])] }
    let problem = try TrainingProblem(
      design: single.design, targets: targets, outputs: 2, beta: 1, hasOffset: true)
    var options = WorkingSet.Options()
    options.aim = aim
    options.gap = gap
    options.maximumIterations = rounds
    let weak = try problem.replacing(beta: 0.05 * problem.betaMax())
    var status: SolverStatus?
    try expectSameEnds(most: 6) { checkpoints in
      let outcome = try VectorTraining(weak, options: options).train(checkpoints: checkpoints)
      #expect(status == nil || outcome.status == status)
      status = outcome.status
      return (outcome.network, figures(outcome))
    }
    let expected: SolverStatus =
      aim == .proof
      ? .solved : gap == 0 ? .insufficientProgress : rounds == 2 ? .iterationLimit : .localGapReached
    #expect(status == expected)
  }

  /// A bound in a state is proven anew: one that does not hold is worth nothing.
  @Test func falseProofsAreDropped() throws {
    let problem = try problem(40, 3)
    var last: RunState?
    let honest = try WorkingSet(problem).train(checkpoints: Checkpoints(every: .zero) { last = $0 })
    guard case .workingSet(var state)? = last else {
      Issue.record("no state")
      return
    }
    state.best.proof?.polarBound *= 0.5
    let misled = try WorkingSet(problem).train(
      checkpoints: Checkpoints(every: .zero, from: .workingSet(state)) { _ in })
    #expect(misled.status == .solved)
    #expect(misled.certificate.lowerBound <= honest.certificate.objective)
    try Certifier(problem).verify(misled.certificate, of: misled.network)
  }

  /// States of other problems or solvers are not taken up, and do no harm.
  @Test func foreignStatesAreLeftAside() throws {
    let small = try problem(30, 3)
    let large = try problem(50, 5)
    var states: [RunState] = []
    let checkpoints = Checkpoints(every: .zero) { states.append($0) }
    var gradient = GradientTraining.Options()
    gradient.width = 4
    gradient.maximumEpochs = 3
    _ = try GradientTraining(large, options: gradient).descend(checkpoints: checkpoints)
    _ = try WorkingSet(large).train(checkpoints: checkpoints)
    var few = WorkingSet.Options()
    few.aim = .localGap
    few.maximumIterations = 3
    let pair = try TrainingProblem(
      design: large.design, targets: large.targets.flatMap { [$0, -$0] }, outputs: 2, beta: large.beta)
    _ = try VectorTraining(pair, options: few).train(checkpoints: checkpoints)
    let other = try TrainingProblem(
      design: small.design, targets: small.targets.flatMap { [$0, 1] }, outputs: 2, beta: small.beta)
    try BLAS.singleThreaded {
      let straight = try WorkingSet(small).train()
      let several = try VectorTraining(other, options: few).train()
      let descended = try GradientTraining(small, options: gradient).descend()
      for state in states {
        let start = Checkpoints(every: .zero, from: state) { _ in }
        #expect(try WorkingSet(small).train(checkpoints: start).network == straight.network)
        #expect(
          try VectorTraining(other, options: few).train(checkpoints: start).network == several.network)
        #expect(
          try GradientTraining(small, options: gradient).descend(checkpoints: start).network
            == descended.network)
      }
    }
  }

  /// A stopped run leaves a state even where no interval has passed.
  @Test func stoppedRunsLeaveAState() throws {
    let problem = try problem(60, 8)
    let stop = StopSignal()
    var count = 0
    let outcome = try WorkingSet(problem).train(
      stop: stop, checkpoints: Checkpoints(every: .seconds(1e6)) { _ in count += 1 }
    ) { if $0.iteration == 2 { stop.stop() } }
    #expect(outcome.status == .stoppedByCaller && count == 1)
  }
}

private func + (left: StrideTo<Int>, right: [Int]) -> [Int] { Array(left) + right }
