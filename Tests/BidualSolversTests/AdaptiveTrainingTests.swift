import BidualCertificates
import BidualLinear
import BidualModels
import BidualObjectives
import BidualPolars
import Testing

@testable import BidualSolvers

@Suite struct AdaptiveTrainingTests {
  private func train(_ problem: TrainingProblem, gap: Double = 1e-3, seed: UInt64 = 0, rounds: Int = 60)
    throws
    -> TrainingOutcome
  {
    var options = WorkingSet.Options()
    options.aim = .localGap
    options.gap = gap
    options.maximumIterations = rounds
    options.seed = seed
    return try WorkingSet(problem, options: options).train()
  }

  /// A teacher of 5 neurons in d dimensions with noise.
  private func teacher(_ n: Int, _ d: Int, seed: UInt64, offset: Bool = false) throws -> TrainingProblem {
    var random = SeededGenerator(seed: seed)
    let design = Matrix(rows: n, columns: d, elements: (0..<(n * d)).map { _ in random.nextGaussian() })
    let network = TwoLayerNetwork(
      hidden: Matrix(rows: 5, columns: d, elements: (0..<(5 * d)).map { _ in random.nextGaussian() }),
      output: (0..<5).map { $0 % 2 == 0 ? 1 : -1 })
    let targets = network.predictions(design).map { $0 + 0.3 * random.nextGaussian() + (offset ? 7 : 0) }
    let problem = try TrainingProblem(design: design, targets: targets, beta: 1, hasOffset: offset)
    return try problem.replacing(beta: 0.03 * problem.betaMax())
  }

  private func check(_ outcome: TrainingOutcome, _ problem: TrainingProblem, _ what: String) throws {
    let naive = naiveObjective(outcome.network, problem)
    #expect(abs(naive - outcome.certificate.objective) <= 1e-9 * naive, "\(what)")
    #expect(outcome.certificate.lowerBound <= naive, "\(what)")
    #expect(outcome.certificate.scope == .global, "\(what)")
    try Certifier(problem).verify(outcome.certificate, of: outcome.network)
  }

  /// References are from an independent convex solver over all chambers.
  @Test(arguments: GoldenCase.all) func nearsTheReferences(golden: GoldenCase) throws {
    let problem = try golden.problem()
    let outcome = try train(problem)
    try check(outcome, problem, golden.name)
    #expect(outcome.certificate.objective >= golden.optimum * (1 - 1e-5))
    #expect(outcome.certificate.objective <= golden.optimum * 1.003, "\(outcome.status)")
    #expect(outcome.certificate.lowerBound <= golden.optimum * (1 + 1e-5))
    // Local ascent may miss the polar, but not by much in few dimensions.
    if outcome.status == .localGapReached {
      #expect(outcome.localGap! <= 1e-3)
      #expect(outcome.certificate.objective * (1 - outcome.localGap!) <= golden.optimum * 1.003)
    }
  }

  @Test(arguments: [false, true]) func endsBelowAdamAtHighRank(offset: Bool) throws {
    let problem = try teacher(120, 20, seed: 3, offset: offset)
    let outcome = try train(problem, gap: 5e-3)
    try check(outcome, problem, "teacher")
    #expect(outcome.status == .localGapReached && outcome.localGap! <= 5e-3)
    var options = GradientTraining.Options()
    options.width = 100
    options.maximumEpochs = 4000
    for seed in 0..<3 as Range<UInt64> {
      options.seed = seed
      let adam = try GradientTraining(problem, options: options).descend()
      #expect(outcome.certificate.objective <= adam.objective)
      #expect(adam.objective * (1 + 1e-9) >= outcome.certificate.objective * (1 - outcome.localGap!))
    }
  }

