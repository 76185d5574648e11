import BidualArrangements
import BidualCertificates
import BidualLinear
import BidualModels
import BidualObjectives
import Testing

@testable import BidualSolvers

@Suite struct PenalisedTrainingTests {
  private func options(_ rule: UpdateRule = .adam(), rate: Double = 1e-2, epochs: Int, batch: Int? = nil)
    -> PenalisedTraining.Options
  {
    var options = PenalisedTraining.Options()
    options.descent.rule = rule
    options.descent.learningRate = rate
    options.descent.maximumEpochs = epochs
    options.descent.batchSize = batch
    return options
  }

  private func sampled(_ kind: TinyProblem, beta: Double = 0.3) throws -> (TrainingProblem, PatternSet) {
    let (design, targets) = kind.data(seed: 1)
    let patterns = try PatternCollection([GaussianGates(draws: 20)], data: design, seed: 2).packed
    return (try TrainingProblem(design: design, targets: targets, beta: beta), patterns)
  }

  /// Objective and bound from the weights, the raw data and the exact program over the patterns.
  private func check(
    _ outcome: TrainingOutcome, _ problem: TrainingProblem, _ patterns: PatternSet, _ what: String = ""
  ) -> (objective: Double, restricted: Double) {
    let naive = naiveObjective(outcome.network, problem)
    let certificate = outcome.certificate
    #expect(naive.isFinite && abs(naive - certificate.objective) <= 1e-9 * max(naive, 1e-12), "\(what)")
    #expect(certificate.scope == .restricted && outcome.method == .penalised, "\(what)")
    let exact = GivenPatterns(problem, patterns: patterns, form: .relu).solve()
    #expect(certificate.lowerBound <= exact.objective * (1 + 1e-9), "\(what)")
    return (naive, exact.objective)
  }

  /// Value, crossings and slopes by loops and by differences, over all samples and over batches.
  @Test(arguments: LossRegistry.standard.separableNames) func sumsAndSlopesAgreeWithLoops(name: String) throws
  {
    let loss = try #require(try LossRegistry.standard.loss(name))
    var random = SeededGenerator(seed: 5)
    let (n, r, count) = (23, 3, 70)
    let design = Matrix(rows: n, columns: r, elements: (0..<(n * r)).map { _ in random.nextGaussian() })
    let targets = (0..<n).map { _ in loss.targetKind == .real ? random.nextGaussian() : 1 }
    let bits = (0..<count).map { _ in
      ActivationPattern(preActivations: (0..<n).map { _ in random.nextGaussian() })
    }
    let problem = try TrainingProblem(
      design: design, targets: targets, weights: (0..<n).map { 1 + Double($0 % 3) }, loss: loss, beta: 0.7,
      hasOffset: true)
    let program = PenalisedProgram(
      problem, design: design, patterns: PatternSet(bits, samples: n), conePenalty: 0.4)
    let point = (0..<program.count).map { _ in 0.1 * random.nextGaussian() }
    func naive(_ values: [Double], _ rows: [Int]) -> Double {
      var sum = 0.0
      for i in rows {
        var prediction = values[program.penalized]
        for block in 0..<program.blocks {
          let height = dot(design.row(i), program.vector(block, of: values))
          let isActive = bits[block % count][i]
          if isActive { prediction += block < count ? height : -height }
          sum += 0.4 * max(0, isActive ? -height : height)
        }
        sum += problem.weights[i] * loss.value(prediction, target: targets[i])
      }
      return sum
    }
    var gradient = point
    var predictions: [Double] = []
    for rows in [Array(0..<n), [3, 22, 7], [5]] {
      let sums = program.evaluate(point, rows: rows[...], gradient: &gradient, predictions: &predictions)
      let value = naive(point, rows)
      #expect(abs(sums.loss + 0.4 * sums.crossing - value) <= 1e-12 * value)
      #expect(predictions.count == rows.count)
      for k in [0, 4, r * count - 1, r * count, program.penalized - 2, program.penalized] {
        var (up, down) = (point, point)
        up[k] += 1e-7
        down[k] -= 1e-7
        let slope = (naive(up, rows) - naive(down, rows)) / 2e-7
        #expect(abs(slope - gradient[k]) <= 1e-5 * (1 + abs(slope)), "\(name) \(k)")
      }
    }
  }

  /// In the cones nothing crosses, and program, network and given patterns have one objective.
  @Test func aSolutionWithConesIsAPointOfTheProgram() throws {
    let (problem, patterns) = try sampled(.gaussian)
    let solution = GivenPatterns(problem, patterns: patterns, form: .relu).solve()
    let program = PenalisedProgram(
      problem, design: problem.design, patterns: patterns, conePenalty: 1e3)
    var values = [Double](repeating: 0, count: program.count)
    for block in solution.blocks {
      let place = block.pattern + (block.sign > 0 ? 0 : patterns.count)
      for (j, x) in block.vector.enumerated() { values[place * problem.design.columns + j] = x }
    }
    var gradient = values
    var predictions: [Double] = []
    let rows = Array(0..<problem.design.rows)
    let sums = program.evaluate(values, rows: rows[...], gradient: &gradient, predictions: &predictions)
    let decay = problem.beta * program.lengths(values)
    #expect(sums.crossing <= 1e-9)
    #expect(abs(sums.loss + decay - solution.objective) <= 1e-8 * solution.objective)
    #expect(abs(sums.networkLoss - sums.loss) <= 1e-7 * solution.objective)
  }

