import BidualLinear
import BidualModels
import BidualObjectives
import BidualSolvers
import Testing

@Suite struct BaselineTests {
  private func options(_ rule: UpdateRule, width: Int = 10, rate: Double, epochs: Int)
    -> GradientTraining.Options
  {
    var options = GradientTraining.Options()
    options.rule = rule
    options.width = width
    options.learningRate = rate
    options.maximumEpochs = epochs
    return options
  }

  private func problem(_ kind: TinyProblem, beta: Double = 0.3) throws -> TrainingProblem {
    let (design, targets) = kind.data(seed: 1)
    return try TrainingProblem(design: design, targets: targets, beta: beta)
  }

  /// Objective, balance and life of a network, from its weights and the raw data.
  private func check(_ outcome: BaselineOutcome, _ problem: TrainingProblem, _ what: String = "") {
    let network = outcome.network.twoLayer!
    let naive = naiveObjective(outcome.network, problem)
    #expect(abs(naive - outcome.objective) <= 1e-10 * max(naive, 1e-300), "\(what)")
    for j in 0..<network.neurons {
      let (length, alpha) = (norm(network.hidden.row(j)), abs(network.output[j]))
      #expect(abs(length - alpha) <= 1e-12 * alpha, "\(what)")
      #expect(
        (0..<problem.design.rows).contains { dot(problem.design.row($0), network.hidden.row(j)) > 0 },
        "\(what): a dead neuron")
    }
  }

  @Test func smallStepsOfGradientDescentAreMonotone() throws {
    for kind in [TinyProblem.gaussian, .integerGrid, .fewerSamples] {
      let problem = try problem(kind)
      let outcome = try GradientTraining(problem, options: options(.plain, rate: 1e-3, epochs: 3000))
        .descend()
      #expect(outcome.trace.count == 3001 && outcome.epochs == 3000)
      #expect(outcome.status == .iterationLimit)
      for (before, after) in zip(outcome.trace, outcome.trace.dropFirst()) {
        #expect(after.objective <= before.objective * (1 + 1e-12))
      }
      check(outcome, problem)
    }
  }

  /// The optimum is that of the reference, from an independent convex solver.
  @Test(
    arguments: GoldenCase.all.filter {
      ["squared_essay_example", "logistic_gauss_12x2", "hinge_binary_12x3", "huber_gauss_10x3"].contains(
        where: $0.name.hasSuffix)
    })
  func everyMethodNearsTheOptimumFromAbove(golden: GoldenCase) throws {
    let problem = try golden.problem()
    let runs: [(UpdateRule, Int?, Double)] = [
      (.adam(), nil, 1.02), (.adam(), 4, 1.1), (.momentum(), nil, 1.1), (.momentum(), 5, 1.1),
      (.plain, nil, 1.1),
    ]
    for (rule, batch, factor) in runs {
      let rates = LearningRateSearch.rates(for: rule)
      var options = options(rule, width: 60, rate: 1, epochs: 8000 * rates.count)
      options.batchSize = batch
      options.schedule = .cosine
      let outcomes = try LearningRateSearch(problem, options: options, rates: rates).train()
      for outcome in outcomes {
        check(outcome, problem, "\(rule)")
        #expect(outcome.objective >= golden.optimum * (1 - 1e-5), "\(rule)")
      }
      #expect(outcomes[0].objective <= golden.optimum * factor, "\(rule), batch \(batch ?? 0)")
    }
  }

  @Test(arguments: [nil, 3, 5, 1000] as [Int?]) func oneSeedGivesTheSameBits(batch: Int?) throws {
    let problem = try problem(.gaussian)
    for rule in [UpdateRule.adam(), .momentum(), .plain] {
      for threads in [1, 2] {
        var options = options(rule, rate: 1e-2, epochs: 50)
        options.batchSize = batch
        options.threads = threads
        options.seed = 7
        let first = try GradientTraining(problem, options: options).descend()
        let second = try GradientTraining(problem, options: options).descend()
        #expect(
          first.network.weights.map(\.bitPattern) == second.network.weights.map(\.bitPattern))
        #expect(first.trace.map(\.objective) == second.trace.map(\.objective))
        options.seed = 8
        let other = try GradientTraining(problem, options: options).descend()
        #expect(other.trace.map(\.objective) != first.trace.map(\.objective))
      }
    }
  }

  @Test func aBatchOfAllSamplesOrMoreIsGradientDescent() throws {
    let problem = try problem(.gaussian)
    var options = options(.momentum(), rate: 1e-2, epochs: 40)
    let whole = try GradientTraining(problem, options: options).descend()
    for size in [problem.targets.count, 1_000_000] {
      options.batchSize = size
      let batch = try GradientTraining(problem, options: options).descend()
      #expect(batch.trace.map(\.objective) == whole.trace.map(\.objective))
    }
  }

  @Test func divergingRunsEndWithTheirBestNetwork() throws {
    for (rule, rate, batch) in [
      (UpdateRule.plain, 1e3, nil), (.momentum(), 1e3, 4), (.plain, 1e200, nil), (.adam(), 1e200, nil),
    ] as [(UpdateRule, Double, Int?)] {
      let problem = try problem(.gaussian)
      var options = options(rule, rate: rate, epochs: 2000)
      options.batchSize = batch
      let outcome = try GradientTraining(problem, options: options).descend()
      #expect(outcome.status == .diverged, "\(rule)")
      #expect(outcome.epochs < 2000)
      #expect(outcome.trace.allSatisfy { $0.objective.isFinite })
      // Never worse than the network that predicts 0.
      #expect(outcome.objective <= 0.5 * dot(problem.targets, problem.targets))
      check(outcome, problem, "\(rule)")
    }
    // Here even the first network overflows.
    let huge = try TrainingProblem(
      design: Matrix([[1e100, 1], [1, 1e100]]), targets: [1e100, -1e100], beta: 1e100)
    let outcome = try GradientTraining(huge, options: options(.plain, rate: 1e300, epochs: 9)).descend()
    #expect(outcome.objective.isFinite && outcome.status == .diverged)
  }

  @Test(arguments: TinyProblem.allCases) func degenerateDataAndWidthsTrain(kind: TinyProblem) throws {
    let problem = try problem(kind)
    for (width, batch) in [(1, nil), (1, 1), (5, 2), (300, nil), (3, 500)] as [(Int, Int?)] {
      var options = options(.adam(), width: width, rate: 1e-2, epochs: 30)
      options.batchSize = batch
      let outcome = try GradientTraining(problem, options: options).descend()
      check(outcome, problem, "\(kind), width \(width)")
      #expect(outcome.network.neurons <= width)
      #expect(outcome.objective <= problem.objective(TwoLayerNetwork.zero(inputs: problem.design.columns)))
      if kind == .zeroDesign || kind == .zeroTargets { #expect(outcome.network.neurons == 0) }
    }
  }

  @Test func constantTargetsTrain() throws {
    let (design, _) = TinyProblem.constantColumn.data(seed: 3)
    let problem = try TrainingProblem(
      design: design, targets: Array(repeating: 2, count: design.rows), beta: 0.1)
    let outcome = try GradientTraining(problem, options: options(.adam(), rate: 1e-2, epochs: 5000)).descend()
    check(outcome, problem)
    let optimum = try WorkingSet(problem).train().certificate
    #expect(outcome.objective >= optimum.lowerBound)
    #expect(outcome.objective <= optimum.objective * 1.02)
  }

  @Test func weightsAndOffsetsTrain() throws {
    let (design, targets) = TinyProblem.gaussian.data(seed: 6)
    let problem = try TrainingProblem(
      design: design, targets: targets.map { $0 + 5 }, weights: targets.indices.map { Double($0 % 3) },
      beta: 0.3, hasOffset: true)
    let outcome = try GradientTraining(
      problem, options: options(.adam(), width: 40, rate: 1e-2, epochs: 8000)
    )
    .descend()
    check(outcome, problem)
    let optimum = try WorkingSet(problem).train().certificate
    #expect(outcome.objective >= optimum.lowerBound)
    #expect(outcome.objective <= optimum.objective * 1.05)
    let (zero, none) = (
      TinyProblem.zeroDesign.data(seed: 1).design, [4.0, 4] + Array(repeating: 4, count: 12)
    )
    let constant = try TrainingProblem(design: zero, targets: none, beta: 1, hasOffset: true)
    let flat = try GradientTraining(constant, options: options(.plain, rate: 1e-2, epochs: 5)).descend()
    #expect(flat.network.neurons == 0 && flat.objective <= 1e-20)
  }

  @Test func endings() throws {
    let problem = try problem(.gaussian)
    var options = options(.adam(), rate: 1e-2, epochs: 100_000)
    options.patience = 50
    options.leastProgress = 1e-4
    let patient = try GradientTraining(problem, options: options).descend()
    #expect(patient.status == .insufficientProgress && patient.epochs < 100_000)
    options.patience = nil
    options.target = 1.1 * patient.objective
    let aimed = try GradientTraining(problem, options: options).descend()
    #expect(aimed.status == .targetReached && aimed.objective <= options.target!)
    #expect(aimed.trace.dropLast().allSatisfy { $0.objective > options.target! })
    options.target = nil
    let timed = try GradientTraining(problem, options: options).descend(
      stop: StopSignal(timeLimit: .milliseconds(5)))
    #expect(timed.status == .timeLimit)
    for batch in [nil, 2] {
      let stop = StopSignal()
      options.batchSize = batch
      let stopped = try GradientTraining(problem, options: options).descend(stop: stop) {
        if $0.epoch == 20 { stop.stop() }
      }
      #expect(stopped.status == .stoppedByCaller && stopped.epochs == 20)
      check(stopped, problem)
    }
    options.evaluationInterval = 7
    options.maximumEpochs = 30
    let sparse = try GradientTraining(problem, options: options).descend()
    #expect(sparse.trace.map(\.epoch) == [0, 7, 14, 21, 28, 30])
  }

  @Test func schedulesChangeTheRate() throws {
    let problem = try problem(.gaussian)
    func objectives(_ schedule: LearningRateSchedule) throws -> [Double] {
      var options = options(.plain, rate: 1e-2, epochs: 20)
      options.schedule = schedule
      return try GradientTraining(problem, options: options).descend().trace.map(\.objective)
    }
    let constant = try objectives(.constant)
    let step = try objectives(.step(factor: 0.5, epochs: 5))
    let cosine = try objectives(.cosine)
    #expect(Array(step[...5]) == Array(constant[...5]) && step[6] > constant[6])
    #expect(cosine[1] == constant[1] && cosine[2] > constant[2])
    // The last steps of a cosine all but vanish.
    #expect(cosine[19] - cosine[20] < 0.01 * (cosine[0] - cosine[1]))
  }

  @Test func theSearchReturnsTheBestRateFirst() throws {
    let problem = try problem(.gaussian)
    let rates = LearningRateSearch.rates(for: .adam()) + [1e250]
    var options = options(.adam(), rate: 1, epochs: 1000)
    options.seed = 2
    let outcomes = try LearningRateSearch(problem, options: options, rates: rates).train()
    #expect(outcomes.count == rates.count)
    #expect(Set(outcomes.map(\.learningRate)) == Set(rates))
    #expect(outcomes.map(\.objective) == outcomes.map(\.objective).sorted())
    #expect(outcomes.last?.status == .diverged)
    for outcome in outcomes where outcome.status != .diverged { #expect(outcome.epochs == 200) }
    // Each rate has its share of the time.
    options.maximumEpochs = 100_000_000
    let timed = try LearningRateSearch(
      problem, options: options, rates: [0.01, 0.001], timeLimit: .milliseconds(60)
    ).train()
    #expect(timed.count == 2 && timed.allSatisfy { $0.status == .timeLimit })
    let stop = StopSignal()
    stop.stop()
    let stopped = try LearningRateSearch(problem, options: options, rates: rates).train(stop: stop)
    #expect(stopped.count == 1 && stopped[0].status == .stoppedByCaller)
  }

  @Test func settingsThatMakeNoRunAreErrors() throws {
    let problem = try problem(.gaussian)
    let changes: [(inout GradientTraining.Options) -> Void] = [
      { $0.width = 0 }, { $0.batchSize = 0 }, { $0.maximumEpochs = 0 }, { $0.learningRate = .nan },
      { $0.learningRate = 0 }, { $0.threads = 0 }, { $0.patience = 0 }, { $0.rule = .momentum(1) },
      { $0.rule = .adam(firstDecay: .nan) }, { $0.rule = .adam(epsilon: 0) }, { $0.target = .nan },
      { $0.schedule = .step(factor: 2, epochs: 3) }, { $0.schedule = .step(factor: 0.5, epochs: 0) },
      { $0.evaluationInterval = -1 }, { $0.leastProgress = -1 },
    ]
    for change in changes {
      var options = GradientTraining.Options()
      change(&options)
      #expect(throws: DataError.self) { try GradientTraining(problem, options: options) }
    }
    #expect(throws: DataError.self) { try LearningRateSearch(problem, options: .init(), rates: []) }
    let (design, targets) = TinyProblem.gaussian.data(seed: 1)
    let strange = [
      try TrainingProblem(design: design, targets: targets, beta: 1, architecture: Linear()),
      try TrainingProblem(
        design: design, targets: targets, loss: try InterpolationLoss(tolerance: 0.1), beta: 1),
    ]
    for problem in strange {
      #expect(throws: DataError.self) { try GradientTraining(problem) }
      #expect(throws: DataError.self) { try problem.slopedAtoms() }
    }
    var options = GradientTraining.Options()
    options.width = 0
    do {
      _ = try GradientTraining(problem, options: options)
    } catch {
      #expect(error == DataError(.badSettings, "the width is 0; give at least 1"))
    }
  }
}
