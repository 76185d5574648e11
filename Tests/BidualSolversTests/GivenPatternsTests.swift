import BidualArrangements
import BidualCertificates
import BidualLinear
import BidualModels
import BidualObjectives
import BidualSolvers
import Testing

/// The program over given patterns by loops over patterns, samples and features.
private struct NaiveProgram {
  let problem: TrainingProblem
  let patterns: PatternSet

  func objective(_ solution: GivenPatternsSolution) -> Double {
    var sum = 0.0
    for i in 0..<problem.design.rows {
      var prediction = solution.offset
      for block in solution.blocks where patterns.isActive(pattern: block.pattern, sample: i) {
        prediction += block.sign * dot(problem.design.row(i), block.vector)
      }
      sum += problem.weights[i] * problem.loss.value(prediction, target: problem.targets[i])
    }
    return sum + problem.beta * solution.blocks.reduce(0) { $0 + norm($1.vector) }
  }

  /// How far a vector is out of its cone, relative to its length and to each row's.
  func violation(_ solution: GivenPatternsSolution) -> Double {
    var worst = 0.0
    for block in solution.blocks {
      for i in 0..<problem.design.rows {
        let size = norm(problem.design.row(i)) * norm(block.vector)
        let sign = patterns.isActive(pattern: block.pattern, sample: i) ? 1.0 : -1
        if size > 0 {
          worst = max(worst, -sign * dot(problem.design.row(i), block.vector) / size)
        }
      }
    }
    return worst
  }

  /// The largest ‖XᵀDV‖ or, with cones, the largest length of its projection, found without memory.
  func polar(_ dualPoint: [Double], form: GivenPatterns.Form) -> Double {
    let projector = ConeProjection(unitRows: problem.design.unitRows)
    var largest = 0.0
    for p in 0..<patterns.count {
      var g = [Double](repeating: 0, count: problem.design.columns)
      for i in dualPoint.indices where patterns.isActive(pattern: p, sample: i) {
        for j in g.indices { g[j] += dualPoint[i] * problem.design[i, j] }
      }
      switch form {
      case .gated: largest = max(largest, norm(g))
      case .relu:
        let signs = dualPoint.indices.map { patterns.isActive(pattern: p, sample: $0) ? Int8(1) : -1 }
        for sign in [1.0, -1] {
          largest = max(largest, projector.project(g.map { sign * $0 }, signs: signs).value)
        }
      }
    }
    return largest
  }

  /// Checks a solution against the raw data.
  func check(_ solution: GivenPatternsSolution, form: GivenPatterns.Form, gap: Double) throws {
    #expect(solution.status == .solved)
    #expect(solution.relativeGap <= gap)
    #expect(solution.lowerBound <= solution.objective * (1 + 1e-14))
    let naive = objective(solution)
    #expect(abs(naive - solution.objective) <= 1e-9 * max(naive, 1e-12))
    let polar = polar(solution.dualPoint, form: form)
    #expect(solution.polarBound >= polar * (1 - 1e-12))
    // The bound once more, by a certifier that knows nothing of the solver.
    let again = Certifier(problem).lowerBound(solution.dualPoint, polarBound: polar * (1 + 1e-9)).value
    #expect(abs(again - solution.lowerBound) <= 1e-6 * max(solution.objective, 1e-12))
    if form == .relu {
      #expect(violation(solution) <= 1e-8)
      let network = solution.network(for: problem)!
      #expect(naiveObjective(network, problem) <= solution.objective * (1 + 1e-7) + 1e-12)
    }
  }
}

private func solve(
  _ problem: TrainingProblem, _ patterns: PatternSet, _ form: GivenPatterns.Form, gap: Double = 1e-6,
  threads: Int = 1
) -> GivenPatternsSolution {
  var options = GivenPatterns.Options()
  options.gap = gap
  options.threads = threads
  return GivenPatterns(problem, patterns: patterns, form: form, options: options).solve()
}