  /// Over a list of patterns the network comes near the program's optimum, or below it where neurons leave their
  /// patterns.
  @Test(arguments: [TinyProblem.gaussian, .fewerSamples, .rankDeficient, .binary])
  func nearsTheOptimumOverThePatterns(kind: TinyProblem) throws {
    let (problem, patterns) = try sampled(kind)
    let runs: [(UpdateRule, Double, Int?)] = [
      (.adam(), 1e-2, nil), (.adam(), 1e-2, 5), (.momentum(), 3e-3, 5), (.plain, 1e-2, nil),
    ]
    for (rule, rate, batch) in runs {
      let training = try PenalisedTraining(
        problem, patterns: patterns, options: options(rule, rate: rate, epochs: 4000, batch: batch))
      let (objective, restricted) = check(training.train(), problem, patterns, "\(kind) \(rule)")
      #expect(objective <= restricted * 1.05, "\(kind) \(rule) \(batch ?? 0)")
    }
  }

  /// With all chambers nothing is below the optimum, and the bound is one over all networks.
  @Test(arguments: GoldenCase.all.filter { $0.name.hasSuffix("gauss_12x2") || $0.name.hasSuffix("example") })
  func allChambersGiveTheOptimum(golden: GoldenCase) throws {
    let problem = try golden.problem()
    let tree = try Arrangement(problem.design).chambers()
    let patterns = PatternSet((0..<tree.count).map { tree.pattern($0) }, samples: problem.design.rows)
    let outcome = try PenalisedTraining(problem, patterns: patterns, options: options(epochs: 5000)).train()
    let objective = check(outcome, problem, patterns, golden.name).objective
    #expect(objective >= golden.optimum * (1 - 1e-5), "\(golden.name)")
    #expect(objective <= golden.optimum * 1.02, "\(golden.name)")
    // Where the loss has kinks, slopes jump from side to side.
    let share = ["absolute", "hinge"].contains(golden.loss) ? 0.5 : 0.8
    #expect(outcome.certificate.lowerBound >= golden.optimum * share, "\(golden.name)")
  }

  @Test(arguments: TinyProblem.allCases) func degenerateDataAreHonest(kind: TinyProblem) throws {
    let (design, targets) = kind.data(seed: 3)
    let patterns = try PatternCollection(
      [GaussianGates(draws: 12), ComplementGates()], data: design, seed: 2
    ).packed
    for hasOffset in [false, true] {
      let problem = try TrainingProblem(
        design: design, targets: targets, beta: 0.1, hasOffset: hasOffset)
      let outcome = try PenalisedTraining(problem, patterns: patterns, options: options(epochs: 100)).train()
      let (objective, _) = check(outcome, problem, patterns, "\(kind)")
      let zero = TwoLayerNetwork.zero(inputs: design.columns, offsets: hasOffset ? [problem.constantFit] : [])
      #expect(objective <= problem.objective(zero) * (1 + 1e-9) + 1e-300)
    }
  }

  @Test func oneSeedGivesTheSameBits() throws {
    let (problem, patterns) = try sampled(.gaussian)
    func train(seed: UInt64) throws -> TrainingOutcome {
      var options = options(epochs: 60, batch: 4)
      options.descent.seed = seed
      return try PenalisedTraining(problem, patterns: patterns, options: options).train()
    }
    let (first, second, other) = (try train(seed: 1), try train(seed: 1), try train(seed: 2))
    #expect(first.network == second.network && first.certificate == second.certificate)
    #expect(first.certificate.objective != other.certificate.objective)
  }

  @Test func endingsAreNamed() throws {
    let (problem, patterns) = try sampled(.gaussian)
    let stop = StopSignal()
    stop.stop()
    let stopped = try PenalisedTraining(problem, patterns: patterns, options: options(epochs: 50))
      .train(stop: stop)
    #expect(stopped.status == .stoppedByCaller && stopped.iterations == 0)
    let wild = try PenalisedTraining(
      problem, patterns: patterns, options: options(.plain, rate: 1e6, epochs: 500)
    ).train()
    #expect(wild.status == .diverged)
    _ = check(wild, problem, patterns)
    var patient = options(epochs: 100_000)
    patient.descent.patience = 50
    patient.descent.leastProgress = 1e-3
    let idle = try PenalisedTraining(problem, patterns: patterns, options: patient).train()
    #expect(idle.status == .insufficientProgress)
  }

  @Test func badSettingsAreRefused() throws {
    let (problem, patterns) = try sampled(.gaussian)
    for rho in [0, -1, .nan, .infinity] as [Double] {
      var options = options(epochs: 5)
      options.conePenalty = rho
      #expect(throws: DataError.self) {
        try PenalisedTraining(problem, patterns: patterns, options: options)
      }
    }
    for change in [
      { $0.gap = .nan }, { $0.descent.learningRate = 0 }, { $0.descent.maximumEpochs = 0 },
    ] as [(inout PenalisedTraining.Options) -> Void] {
      var options = options(epochs: 5)
      change(&options)
      #expect(throws: DataError.self) {
        try PenalisedTraining(problem, patterns: patterns, options: options)
      }
    }
    var bad = options(epochs: 5)
    bad.conePenalty = -2
    do {
      _ = try PenalisedTraining(problem, patterns: patterns, options: bad)
    } catch {
      #expect(
        error == DataError(.badSettings, "the penalty of the cones is -2.0; give a positive number"))
    }
    #expect(throws: DataError.self) {
      try PenalisedTraining(problem, patterns: PatternSet([], samples: problem.design.rows))
    }
    let linear = try TrainingProblem(
      design: problem.design, targets: problem.targets, beta: 1, architecture: Linear())
    #expect(throws: DataError.self) { try PenalisedTraining(linear, patterns: patterns) }
  }
}