  @Test(arguments: TinyProblem.allCases) func degenerateDataTrain(kind: TinyProblem) throws {
    let (design, targets) = kind.data(seed: 2)
    for ratio in [1.5, 0.1] {
      let unscaled = try TrainingProblem(design: design, targets: targets, beta: 1)
      let betaMax = unscaled.betaMax()
      let problem = try unscaled.replacing(beta: betaMax > 0 ? ratio * betaMax : 1)
      let outcome = try train(problem, rounds: 40)
      try check(outcome, problem, "\(kind)")
      let optimum = try WorkingSet(problem).train().certificate
      #expect(outcome.certificate.objective >= optimum.lowerBound, "\(kind)")
      #expect(outcome.certificate.objective <= optimum.objective * 1.005 + 1e-12, "\(kind), ratio \(ratio)")
      if ratio > 1 { #expect(outcome.network.neurons == 0, "\(kind)") }
    }
  }

  @Test func oneSeedGivesTheSameBits() throws {
    let problem = try teacher(60, 9, seed: 4)
    for threads in [1, 2] {
      var options = WorkingSet.Options()
      options.aim = .localGap
      options.threads = threads
      options.maximumIterations = 6
      options.gap = 1e-9
      let first = try WorkingSet(problem, options: options).train()
      let second = try WorkingSet(problem, options: options).train()
      #expect(
        first.network.twoLayer!.hidden.elements.map(\.bitPattern)
          == second.network.twoLayer!.hidden.elements.map(\.bitPattern))
      #expect(
        first.network.twoLayer!.output.map(\.bitPattern) == second.network.twoLayer!.output.map(\.bitPattern))
      #expect(first.certificate == second.certificate && first.localGap == second.localGap)
      #expect(first.status == .iterationLimit && first.iterations == 6)
    }
  }

  @Test func roundsAreMonotoneAndStopsAreHonest() throws {
    let problem = try teacher(60, 9, seed: 5)
    var options = WorkingSet.Options()
    options.aim = .localGap
    options.gap = 1e-9
    for limit in [1, 3, 5] {
      var seen: [Double] = []
      let stop = StopSignal()
      let outcome = try WorkingSet(problem, options: options).train(stop: stop) {
        seen.append($0.objective)
        if $0.iteration == limit { stop.stop() }
      }
      #expect(outcome.status == .stoppedByCaller && outcome.iterations == limit)
      #expect(seen == seen.sorted(by: >) && outcome.certificate.objective <= seen.last! * (1 + 1e-9))
      try check(outcome, problem, "stopped after \(limit)")
    }
    let timed = try WorkingSet(problem, options: options).train(
      stop: StopSignal(timeLimit: .milliseconds(20)))
    #expect(timed.status == .timeLimit)
    try check(timed, problem, "timed")
  }

  /// Values of batched ascent are values of atoms, and in few dimensions reach the polar.
  @Test func batchedAscentReachesThePolar() throws {
    var random = SeededGenerator(seed: 7)
    for trial in 0..<10 {
      let (n, d) = (20 + trial, 2 + trial % 3)
      let design = Matrix(rows: n, columns: d, elements: (0..<(n * d)).map { _ in random.nextGaussian() })
      let dual = (0..<n).map { _ in random.nextGaussian() }
      var starts = StartingPoints(rank: d, seed: 1)
      let maxima = BatchedAscent(design, threads: 2).maxima(of: dual, from: starts.random(80))
      #expect(maxima.map(\.value) == maxima.map(\.value).sorted(by: >))
      for maximum in maxima {
        let atom = design.times(maximum.direction).map { max(0, $0) }
        #expect(abs(maximum.value - maximum.sign * dot(atom, dual)) <= 1e-12 * (1 + abs(maximum.value)))
        #expect(abs(norm(maximum.direction) - 1) <= 1e-12)
      }
      let polar = try TrainingProblem(design: design, targets: dual, beta: 1).betaMax()
      #expect(maxima[0].value <= polar * (1 + 1e-9) && maxima[0].value >= 0.99 * polar)
    }
  }
}

@Suite struct LimitedMemoryDescentTests {
  @Test func minimizesRosenbrocksFunction() {
    var point = [-1.2, 1]
    var values: [Double] = []
    var method = LimitedMemoryDescent()
    method.leastProgress = 0
    let result = method.minimize(&point) { x, g in
      let (a, b) = (1 - x[0], x[1] - x[0] * x[0])
      g = [-2 * a - 400 * x[0] * b, 200 * b]
      values.append(a * a + 100 * b * b)
      return values.last!
    }
    #expect(result.value <= 1e-12 && result.steps < 100)
    #expect(abs(point[0] - 1) <= 1e-5 && abs(point[1] - 1) <= 1e-5)
    #expect(values.contains(result.value))
  }

  /// The ends are at kinks, where no gradient vanishes.
  @Test func goesDownOnFunctionsWithKinks() {
    var random = SeededGenerator(seed: 1)
    let count = 8
    let shifts = (0..<count).map { _ in random.nextGaussian() }
    var point = (0..<count).map { _ in random.nextGaussian() }
    func value(_ x: [Double]) -> Double {
      var sum = 0.5 * dot(x, x)
      for k in 0..<count { sum += Double(k + 1) * abs(x[k] - shifts[k]) }
      return sum
    }
    let start = value(point)
    let result = LimitedMemoryDescent().minimize(&point) { x, g in
      for k in 0..<count { g[k] = Double(k + 1) * (x[k] < shifts[k] ? -1 : 1) + x[k] }
      return value(x)
    }
    #expect(result.value == value(point) && result.value < start)
    // Each coordinate stays at its kink unless its square pulls harder.
    let best = (0..<count).map { min(max(shifts[$0], -Double($0 + 1)), Double($0 + 1)) }
    #expect(result.value <= value(best) * 1.05)
  }

  @Test func leavesAFlatOrUnboundedFunctionAlone() {
    var point = [1.0, 2]
    let flat = LimitedMemoryDescent().minimize(&point) { _, g in
      g = [0, 0]
      return 3
    }
    #expect(flat.value == 3 && flat.steps == 0 && point == [1, 2])
    var method = LimitedMemoryDescent()
    method.maximumSteps = 5
    let line = method.minimize(&point) { x, g in
      g = [1, 0]
      return x[0]
    }
    #expect(line.value.isFinite && line.value < 1)
  }
}
