import BidualCertificates
import BidualLinear
import BidualModels
import BidualObjectives
import BidualPolars
import Testing

@testable import BidualSolvers

/// Fast paths against the working set, which searches for chambers as if there were no closed form.
@Suite struct ClosedFormsTests {
  private func gaussian(_ n: Int, _ random: inout SeededGenerator) -> [Double] {
    (0..<n).map { _ in random.nextGaussian() }
  }

  private func orthonormalRows(_ n: Int, _ d: Int, _ random: inout SeededGenerator) -> Matrix {
    SingularValues(of: Matrix(rows: n, columns: d, elements: gaussian(n * d, &random)))!.rightTransposed
  }

  /// Samples in a chain, xᵢ₊₁ = ρᵢxᵢ + √(1 − ρᵢ²)qᵢ₊₁ with orthonormal q and 0 ≤ ρ < 1: the inverse of
  /// their Gram matrix is tridiagonal with entries −ρ/(1 − ρ²), so they are spike-free.
  private func chain(_ n: Int, _ d: Int, _ random: inout SeededGenerator) -> Matrix {
    var design = orthonormalRows(n, d, &random)
    for i in 1..<max(n, 2) where i < n {
      let rho = 0.9 * random.nextUniform()
      for k in 0..<d {
        design[i, k] = rho * design[i - 1, k] + (1 - rho * rho).squareRoot() * design[i, k]
      }
    }
    return design
  }

  private func options(_ gap: Double) -> WorkingSet.Options {
    var options = WorkingSet.Options()
    options.gap = gap
    options.maximumIterations = 500
    return options
  }

  /// The outcome agrees with the working set's to 10⁻⁷, and its polar bound with a search of the sphere.
  private func compare(_ outcome: TrainingOutcome, _ problem: TrainingProblem, _ comment: Comment) throws {
    let general = try WorkingSet(problem, options: options(1e-8)).train()
    let found = outcome.certificate
    #expect(outcome.status == .solved && found.isCertified(to: 1e-7), comment)
    #expect(general.certificate.relativeGap <= 1e-7, comment)
    let size = max(general.certificate.objective, 1e-12)
    #expect(abs(found.objective - general.certificate.objective) <= 1e-7 * size, comment)
    #expect(found.lowerBound <= general.certificate.objective, comment)
    #expect(general.certificate.lowerBound <= found.objective, comment)
    #expect(abs(problem.objective(outcome.network) - found.objective) <= 1e-9 * size, comment)
    // The claim itself is what the search proves: how near its own maximisers come is a matter of rounding.
    let search = SphericalBranchAndBound(RowSpace(of: problem.design).coordinates)
      .bound(
        found.dualPoint, goal: .prove(threshold: found.polarBound * (1 + 1e-7), maximumViolators: 1),
        nodeLimit: 2_000_000)
    #expect(search.isComplete && search.upper <= found.polarBound * (1 + 2e-7), comment)
    #expect((search.maximizers.first?.value ?? 0) <= found.polarBound, comment)
  }

  @Test(arguments: [(1, 1), (2, 2), (3, 5), (4, 4), (5, 9)], [0.05, 0.5, 0.95])
  func whitenedSamples(shape: (Int, Int), share: Double) throws {
    var random = SeededGenerator(seed: UInt64(shape.0 * 10 + shape.1))
    let (n, d) = shape
    for scale in [1.0, 1e-3, 40] {
      var design = orthonormalRows(n, d, &random)
      for k in design.elements.indices { design.elements[k] *= scale }
      let targets = gaussian(n, &random)
      let weights = scale == 40 ? Array(repeating: 2.5, count: n) : nil
      let problem = try TrainingProblem(design: design, targets: targets, weights: weights, beta: 1)
      let betaMax = problem.betaMax()
      let weight = weights?[0] ?? 1
      let longest = max(norm(targets.map { max(0, $0) }), norm(targets.map { min(0, $0) }))
      #expect(abs(betaMax - weight * scale * longest) <= 1e-12 * betaMax)
      let scaled = try problem.replacing(beta: share * betaMax)
      let outcome = try #require(ClosedForms(scaled, options: options(1e-8)).train(betaMax: betaMax))
      #expect(outcome.method == .whitened)
      try compare(outcome, scaled, "scale \(scale)")
      // The program with one pattern finds the same.
      let program = try #require(SpikeFreeProgram(scaled, options: options(1e-8))).train()
      #expect(program.method == .spikeFree && program.network.neurons <= 2)
      try compare(program, scaled, "scale \(scale), as a program")
    }
  }

