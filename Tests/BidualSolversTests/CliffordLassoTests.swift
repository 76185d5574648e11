import BidualArrangements
import BidualCertificates
import BidualLinear
import BidualModels
import BidualObjectives
import BidualSolvers
import Testing

/// Under ℓ₁ the lasso over rays is exact.
@Suite struct SimplexLassoTests {
  private func options(_ gap: Double) -> WorkingSet.Options {
    var options = WorkingSet.Options()
    options.gap = gap
    options.nodeLimit = 2_000_000
    return options
  }

  @Test func allReferenceCasesAreThere() { #expect(GoldenCase.cases("l1norm_").count == 7) }

  @Test(arguments: GoldenCase.cases("l1norm_")) func optimumOfTheReference(golden: GoldenCase) throws {
    let problem = try golden.problem()
    #expect(problem.architecture.norm == .l1)
    let outcome = try CliffordLasso(problem, options: options(1e-7)).train()
    let certificate = outcome.certificate
    #expect(outcome.status == .solved && outcome.dictionary == nil)
    #expect(certificate.scope == .global && certificate.relativeGap <= 1e-7)
    #expect(abs(certificate.objective - golden.optimum) <= 1e-6 * golden.optimum)
    #expect(certificate.lowerBound <= golden.optimum * (1 + 1e-6))
    #expect(certificate.objective >= golden.optimum * (1 - 1e-6))
    let naive = naiveObjective(outcome.network, problem)
    #expect(naive <= certificate.objective && certificate.objective <= naive * (1 + 1e-9))
    #expect(outcome.network.neurons <= problem.targets.count)
    for j in 0..<outcome.network.neurons {
      let length = FirstLayerNorm.l1.length(outcome.network.twoLayer!.hidden.row(j))
      #expect(abs(length - abs(outcome.network.twoLayer!.output[j])) <= 1e-9 * length)
    }
    try Certifier(problem).verify(certificate, of: outcome.network)
  }

  /// The ℓ₁ penalty is at least the ℓ₂ penalty and at most √d times it, and so are the optima's penalties.
  @Test func optimumLiesBetweenThoseOfTheEuclideanNorm() throws {
    for golden in GoldenCase.cases("two_layer_squared_") {
      let problem = try golden.problem()
      let root = Double(problem.design.columns).squareRoot()
      let simplex = try TrainingProblem(
        design: problem.design, targets: problem.targets, beta: problem.beta, architecture: TwoLayer(.l1))
      let outcome = try CliffordLasso(simplex, options: options(1e-6)).train()
      #expect(outcome.status == .solved)
      #expect(outcome.certificate.objective >= golden.optimum * (1 - 1e-6))
      let weaker = try TrainingProblem(
        design: problem.design, targets: problem.targets, beta: problem.beta / root,
        architecture: TwoLayer(.l1))
      let below = try CliffordLasso(weaker, options: options(1e-6)).train()
      #expect(below.certificate.lowerBound <= golden.optimum * (1 + 1e-6))
    }
  }

  @Test(arguments: ["squared", "logistic", "hinge", "absolute", "huber", "quantile"], [false, true])
  func lossesWeightsAndOffsetsAreCertified(name: String, hasOffset: Bool) throws {
    var random = SeededGenerator(seed: 80)
    let rows = 24
    let design = Matrix(
      rows: rows, columns: 4,
      elements: (0..<(rows * 4)).map { $0 % 4 == 3 ? 1 : random.nextGaussian() })
    let isSign = name == "logistic" || name == "hinge"
    let targets = (0..<rows).map { i -> Double in
      let value = design[i, 0] - 0.5 * design[i, 1] + 0.3 * random.nextGaussian()
      return isSign ? (value > 0 ? 1 : -1) : value + 1
    }
    let weights = (0..<rows).map { Double($0 % 3) }
    let problem = try TrainingProblem(
      design: design, targets: targets, weights: weights,
      loss: try #require(try LossRegistry.standard.loss(name)),
      beta: 0.6, hasOffset: hasOffset, architecture: TwoLayer(.l1))
    let outcome = try CliffordLasso(problem, options: options(1e-5)).train()
    #expect(outcome.status == .solved && outcome.certificate.isCertified(to: 1e-5))
    #expect((outcome.network.offset != nil) == hasOffset)
    let naive = naiveObjective(outcome.network, problem)
    #expect(naive <= outcome.certificate.objective && outcome.certificate.objective <= naive * (1 + 1e-9))
    try Certifier(problem).verify(outcome.certificate, of: outcome.network)
  }

  /// More features than the walk through all rays could stand.
  @Test func largerProblemsArePricedByAscent() throws {
    var random = SeededGenerator(seed: 81)
    let design = Matrix(rows: 60, columns: 5, elements: (0..<300).map { _ in random.nextGaussian() })
    let targets = (0..<60).map { max(0, design[$0, 0]) - max(0, design[$0, 1]) + 0.1 * random.nextGaussian() }
    let free = try TrainingProblem(design: design, targets: targets, beta: 1, architecture: TwoLayer(.l1))
    let problem = try free.replacing(beta: 0.1 * free.betaMax())
    #expect(problem.architecture.norm == .l1)
    let (outcome, again) = try BLAS.singleThreaded {
      let train = { try CliffordLasso(problem, options: options(1e-4), dictionaryLimit: 1000).train() }
      return (try train(), try train())
    }
    #expect(outcome.status == .solved && outcome.certificate.isCertified(to: 1e-4))
    #expect(again.network == outcome.network && again.certificate == outcome.certificate)
    // The two features that count are the ones that neurons use most.
    let use = (0..<5).map { k in outcome.network.twoLayer!.hidden.column(k).reduce(0) { $0 + abs($1) } }
    #expect(min(use[0], use[1]) > max(use[2], use[3], use[4]))
  }

  @Test func betaMaxIsWhereNeuronsBegin() throws {
    for golden in GoldenCase.cases("l1norm_") {
      let problem = try golden.problem()
      let betaMax = problem.betaMax()
      let above = try CliffordLasso(try problem.replacing(beta: betaMax * (1 + 1e-9)), options: options(1e-7))
        .train()
      #expect(above.status == .solved && above.network.neurons == 0)
      let below = try CliffordLasso(try problem.replacing(beta: betaMax * 0.99), options: options(1e-7))
        .train()
      #expect(below.status == .solved && below.network.neurons > 0)
    }
  }

  @Test func degenerateDataAreSolved() throws {
    let designs: [(Matrix, [Double])] = [
      (Matrix([[0, 0], [0, 0]]), [1, 2]), (Matrix([[1, 2], [1, 2], [2, 4]]), [1, -1, 3]),
      (Matrix([[3]]), [2]), (Matrix([[1, 0, 0, 5], [0, 1, 0, 5]]), [1, -2]),
      (Matrix([[1, 2], [3, 4]]), [0, 0]),
      (Matrix([[1e-8, 1e8], [2e-8, -1e8], [1e-8, 0]]), [1, -1, 2]),
    ]
    for (design, targets) in designs {
      let problem = try TrainingProblem(
        design: design, targets: targets, beta: 0.1, architecture: TwoLayer(.l1))
      let outcome = try CliffordLasso(problem, options: options(1e-6)).train()
      #expect(outcome.status == .solved, "\(design.elements)")
      #expect(outcome.certificate.isCertified(to: 1e-6))
    }
  }

  @Test func theNormIsForReLUNetworks() throws {
    #expect(throws: DataError.self) {
      try CliffordLasso(
        TrainingProblem(design: Matrix([[1.0]]), targets: [1], beta: 1, architecture: Linear()))
    }
  }
}

