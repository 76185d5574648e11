import BidualArrangements
import BidualCertificates
import BidualLinear
import BidualModels
import BidualObjectives
import BidualPolars
import Foundation
import Testing

@testable import BidualSolvers

private func options(_ gap: Double) -> WorkingSet.Options {
  var options = WorkingSet.Options()
  options.gap = gap
  return options
}

/// The methods of SEPP21 by name, which share little with the default and so check it.
@Suite struct PaperMethodsTests {
  /// What every answer must be: a network with that objective, and a certificate that holds.
  private func check(_ outcome: TrainingOutcome, _ problem: TrainingProblem) throws {
    let objective = try naiveVectorObjective(outcome.network, problem)
    #expect(abs(objective - outcome.certificate.objective) <= 1e-9 * max(objective, 1e-9))
    #expect(outcome.certificate.lowerBound <= objective && outcome.certificate.scope == .global)
    try Certifier(problem).verify(outcome.certificate, of: outcome.network)
  }

  @Test(arguments: VectorGoldenCase.all) func copositive(golden: VectorGoldenCase) throws {
    let problem = try golden.problem()
    let outcome = try CopositiveTraining(problem, options: options(1e-6)).train()
    #expect(outcome.status == .solved && outcome.method == .copositive, "\(outcome.status)")
    #expect(abs(outcome.certificate.objective - golden.optimum) <= 1e-6 * golden.optimum)
    try check(outcome, problem)
    // The program itself, before anything is read off it: a bound that no network is below.
    let geometry = try #require(problem.atoms as? VectorReLUAtoms).geometry
    let pieces = try CopositivePieces(geometry, weights: problem.weights, isCancelled: { false })
    let (state, bound) = try #require(
      CopositiveProgram(problem, pieces: pieces.pieces, order: geometry.rank)
        .solve(accuracy: 1e-7, isCancelled: { false }))
    #expect(abs(state.objective - golden.optimum) <= 1e-6 * golden.optimum)
    #expect(
      bound <= golden.optimum * (1 + 1e-7) && bound >= golden.optimum * (1 - 1e-5),
      "\(bound), \(state.objective)")
  }

  @Test(arguments: VectorGoldenCase.all) func cuttingPlane(golden: VectorGoldenCase) throws {
    let problem = try golden.problem()
    let outcome = try CuttingPlane(problem, options: options(1e-5)).train()
    #expect(outcome.status == .solved && outcome.method == .cuttingPlane, "\(outcome.status)")
    #expect(abs(outcome.certificate.objective - golden.optimum) <= 1e-5 * golden.optimum)
    try check(outcome, problem)
  }

  @Test(arguments: VectorGoldenCase.all) func correctiveFrankWolfe(golden: VectorGoldenCase) throws {
    let problem = try golden.problem()
    let outcome = try FrankWolfe(problem, options: options(1e-4)).train()
    #expect(outcome.status == .solved && outcome.method == .frankWolfe, "\(outcome.status)")
    #expect(abs(outcome.certificate.objective - golden.optimum) <= 1e-4 * golden.optimum)
    try check(outcome, problem)
  }

  @Test(arguments: VectorGoldenCase.all.filter { $0.beta == 0.6 }) func plainFrankWolfe(
    golden: VectorGoldenCase
  ) throws {
    let problem = try golden.problem()
    let outcome = try FrankWolfe(problem, options: options(1e-2), steps: .plain()).train(
      stop: StopSignal(timeLimit: .seconds(20)))
    #expect(outcome.status == .solved && outcome.method == .frankWolfe, "\(outcome.status)")
    #expect(abs(outcome.certificate.objective - golden.optimum) <= 1e-2 * golden.optimum)
    try check(outcome, problem)
  }

  /// With the norm of the optimum given, plain steps come near it; with half of it, they keep to that.
  @Test func normOfPlainSteps() throws {
    let golden = VectorGoldenCase.all[1]
    let problem = try golden.problem()
    let optimal = try #require(try VectorTraining(problem, options: options(1e-7)).train().network.twoLayer)
    let norm =
      0.5 * (dot(optimal.hidden.elements, optimal.hidden.elements) + dot(optimal.output, optimal.output))
    let whole = try FrankWolfe(problem, options: options(5e-3), steps: .plain(norm: norm)).train()
    #expect(abs(whole.certificate.objective - golden.optimum) <= 5e-3 * golden.optimum)
    let half = try FrankWolfe(problem, options: options(5e-3), steps: .plain(norm: norm / 2)).train()
    let network = try #require(half.network.twoLayer)
    let reached =
      0.5 * (dot(network.hidden.elements, network.hidden.elements) + dot(network.output, network.output))
    #expect(reached <= norm / 2 * (1 + 1e-9) && half.certificate.objective > golden.optimum * 1.01)
    try check(half, problem)
    for bad in [0, -1, Double.infinity, .nan] {
      #expect(throws: DataError.self) { try FrankWolfe(problem, steps: .plain(norm: bad)) }
    }
  }

  /// Three classes on spirals (SEPP21, 5.3), three samples at the origin: 57 lines and 114 chambers.
  @Test(arguments: [0.03, 0.3, 1]) func spiral(beta: Double) throws {
    let problem = try Self.spiral(beta: beta)
    let exact = try VectorTraining(problem, options: options(1e-6)).train()
    let copositive = try CopositiveTraining(problem, options: options(1e-6)).train()
    let frankWolfe = try FrankWolfe(problem, options: options(1e-3)).train()
    #expect(copositive.chambers == 114)
    for (outcome, gap) in [(exact, 1e-6), (copositive, 1e-6), (frankWolfe, 1e-3)] {
      #expect(outcome.status == .solved, "\(outcome.method): \(outcome.status)")
      #expect(
        abs(outcome.certificate.objective - exact.certificate.objective)
          <= (gap + 1e-6) * exact.certificate.objective, "\(outcome.method)")
      try check(outcome, problem)
    }
  }

  static func spiral(beta: Double) throws -> TrainingProblem {
    var random = SeededGenerator(seed: 3)
    var design: [[Double]] = []
    for kind in 0..<3 {
      for j in 0..<20 {
        let radius = Double(j) / 19
        let angle = 4 * (Double(kind) + radius) + 0.2 * random.nextGaussian()
        design.append([radius * sin(angle), radius * cos(angle)])
      }
    }
    return try TrainingProblem(
      design: Matrix(design), targets: (0..<60).flatMap { i in (0..<3).map { $0 == i / 20 ? 1 : 0 } },
      outputs: 3, beta: beta)
  }

  /// Weighted samples, repeated and zero rows, columns that say nothing: as the default, wherever that gets anywhere.
  @Test(arguments: TinyProblem.allCases) func degenerateData(kind: TinyProblem) throws {
    let (whole, first) = kind.data(seed: 5)
    let (_, second) = kind.data(seed: 6)
    let design = whole.selectingRows(0..<min(8, whole.rows))
    var random = SeededGenerator(seed: 7)
    let problem = try TrainingProblem(
      design: design, targets: (0..<design.rows).flatMap { [first[$0], second[$0]] }, outputs: 2,
      weights: (0..<design.rows).map { _ in 0.5 + random.nextUniform() }, beta: 0.3)
    let limit = StopSignal(timeLimit: kind == .unlikeColumns ? .seconds(0.5) : nil)
    for solver in [
      try CopositiveTraining(problem, options: options(1e-4)) as any UninterruptedSolver,
      try CuttingPlane(problem, options: options(1e-4)),
    ] {
      do {
        let outcome = try solver.train(stop: limit) { _ in }
        #expect(kind == .unlikeColumns || outcome.status == .solved, "\(type(of: solver)): \(outcome.status)")
        try check(outcome, problem)
      } catch let error as DataError {
        #expect(error.description.contains("too many for the copositive program"), "\(error)")
      }
    }
  }

  /// Whitened samples have the one pattern D = I, (20); with one-hot targets the optimum has a closed form.
  @Test(arguments: [false, true]) func spikeFreeData(isOneHot: Bool) throws {
    var random = SeededGenerator(seed: 17)
    let features = Matrix(rows: 4, columns: 6, elements: (0..<24).map { _ in random.nextGaussian() })
    let design = try Preprocessing(fitting: features, whiten: .zca).design(for: features)
    let targets = (0..<12).map { k in isOneHot ? (k % 3 == k / 3 % 3 ? 1 : 0) : random.nextGaussian() }
    let problem = try TrainingProblem(design: design, targets: targets, outputs: 3, beta: 0.4)
    let outcome = try CopositiveTraining(problem, options: options(1e-6)).train()
    let exact = try VectorTraining(problem, options: options(1e-6)).train()
    #expect(outcome.chambers == nil && outcome.status == .solved, "\(outcome.status)")
    #expect(
      abs(outcome.certificate.objective - exact.certificate.objective) <= 2e-6 * exact.certificate.objective)
    try check(outcome, problem)
  }

  @Test func otherProblemsAreRefused() throws {
    let design = Matrix([[1, 2], [-1, 0.5], [0.3, -2], [2, 1]])
    let real = [1, -2, 0.5, 2, 0, 1, -1, 3.0]
    let problems = [
      try TrainingProblem(design: design, targets: real, outputs: 2, loss: HuberLoss(threshold: 1), beta: 1),
      try TrainingProblem(design: design, targets: real, outputs: 2, beta: 1, hasOffset: true),
      try TrainingProblem(design: design, targets: Array(real[..<4]), beta: 1),
      try TrainingProblem(design: design, targets: Array(real[..<4]), beta: 1, architecture: TwoLayer(.l1)),
      try TrainingProblem(design: design, targets: real, outputs: 2, beta: 1, architecture: Linear()),
    ]
    for problem in problems {
      #expect(throws: DataError.self) { try CopositiveTraining(problem) }
      #expect(throws: DataError.self) { try CuttingPlane(problem) }
      #expect(throws: DataError.self) { try FrankWolfe(problem) }
    }
    var random = SeededGenerator(seed: 5)
    let many = try TrainingProblem(
      design: Matrix(rows: 600, columns: 4, elements: (0..<2400).map { _ in random.nextGaussian() }),
      targets: (0..<2400).map { _ in random.nextGaussian() }, outputs: 4, beta: 1)
    let refusal = #expect(throws: DataError.self) { try CopositiveTraining(many).train() }
    #expect(refusal?.description.contains("more than 510 chambers") == true)
    let tooLarge = #expect(throws: DataError.self) { try CuttingPlane(many) }
    #expect(tooLarge?.description.contains("use the default method") == true)
  }

  /// A run that is cut short answers in time, with a network and a bound that hold.
  @Test func timeLimitsAreObeyed() throws {
    let problem = try Self.spiral(beta: 0.01)
    let solvers: [any UninterruptedSolver] = [
      try CopositiveTraining(problem, options: options(1e-12)),
      try CuttingPlane(problem, options: options(1e-12)),
      try FrankWolfe(problem, options: options(1e-12)),
      try FrankWolfe(problem, options: options(1e-12), steps: .plain()),
    ]
    for solver in solvers {
      for limit in [Duration.zero, .seconds(0.3)] {
        let start = ContinuousClock.now
        let outcome = try solver.train(stop: StopSignal(timeLimit: limit)) { _ in }
        #expect(ContinuousClock.now - start < limit + .seconds(5), "\(type(of: solver))")
        #expect(outcome.status != .solved)
        #expect(outcome.certificate.lowerBound <= outcome.certificate.objective)
        try check(outcome, problem)
      }
    }
  }

  /// The same input gives the same bytes.
  @Test func rerunsAreTheSame() throws {
    let problem = try VectorGoldenCase.all[1].problem()
    let solvers: [any UninterruptedSolver] = [
      try CopositiveTraining(problem, options: options(1e-5)),
      try CuttingPlane(problem, options: options(1e-5)),
      try FrankWolfe(problem, options: options(1e-2), steps: .plain()),
    ]
    for solver in solvers {
      let (one, two) = try BLAS.singleThreaded {
        (try solver.train(stop: StopSignal()) { _ in }, try solver.train(stop: StopSignal()) { _ in })
      }
      #expect(one.network == two.network && one.certificate == two.certificate)
    }
  }

  /// A block in a cone with two facets is the sum of the squares of its factors, which are in the cone.
  @Test func blocksOfTwoFacetsFactor() throws {
    let piece = CopositivePiece(
      map: Matrix(rows: 1, columns: 2), facets: Matrix([[0, 1], [0.8, -0.6]]), center: [0.9, 0.435889894354])
    let vectors = [[1, 0.2], [3, 3.9], [0.5, 0.0], [1, 1.2]]
    var block = Matrix(rows: 2, columns: 2)
    for u in vectors {
      for a in 0..<2 { for b in 0..<2 { block[a, b] += u[a] * u[b] } }
    }
    let factors = piece.factors(of: block)
    #expect(factors.count == 2)
    for u in factors {
      #expect(piece.facets.times(u).allSatisfy { $0 >= -1e-12 })
      for a in 0..<2 { for b in 0..<2 { block[a, b] -= u[a] * u[b] } }
    }
    #expect(block.elements.allSatisfy { abs($0) <= 1e-12 })
  }

  /// The relaxation is not exact for all r ≤ 4, as SEPP21 has it: the identity satisfies it for the cone of a regular pentagon with
  /// gᵢ ⟂ gᵢ₊₂, but Horn's form, which is not negative on non-negative vectors, is negative there.
  @Test func pentagonalConesAreNotExact() {
    let square = 1 / (1 - cos(4 * Double.pi / 5))
    let facets = (0..<5).map { k in
      let angle = 2 * .pi * Double(k) / 5
      return [
        square.squareRoot() * cos(angle), square.squareRoot() * sin(angle),
        (1 - square).squareRoot(),
      ]
    }
    var horn = 0.0
    for (i, g) in facets.enumerated() {
      for (j, h) in facets.enumerated() {
        let product = dot(g, h)
        #expect(product >= -1e-12)
        horn += abs(i - j) == 1 || abs(i - j) == 4 ? -product : product
      }
    }
    #expect(horn < -1)
  }
}