@Suite struct GivenPatternsTests {
  /// All chambers given, the program is that of the paper, whose optima the references are.
  @Test(arguments: GoldenCase.all) func allChambersGiveTheReferenceOptimum(golden: GoldenCase) throws {
    let problem = try golden.problem()
    let tree = try Arrangement(problem.design).chambers()
    let patterns = PatternSet((0..<tree.count).map { tree.pattern($0) }, samples: problem.design.rows)
    let solution = solve(problem, patterns, .relu)
    let trust = golden.loss == "squared" ? 2e-6 : 1e-5
    #expect(solution.status == .solved)
    #expect(abs(solution.objective - golden.optimum) <= trust * golden.optimum)
    #expect(solution.lowerBound <= golden.optimum * (1 + trust))
    let network = naiveObjective(solution.network(for: problem)!, problem)
    #expect(abs(network - solution.objective) <= 1e-6 * network)
  }

  @Test(arguments: LossRegistry.standard.separableNames) func boundsHoldForEveryLossWithAndWithoutOffset(
    name: String
  )
    throws
  {
    let loss = try #require(try LossRegistry.standard.loss(name))
    var random = SeededGenerator(seed: 3)
    let design = Matrix(rows: 30, columns: 3, elements: (0..<90).map { _ in random.nextGaussian() })
    let targets = (0..<30).map { i in
      let value = design[i, 0] - max(0, design[i, 1]) + 0.3 * random.nextGaussian()
      return switch loss.targetKind {
      case .real: value
      case .sign: value > 0 ? 1.0 : -1
      case .count, .oneHot: abs(value).rounded()
      }
    }
    let weights = (0..<30).map { $0 % 4 == 0 ? 2.5 : 0.75 }
    let patterns = try PatternCollection([GaussianGates(draws: 60)], data: design, seed: 4).packed
    for hasOffset in [false, true] {
      let problem = try TrainingProblem(
        design: design, targets: targets, weights: weights, loss: loss, beta: 0.4, hasOffset: hasOffset)
      for form in [GivenPatterns.Form.gated, .relu] {
        let solution = solve(problem, patterns, form)
        try NaiveProgram(problem: problem, patterns: patterns).check(solution, form: form, gap: 1e-6)
      }
    }
  }

  @Test(arguments: TinyProblem.allCases) func degenerateData(kind: TinyProblem) throws {
    let (design, targets) = kind.data(seed: 7)
    let problem = try TrainingProblem(design: design, targets: targets, beta: 0.1)
    let collection = try PatternCollection(
      [GaussianGates(draws: 40), NeighbourGates(across: 1), ComplementGates()], data: design, seed: 1)
    for form in [GivenPatterns.Form.gated, .relu] {
      let solution = solve(problem, collection.packed, form)
      guard kind != .unlikeColumns else {
        // Columns of sizes 1e-8 to 1e8: bounds hold, though less than the gap asked for may be reached.
        #expect(solution.lowerBound <= solution.objective)
        continue
      }
      try NaiveProgram(problem: problem, patterns: collection.packed).check(solution, form: form, gap: 1e-6)
    }
  }

  /// Bits that no gate has leave a cone without interior, and all-inactive ones a block without effect.
  @Test func patternsThatNoGateHas() throws {
    var random = SeededGenerator(seed: 9)
    let design = Matrix(rows: 20, columns: 3, elements: (0..<60).map { _ in random.nextGaussian() })
    let problem = try TrainingProblem(
      design: design, targets: (0..<20).map { _ in random.nextGaussian() }, beta: 0.1)
    let bits = (0..<12).map { p in
      ActivationPattern(
        preActivations: (0..<20).map { _ in p == 0 ? -1 : p == 1 ? 1 : random.nextGaussian() })
    }
    let patterns = PatternSet(bits, samples: 20)
    for form in [GivenPatterns.Form.gated, .relu] {
      let solution = solve(problem, patterns, form)
      try NaiveProgram(problem: problem, patterns: patterns).check(solution, form: form, gap: 1e-6)
    }
    let none = solve(problem, PatternSet([], samples: 20), .relu)
    #expect(none.blocks.isEmpty && none.relativeGap <= 1e-6)
  }

