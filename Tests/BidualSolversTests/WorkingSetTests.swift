import BidualCertificates
import BidualLinear
import BidualModels
import BidualSolvers
import Testing

@Suite struct WorkingSetTests {
  private func train(_ problem: TrainingProblem, gap: Double = 1e-6, seed: UInt64 = 0) throws
    -> TrainingOutcome
  {
    var options = WorkingSet.Options()
    options.gap = gap
    options.seed = seed
    return try WorkingSet(problem, options: options).train()
  }

  private func problem(_ kind: TinyProblem, ratio: Double, seed: UInt64 = 1) throws -> TrainingProblem {
    let (design, targets) = kind.data(seed: seed)
    let largest = betaMax(design: design, dualPoint: targets)
    return try TrainingProblem(design: design, targets: targets, beta: largest > 0 ? ratio * largest : 1)
  }

  @Test(arguments: TinyProblem.allCases, [0.5, 0.05, 1e-3]) func degenerateDataAreCertified(
    kind: TinyProblem, ratio: Double
  ) throws {
    for seed in 1...3 as ClosedRange<UInt64> {
      let problem = try problem(kind, ratio: ratio, seed: seed)
      let outcome = try train(problem)
      #expect(
        outcome.status == .solved,
        "\(kind), ratio \(ratio), seed \(seed): gap \(outcome.certificate.relativeGap)")
      #expect(outcome.certificate.isCertified(to: 1e-6))
      let naive = naiveObjective(outcome.network, problem)
      #expect(naive <= outcome.certificate.objective)
      #expect(naive >= outcome.certificate.objective * (1 - 1e-9))
      #expect(naive >= outcome.certificate.lowerBound)
      #expect(outcome.network.neurons <= problem.targets.count)
      try Certifier(problem).verify(outcome.certificate, of: outcome.network)
    }
  }

  /// Two certified brackets of one optimum must overlap.
  private func expectSameOptimum(
    _ a: TrainingOutcome, _ b: TrainingOutcome, factor: Double = 1, _ what: String
  ) {
    let slack = 1e-12 * a.certificate.objective * factor
    #expect(a.certificate.lowerBound * factor <= b.certificate.objective + slack, "\(what)")
    #expect(b.certificate.lowerBound <= a.certificate.objective * factor + slack, "\(what)")
    #expect(a.certificate.relativeGap <= 1e-6 && b.certificate.relativeGap <= 1e-6, "\(what)")
  }

  @Test(arguments: [
    TinyProblem.gaussian, .integerGrid, .repeatedRows, .fewerSamples, .constantColumn, .binary,
  ])
  func optimumDoesNotDependOnThePresentation(kind: TinyProblem) throws {
    let problem = try problem(kind, ratio: 0.1)
    let (design, targets) = (problem.design, problem.targets)
    let reference = try train(problem)
    var random = SeededGenerator(seed: 3)

    func changed(_ design: Matrix, _ targets: [Double], beta: Double) throws -> TrainingOutcome {
      try train(try TrainingProblem(design: design, targets: targets, beta: beta))
    }
    let order = (0..<design.rows).shuffled(using: &random)
    let permuted = try changed(design.selectingRows(order), order.map { targets[$0] }, beta: problem.beta)
    expectSameOptimum(reference, permuted, "rows permuted")

    let columns = (0..<design.columns).shuffled(using: &random)
    let turned = try changed(design.selectingColumns(columns), targets, beta: problem.beta)
    expectSameOptimum(reference, turned, "columns permuted")

    let flipped = try changed(design, targets.map { -$0 }, beta: problem.beta)
    expectSameOptimum(reference, flipped, "targets negated")

    for factor in [1e-3, 7, 1e5] {
      let scaled = Matrix(
        rows: design.rows, columns: design.columns, elements: design.elements.map { $0 * factor })
      expectSameOptimum(
        reference, try changed(scaled, targets, beta: problem.beta * factor), "X and β scaled")
      let louder = try changed(design, targets.map { $0 * factor }, beta: problem.beta * factor)
      expectSameOptimum(reference, louder, factor: factor * factor, "y and β scaled")
    }
    let d = design.columns
    let frame = Matrix(rows: d, columns: d, elements: (0..<(d * d)).map { _ in random.nextGaussian() })
    let rotation = try #require(SingularValues(of: frame)).left
    expectSameOptimum(reference, try changed(design.times(rotation), targets, beta: problem.beta), "rotated")

    // A column of zeros and a row of zeros with target zero change nothing.
    let padded = Matrix(
      (0...design.rows).map { i in
        i < design.rows ? Array(design.row(i)) + [0] : Array(repeating: 0, count: d + 1)
      })
    expectSameOptimum(reference, try changed(padded, targets + [0], beta: problem.beta), "padded")

    // Each row twice is twice the loss: half the problem with 2ℓ is that with β/2 … in all, β doubles.
    let twice = design.selectingRows((0..<design.rows).flatMap { [$0, $0] })
    let doubled = try changed(twice, targets.flatMap { [$0, $0] }, beta: 2 * problem.beta)
    expectSameOptimum(reference, doubled, factor: 2, "rows doubled")
  }

  @Test(arguments: [TinyProblem.gaussian, .integerGrid, .unlikeColumns]) func oneSeedGivesTheSameBits(
    kind: TinyProblem
  ) throws {
    let problem = try problem(kind, ratio: 0.05)
    for seed in 0..<3 as Range<UInt64> {
      let first = try train(problem, seed: seed)
      let second = try train(problem, seed: seed)
      #expect(
        first.network.twoLayer!.hidden.elements.map(\.bitPattern)
          == second.network.twoLayer!.hidden.elements.map(\.bitPattern))
      #expect(
        first.network.twoLayer!.output.map(\.bitPattern) == second.network.twoLayer!.output.map(\.bitPattern))
      #expect(first.certificate == second.certificate && first.iterations == second.iterations)
      expectSameOptimum(try train(problem, seed: 99), first, "another seed")
    }
  }

  @Test(arguments: TinyProblem.allCases) func aStrongPenaltyLeavesNoNeuron(kind: TinyProblem) throws {
    for factor in [1 + 1e-9, 1.5, 1e6] {
      let outcome = try train(try problem(kind, ratio: factor), gap: 1e-7)
      #expect(outcome.network.neurons == 0)
      #expect(outcome.status == .solved)
      #expect(outcome.certificate.relativeGap <= 1e-7)
    }
  }

  @Test(arguments: [TinyProblem.gaussian, .integerGrid, .binary])
  func aPenaltyJustBelowTheLargestKeepsANeuron(
    kind: TinyProblem
  ) throws {
    let outcome = try train(try problem(kind, ratio: 0.99), gap: 1e-7)
    #expect(outcome.network.neurons > 0)
    #expect(outcome.status == .solved)
  }

  @Test(arguments: [TinyProblem.gaussian, .integerGrid, .unlikeColumns, .fewerSamples])
  func stoppingAtAnyMomentLeavesATrueBracket(kind: TinyProblem) throws {
    let problem = try problem(kind, ratio: 0.02)
    let optimum = try train(problem).certificate
    let solver = try WorkingSet(problem)
    func check(_ outcome: TrainingOutcome, _ what: String) {
      #expect(outcome.certificate.lowerBound <= optimum.objective, "\(what)")
      #expect(outcome.certificate.objective >= optimum.lowerBound, "\(what)")
      let naive = naiveObjective(outcome.network, problem)
      #expect(abs(naive - outcome.certificate.objective) <= 1e-9 * naive, "\(what)")
    }
    for round in 1...6 {
      let stop = StopSignal()
      let outcome = solver.train(stop: stop) { if $0.iteration == round { stop.stop() } }
      check(outcome, "round \(round)")
      if outcome.status != .solved { #expect(outcome.status == .stoppedByCaller) }
    }
    for microseconds in [0, 50, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000] {
      let outcome = solver.train(stop: StopSignal(timeLimit: .microseconds(microseconds)))
      check(outcome, "\(microseconds) µs")
      if outcome.status != .solved { #expect(outcome.status == .timeLimit) }
    }
    for limit in 0...3 {
      var options = WorkingSet.Options()
      options.maximumIterations = limit
      check(try WorkingSet(problem, options: options).train(), "\(limit) rounds")
    }
    var options = WorkingSet.Options()
    options.nodeLimit = 10
    check(try WorkingSet(problem, options: options).train(), "ten nodes")
  }

  @Test func progressIsMonotoneAndTrue() throws {
    let problem = try problem(.gaussian, ratio: 0.02)
    var seen: [TrainingProgress] = []
    var options = WorkingSet.Options()
    options.gap = 1e-7
    let outcome = try WorkingSet(problem, options: options).train { seen.append($0) }
    // A proof tells of itself while its round is under way.
    #expect(seen.map(\.iteration) == seen.map(\.iteration).sorted())
    #expect(Set(seen.map(\.iteration)) == Set(1...outcome.iterations))
    for (before, after) in zip(seen, seen.dropFirst()) {
      #expect(after.objective <= before.objective && after.lowerBound >= before.lowerBound)
    }
    for round in seen {
      #expect(round.lowerBound <= outcome.certificate.objective)
      #expect(round.objective >= outcome.certificate.lowerBound)
    }
  }

  /// Random networks and descents from the optimum may not beat a certified optimum.
  @Test func noSampledNetworkBeatsTheLowerBound() throws {
    var random = SeededGenerator(seed: 8)
    let problem = try problem(.gaussian, ratio: 0.1)
    let outcome = try train(problem, gap: 1e-7)
    for trial in 0..<2000 {
      var network = outcome.network.twoLayer!
      let size = [1e-1, 1e-3, 1e-5][trial % 3]
      network.hidden.elements = network.hidden.elements.map { $0 + size * random.nextGaussian() }
      network.output = network.output.map { $0 + size * random.nextGaussian() }
      #expect(naiveObjective(network, problem) >= outcome.certificate.lowerBound)
    }
  }
}