  /// At rank 5 and 2 % of β_max the general solver itself proves no more than 1.5·10⁻⁷ for some losses, too
  /// little to compare with; high ranks are certified below without it.
  @Test(arguments: [(1, 0.02), (2, 0.02), (4, 0.02), (1, 0.4), (2, 0.4), (4, 0.4), (5, 0.4)])
  func spikeFreeSamples(n: Int, share: Double) throws {
    var random = SeededGenerator(seed: UInt64(n))
    for (trial, loss) in try losses().enumerated() {
      let design = chain(n, n + trial % 3, &random)
      var targets = gaussian(n, &random)
      if loss.targetKind == .sign { targets = targets.map { $0 < 0 ? -1 : 1 } }
      if loss.targetKind == .count { targets = targets.map { abs($0 * 3).rounded() } }
      let weights = trial % 2 == 0 ? nil : (0..<n).map { _ in 0.5 + random.nextUniform() }
      let problem = try TrainingProblem(
        design: design, targets: targets, weights: weights, loss: loss, beta: 1)
      let betaMax = problem.betaMax()
      guard betaMax > 0 else { continue }
      let scaled = try problem.replacing(beta: share * betaMax)
      let outcome = try #require(ClosedForms(scaled, options: options(1e-8)).train(betaMax: betaMax))
      #expect(outcome.method == .spikeFree || n == 1)
      try compare(outcome, scaled, "\(loss.name), n = \(n)")
      try Certifier(scaled).verify(outcome.certificate, of: outcome.network)
    }
  }

  private func losses() throws -> [any Loss] {
    [
      SquaredLoss(), LogisticLoss(), HingeLoss(), AbsoluteLoss(), try HuberLoss(threshold: 0.5),
      try QuantileLoss(level: 0.3), PoissonLoss(),
    ]
  }

  /// Repeated samples, multiples and zero rows, with targets that disagree.
  @Test(arguments: [false, true]) func degenerateSamples(hasOffset: Bool) throws {
    var random = SeededGenerator(seed: 21)
    for trial in 0..<6 {
      let rays = chain(3, 4, &random)
      var rows = [[Double]](repeating: [0, 0, 0, 0], count: 2)
      for i in 0..<3 {
        for factor in [1, 0.3, 1e-3, 7].prefix(1 + trial % 4) { rows.append(rays.row(i).map { factor * $0 }) }
      }
      let problem = try TrainingProblem(
        design: Matrix(rows), targets: gaussian(rows.count, &random), beta: 1, hasOffset: hasOffset)
      let betaMax = problem.betaMax()
      let scaled = try problem.replacing(beta: 0.1 * betaMax)
      let outcome = try #require(ClosedForms(scaled, options: options(1e-8)).train(betaMax: betaMax))
      #expect(outcome.method == .spikeFree)
      try compare(outcome, scaled, "trial \(trial)")
    }
  }

  /// Whitening with a column of ones after it keeps data spike-free, centred or not.
  @Test(arguments: Preprocessing.Whitening.Kind.allCases, [false, true])
  func whitenedWithBias(kind: Preprocessing.Whitening.Kind, standardize: Bool) throws {
    var random = SeededGenerator(seed: 31)
    let features = Matrix(rows: 4, columns: 7, elements: gaussian(28, &random))
    let preprocessing = try Preprocessing(
      fitting: features, standardize: standardize, whiten: kind, bias: true)
    let problem = try TrainingProblem(
      design: preprocessing.design(for: features), targets: gaussian(4, &random), beta: 0.1)
    let outcome = try #require(ClosedForms(problem, options: options(1e-8)).train())
    #expect(outcome.method == .spikeFree)
    try compare(outcome, problem, "\(kind)")
  }

  @Test(arguments: [1.0, 1 + 1e-6, 30]) func noNeuronPaysBeyondBetaMax(share: Double) throws {
    var random = SeededGenerator(seed: 41)
    for (trial, loss) in try losses().enumerated() {
      let design = Matrix(rows: 12, columns: 3, elements: gaussian(36, &random))
      var targets = gaussian(12, &random)
      if loss.targetKind == .sign { targets = targets.map { $0 < 0 ? -1 : 1 } }
      if loss.targetKind == .count { targets = targets.map { abs($0 * 3).rounded() } }
      let problem = try TrainingProblem(
        design: design, targets: targets, loss: loss, beta: 1, hasOffset: trial % 2 == 1)
      let betaMax = problem.betaMax()
      let scaled = try problem.replacing(beta: share * betaMax)
      let outcome = try #require(ClosedForms(scaled, options: options(1e-7)).train(betaMax: betaMax))
      #expect(outcome.method == .zeroNetwork && outcome.network.neurons == 0 && outcome.status == .solved)
      #expect(outcome.certificate.isCertified(to: 1e-7), "\(loss.name)")
      try Certifier(scaled).verify(outcome.certificate, of: outcome.network)
      let general = try WorkingSet(scaled, options: options(1e-7)).train()
      let size = max(1e-12, general.certificate.objective)
      #expect(abs(outcome.certificate.objective - general.certificate.objective) <= 2e-7 * size)
    }
  }