  @Test func aLargeBetaGivesZero() throws {
    var random = SeededGenerator(seed: 10)
    let design = Matrix(rows: 15, columns: 2, elements: (0..<30).map { _ in random.nextGaussian() })
    let targets = (0..<15).map { _ in random.nextGaussian() }
    let patterns = try PatternCollection([GaussianGates(draws: 30)], data: design, seed: 1).packed
    let problem = try TrainingProblem(design: design, targets: targets, beta: 1e3)
    for form in [GivenPatterns.Form.gated, .relu] {
      let solution = solve(problem, patterns, form)
      #expect(solution.blocks.isEmpty)
      #expect(solution.status == .solved)
      #expect(abs(solution.objective - 0.5 * dot(targets, targets)) < 1e-12 * solution.objective)
    }
  }

  /// High dimension, where the linear algebra has the order of the samples, and threads.
  @Test(arguments: [GivenPatterns.Form.gated, .relu]) func wideDataThreadsAndReruns(form: GivenPatterns.Form)
    throws
  {
    var random = SeededGenerator(seed: 12)
    let design = Matrix(rows: 70, columns: 25, elements: (0..<(70 * 25)).map { _ in random.nextGaussian() })
    let targets = (0..<70).map { max(0, design[$0, 0]) - max(0, design[$0, 1]) + 0.1 * random.nextGaussian() }
    let problem = try TrainingProblem(design: design, targets: targets, beta: 2)
    let patterns = try PatternCollection([GaussianGates(draws: 150)], data: design, seed: 2).packed
    let solutions = BLAS.singleThreaded {
      [1, 1, 2].map { solve(problem, patterns, form, gap: 1e-8, threads: $0) }
    }
    let solution = solutions[0]
    try NaiveProgram(problem: problem, patterns: patterns).check(solution, form: form, gap: 1e-8)
    for again in solutions.dropFirst() {
      #expect(again.objective == solution.objective && again.lowerBound == solution.lowerBound)
      #expect(again.blocks.map(\.vector) == solution.blocks.map(\.vector))
      #expect(again.dualPoint == solution.dualPoint)
    }
  }

  @Test func aStopIsHeardAndItsBoundsHold() throws {
    let (design, targets) = TinyProblem.gaussian.data(seed: 1)
    let problem = try TrainingProblem(design: design, targets: targets, beta: 0.1)
    let patterns = try PatternCollection([GaussianGates(draws: 40)], data: design, seed: 1).packed
    let stop = StopSignal()
    stop.stop()
    let solution = GivenPatterns(problem, patterns: patterns, form: .relu).solve(stop: stop)
    #expect(solution.status == .stoppedByCaller && solution.steps == 0)
    #expect(solution.lowerBound <= solve(problem, patterns, .relu).objective)
    #expect(solution.objective >= solve(problem, patterns, .relu).lowerBound)
  }

  /// A run without time for a step has a neuron to show that keeps to its pattern.
  @Test func noTimeLeavesANeuron() throws {
    var random = SeededGenerator(seed: 3)
    let design = Matrix(rows: 120, columns: 60, elements: (0..<7200).map { _ in random.nextGaussian() })
    let targets = (0..<120).map { _ in random.nextGaussian() }
    let problem = try TrainingProblem(design: design, targets: targets, beta: 1)
    let patterns = try PatternCollection([GaussianGates(draws: 400)], data: design, seed: 1)
    let outcome = try PatternTraining(problem, patterns: patterns).train(
      stop: StopSignal(timeLimit: .seconds(0)))
    #expect(outcome.status == .timeLimit && outcome.network.neurons > 0)
    #expect(outcome.certificate.objective < problem.objective(problem.constantNetwork()))
    let certifier = try Certifier(problem, restrictedTo: try #require(outcome.certificate.restriction))
    let standing = try #require(certifier.standing(of: outcome.network, under: outcome.certificate))
    #expect(standing.keepsToPatterns)
  }
}