/// Under ℓ₂ the lasso over rays lies above the optimum by no more than the chambers' diameter allows.
@Suite struct EuclideanLassoTests {
  private func options(_ gap: Double) -> WorkingSet.Options {
    var options = WorkingSet.Options()
    options.gap = gap
    options.nodeLimit = 500_000
    return options
  }

  private func check(_ outcome: TrainingOutcome, _ problem: TrainingProblem, optimum: Double, trust: Double)
    throws
  {
    let dictionary = try #require(outcome.dictionary)
    #expect(dictionary.relativeGap >= -1e-9 && dictionary.relativeGap <= 1e-6)
    #expect(dictionary.objective >= optimum * (1 - trust))
    let epsilon = dictionary.diameter.value
    if epsilon < 1 { #expect(dictionary.lowerBound <= optimum / (1 - epsilon) * (1 + trust)) }
    #expect(dictionary.lowerBound <= optimum * dictionary.diameter.inflation * (1 + trust))
    #expect(dictionary.optimumAtLeast <= optimum * (1 + trust))
    // The network lies between the two, and its certificate around the optimum.
    #expect(outcome.certificate.objective <= dictionary.objective * (1 + 1e-12))
    #expect(outcome.certificate.objective >= optimum * (1 - trust))
    #expect(outcome.certificate.lowerBound <= optimum * (1 + trust))
    #expect(outcome.certificate.scope == .global)
    #expect(outcome.status == .solved || outcome.status == .insufficientProgress)
    #expect(abs(naiveObjective(outcome.network, problem) - outcome.certificate.objective) <= 1e-9 * optimum)
    try Certifier(problem).verify(outcome.certificate, of: outcome.network)
  }

  @Test(arguments: GoldenCase.cases("two_layer_squared_")) func inequalityOnTheReferences(golden: GoldenCase)
    throws
  {
    let problem = try golden.problem()
    let outcome = try CliffordLasso(problem, options: options(1e-6)).train()
    try check(outcome, problem, optimum: golden.optimum, trust: 1e-6)
  }

  @Test(arguments: 2...4, [6, 25]) func inequalityOnRandomData(rank: Int, rows: Int) throws {
    var random = SeededGenerator(seed: UInt64(90 + rank))
    let design = Matrix(
      rows: rows, columns: rank, elements: (0..<(rows * rank)).map { _ in random.nextGaussian() })
    let targets = (0..<rows).map { _ in random.nextGaussian() }
    let free = try TrainingProblem(design: design, targets: targets, beta: 1)
    let problem = try free.replacing(beta: 0.2 * free.betaMax())
    let exact = try WorkingSet(problem, options: options(1e-6)).train().certificate
    let outcome = try CliffordLasso(problem, options: options(1e-6)).train()
    try check(outcome, problem, optimum: exact.objective, trust: 2e-6)
    if rank <= 3 { #expect(try #require(outcome.dictionary).diameter.isExact) }
  }

  /// On the line and on data without overlap of chambers the dictionary holds all that is needed.
  @Test func oneFeatureIsExact() throws {
    let problem = try TrainingProblem(design: Matrix([[1.0], [-2], [3]]), targets: [1, 2, -1], beta: 0.3)
    let outcome = try CliffordLasso(problem, options: options(1e-7)).train()
    #expect(outcome.status == .solved && outcome.certificate.isCertified(to: 1e-7))
    let dictionary = try #require(outcome.dictionary)
    #expect(dictionary.diameter.value == 0 && dictionary.diameter.inflation == 1)
  }

  @Test func largeDictionariesAreRefusedWithARemedy() throws {
    var random = SeededGenerator(seed: 95)
    let design = Matrix(rows: 50, columns: 6, elements: (0..<300).map { _ in random.nextGaussian() })
    let problem = try TrainingProblem(design: design, targets: design.column(0), beta: 0.3)
    let error = try #require(throws: DataError.self) {
      try CliffordLasso(problem, dictionaryLimit: 100_000).train()
    }
    #expect(error.kind == .badData && error.description.contains("2118760"), "\(error)")
  }

  @Test func stoppedRunsAreHonest() throws {
    var random = SeededGenerator(seed: 96)
    let design = Matrix(rows: 40, columns: 3, elements: (0..<120).map { _ in random.nextGaussian() })
    for norm in FirstLayerNorm.allCases {
      let problem = try TrainingProblem(
        design: design, targets: design.column(1), beta: 0.1, architecture: TwoLayer(norm))
      let stop = StopSignal()
      stop.stop()
      let outcome = try CliffordLasso(problem).train(stop: stop)
      #expect(outcome.status == .stoppedByCaller)
      #expect(outcome.certificate.lowerBound <= outcome.certificate.objective)
      let late = StopSignal()
      var rounds = 0
      let later = try CliffordLasso(problem).train(stop: late) { _ in
        rounds += 1
        if rounds == 2 { late.stop() }
      }
      #expect(later.status == .stoppedByCaller || later.status == .solved)
      #expect(later.certificate.objective <= outcome.certificate.objective)
    }
  }
}