  /// A β_max that is too small is found out, and the next method takes over.
  @Test func wrongBetaMaxIsRefuted() throws {
    var random = SeededGenerator(seed: 42)
    let design = Matrix(rows: 12, columns: 3, elements: gaussian(36, &random))
    let problem = try TrainingProblem(design: design, targets: gaussian(12, &random), beta: 1)
    let betaMax = problem.betaMax()
    let scaled = try problem.replacing(beta: 0.9 * betaMax)
    #expect(ClosedForms(scaled, options: options(1e-6)).train(betaMax: 0.5 * betaMax) == nil)
  }

  @Test func otherProblemsHaveNoClosedForm() throws {
    var random = SeededGenerator(seed: 43)
    for (n, d) in [(3, 2), (30, 4), (4, 6)] {
      let design = Matrix(rows: n, columns: d, elements: gaussian(n * d, &random))
      let problem = try TrainingProblem(design: design, targets: gaussian(n, &random), beta: 1e-3)
      #expect(ClosedForms(problem).train(betaMax: 1) == nil)
    }
    let white = orthonormalRows(3, 5, &random)
    let targets = [1.0, -2, 3]
    func isWhitened(
      _ design: Matrix, weights: [Double]? = nil, loss: any Loss = SquaredLoss(), hasOffset: Bool = false,
      architecture: any Architecture = TwoLayer()
    ) throws -> Bool {
      WhitenedSquares(
        try TrainingProblem(
          design: design, targets: targets, weights: weights, loss: loss, beta: 0.1, hasOffset: hasOffset,
          architecture: architecture)) != nil
    }
    #expect(try isWhitened(white) && isWhitened(white, weights: [2, 2, 2]))
    #expect(try !isWhitened(white, weights: [1, 1, 2]))
    #expect(try !isWhitened(white, hasOffset: true) && !isWhitened(white, loss: HuberLoss(threshold: 1)))
    #expect(try !isWhitened(white, architecture: Linear()) && !isWhitened(Matrix(rows: 3, columns: 5)))
    var skewed = white
    for k in 0..<5 { skewed[1, k] += 1e-6 * skewed[0, k] }
    #expect(try !isWhitened(skewed))
    for k in 0..<5 { skewed[1, k] = white[1, k] * 1.0001 }
    #expect(try !isWhitened(skewed))
  }

  /// Where no search reaches: 50 samples in 80 features and more, proven globally and verified.
  @Test(arguments: [(50, 80), (120, 120)]) func highRanksAreCertified(shape: (Int, Int)) throws {
    var random = SeededGenerator(seed: 51)
    let (n, d) = shape
    let features = Matrix(rows: n, columns: d, elements: gaussian(n * d, &random))
    let white = try Preprocessing(fitting: features, whiten: .zca).design(for: features)
    let signs = gaussian(n, &random).map { $0 < 0 ? -1.0 : 1.0 }
    let problems = [
      (try TrainingProblem(design: white, targets: gaussian(n, &random), beta: 1), TrainingMethod.whitened),
      (
        try TrainingProblem(
          design: chain(n, d, &random), targets: gaussian(n, &random), beta: 1, hasOffset: true), .spikeFree
      ),
      (
        try TrainingProblem(design: chain(n, d, &random), targets: signs, loss: LogisticLoss(), beta: 1),
        .spikeFree
      ),
      (try TrainingProblem(design: white, targets: signs, loss: HingeLoss(), beta: 1), .spikeFree),
    ]
    for (problem, method) in problems {
      let betaMax = problem.betaMax()
      let scaled = try problem.replacing(beta: 0.1 * betaMax)
      // The same bytes need the same number of BLAS threads, which other tests change.
      let (outcome, again) = try BLAS.singleThreaded {
        let train = { try #require(ClosedForms(scaled, options: options(1e-7)).train(betaMax: betaMax)) }
        return (try train(), try train())
      }
      #expect(outcome.method == method && outcome.status == .solved)
      #expect(outcome.certificate.isCertified(to: 1e-7) && outcome.network.neurons <= 2)
      try Certifier(scaled).verify(outcome.certificate, of: outcome.network)
      #expect(again.network == outcome.network && again.certificate == outcome.certificate)
    }
  }

  @Test func stoppedRunsAnswerHonestly() throws {
    var random = SeededGenerator(seed: 61)
    let stop = StopSignal()
    stop.stop()
    let problem = try TrainingProblem(
      design: chain(20, 30, &random), targets: gaussian(20, &random), beta: 0.01)
    let outcome = try #require(ClosedForms(problem, options: options(1e-6)).train(stop: stop))
    #expect(outcome.status == .stoppedByCaller && outcome.certificate.scope == .global)
    #expect(!outcome.certificate.isCertified(to: 1e-6) && outcome.certificate.objective.isFinite)
    var rounds: [TrainingProgress] = []
    _ = ClosedForms(problem, options: options(1e-6)).train(progress: { rounds.append($0) })
    #expect(rounds.count == 1)
  }
}
