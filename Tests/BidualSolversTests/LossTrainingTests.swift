import BidualCertificates
import BidualLinear
import BidualModels
import BidualObjectives
import BidualSolvers
import Testing

/// Training with every loss, sample weights and offsets, checked from raw data.
@Suite struct LossTrainingTests {
  static let losses: [any Loss] = [
    SquaredLoss(), LogisticLoss(), HingeLoss(), AbsoluteLoss(), try! HuberLoss(threshold: 0.5),
    try! QuantileLoss(level: 0.8), PoissonLoss(),
  ]

  /// Small random data that suit the loss, with a duplicate and a zero row among them.
  private func data(_ loss: any Loss, seed: UInt64, samples: Int = 9) -> (design: Matrix, targets: [Double]) {
    var random = SeededGenerator(seed: seed)
    var design = Matrix(
      rows: samples, columns: 2, elements: (0..<(2 * samples)).map { _ in random.nextGaussian() })
    for k in 0..<2 {
      design[1, k] = design[0, k]
      design[2, k] = 0
    }
    let targets: [Double] = (0..<samples).map { _ in
      let noise = random.nextGaussian()
      switch loss.targetKind {
      case .real: return 2 * noise
      case .sign: return noise > 0 ? 1 : -1
      case .count, .oneHot: return abs(4 * noise).rounded()
      }
    }
    return (design, targets)
  }

  private func train(_ problem: TrainingProblem, gap: Double = 1e-7) throws -> TrainingOutcome {
    var options = WorkingSet.Options()
    options.gap = gap
    return try WorkingSet(problem, options: options).train()
  }

  private func expectCertified(_ outcome: TrainingOutcome, _ problem: TrainingProblem, _ what: String) throws
  {
    #expect(outcome.status == .solved, "\(what): gap \(outcome.certificate.relativeGap)")
    let naive = naiveObjective(outcome.network, problem)
    #expect(abs(naive - outcome.certificate.objective) <= 1e-9 * naive, "\(what)")
    #expect(outcome.certificate.lowerBound <= naive * (1 + 1e-12), "\(what)")
    try Certifier(problem).verify(outcome.certificate, of: outcome.network)
  }

  @Test(arguments: losses.indices, [false, true])
  func everyLossIsCertified(_ index: Int, hasOffset: Bool) throws {
    let loss = Self.losses[index]
    for seed in 1...6 {
      let (design, targets) = data(loss, seed: UInt64(seed))
      for beta in [0.03, 0.5] {
        let problem = try TrainingProblem(
          design: design, targets: targets, loss: loss, beta: beta, hasOffset: hasOffset)
        let outcome = try train(problem)
        try expectCertified(outcome, problem, "\(loss.name), seed \(seed), beta \(beta)")
        #expect((outcome.network.offset != nil) == hasOffset)
      }
    }
  }

  /// The order of the rows makes no difference but to rounding, as that of a processor's sums: no order may cost
  /// the gap.
  @Test(arguments: [2, 3, 5], [false, true]) func theOrderOfRowsDoesNotMatter(_ index: Int, hasOffset: Bool)
    throws
  {
    let loss = Self.losses[index]
    for seed in [3, 4, 5] {
      let (design, targets) = data(loss, seed: UInt64(seed))
      var random = SeededGenerator(seed: 99)
      for trial in 0..<12 {
        let order = targets.indices.shuffled(using: &random)
        let problem = try TrainingProblem(
          design: design.selectingRows(order), targets: order.map { targets[$0] }, loss: loss, beta: 0.03,
          hasOffset: hasOffset)
        try expectCertified(try train(problem), problem, "\(loss.name), seed \(seed), order \(trial)")
      }
    }
  }

  /// Weight 2 is the row twice, weight 0 is the row left out.
  @Test(arguments: losses.indices, [false, true])
  func weightsCountRows(_ index: Int, hasOffset: Bool) throws {
    let loss = Self.losses[index]
    let (design, targets) = data(loss, seed: 21)
    let weights = [1.0, 2, 1, 3, 0, 1, 2, 1, 1]
    let rows = weights.indices.flatMap { Array(repeating: $0, count: Int(weights[$0])) }
    let weighted = try TrainingProblem(
      design: design, targets: targets, weights: weights, loss: loss, beta: 0.2, hasOffset: hasOffset)
    let repeated = try TrainingProblem(
      design: design.selectingRows(rows), targets: rows.map { targets[$0] }, loss: loss, beta: 0.2,
      hasOffset: hasOffset)
    let a = try train(weighted)
    let b = try train(repeated)
    try expectCertified(a, weighted, loss.name)
    try expectCertified(b, repeated, loss.name)
    #expect(abs(a.certificate.objective - b.certificate.objective) <= 2e-7 * b.certificate.objective)
    // The same network has the same objective on both.
    let here = naiveObjective(a.network, weighted)
    let there = naiveObjective(a.network, repeated)
    #expect(abs(here - there) <= 1e-12 * there)
  }

  /// An offset only helps, and targets shifted by a constant then cost nothing more.
  @Test func offsetsAbsorbShifts() throws {
    for loss in [SquaredLoss(), AbsoluteLoss(), try HuberLoss(threshold: 0.5), try QuantileLoss(level: 0.3)]
      as [any Loss]
    {
      let (design, targets) = data(loss, seed: 5)
      let plain = try train(try TrainingProblem(design: design, targets: targets, loss: loss, beta: 0.3))
      let free = try train(
        try TrainingProblem(design: design, targets: targets, loss: loss, beta: 0.3, hasOffset: true))
      #expect(free.certificate.objective <= plain.certificate.objective * (1 + 1e-6))
      let shifted = try train(
        try TrainingProblem(
          design: design, targets: targets.map { $0 + 1000 }, loss: loss, beta: 0.3, hasOffset: true))
      #expect(
        abs(shifted.certificate.objective - free.certificate.objective) <= 1e-6 * free.certificate.objective)
    }
  }

  /// Perfectly separable classes and a weak penalty: margins beyond 1 put the dual point on the border of
  /// the conjugate's domain.
  @Test func separableClassesAreCertified() throws {
    let design = Matrix([[1, 1], [2, 1], [3, 1], [-1, 1], [-2, 1], [-3, 1]])
    let targets: [Double] = [1, 1, 1, -1, -1, -1]
    for loss in [HingeLoss(), LogisticLoss()] as [any Loss] {
      for beta in [1e-4, 1e-2, 1] {
        for hasOffset in [false, true] {
          let problem = try TrainingProblem(
            design: design, targets: targets, loss: loss, beta: beta, hasOffset: hasOffset)
          try expectCertified(try train(problem, gap: 1e-6), problem, "\(loss.name) \(beta)")
        }
      }
    }
  }

  /// Targets that a network can meet exactly: the absolute and quantile losses do meet them.
  @Test func exactFitsAreCertified() throws {
    let design = Matrix([[1, 1], [2, 1], [3, 1], [-1, 1], [-2, 1]])
    let targets: [Double] = [1, 2, 3, 0, 0]
    for loss in [AbsoluteLoss(), try QuantileLoss(level: 0.25)] as [any Loss] {
      let problem = try TrainingProblem(design: design, targets: targets, loss: loss, beta: 0.01)
      let outcome = try train(problem, gap: 1e-6)
      try expectCertified(outcome, problem, loss.name)
      for (f, y) in zip(outcome.network.predictions(design), targets) { #expect(abs(f - y) <= 1e-5) }
    }
  }

  /// One class alone, all targets alike, all of them zero: nothing to learn, and nothing that breaks.
  @Test func degenerateTargets() throws {
    let design = Matrix([[1, 0.5], [-1, 2], [0.3, -0.7]])
    for hasOffset in [false, true] {
      for (loss, target) in [
        (LogisticLoss() as any Loss, 1.0), (HingeLoss(), -1), (PoissonLoss(), 0), (AbsoluteLoss(), 0),
        (SquaredLoss(), 3),
      ] {
        let problem = try TrainingProblem(
          design: design, targets: [target, target, target], loss: loss, beta: 0.4, hasOffset: hasOffset)
        let outcome = try train(problem, gap: 1e-6)
        let certificate = outcome.certificate
        #expect(certificate.objective.isFinite && certificate.lowerBound.isFinite, "\(loss.name)")
        #expect(
          certificate.relativeGap <= 1e-6 || certificate.objective <= 1e-9,
          "\(loss.name) \(hasOffset) \(certificate.objective) \(certificate.lowerBound)")
      }
    }
  }

  @Test func reruns() throws {
    for loss in Self.losses {
      let (design, targets) = data(loss, seed: 8)
      let problem = try TrainingProblem(
        design: design, targets: targets, loss: loss, beta: 0.1, hasOffset: true)
      let a = try train(problem)
      let b = try train(problem)
      #expect(a.network == b.network && a.certificate == b.certificate)
    }
  }

  @Test func badTargetsAndWeights() throws {
    let design = Matrix([[1], [2]])
    func refused(_ loss: any Loss, _ targets: [Double], _ weights: [Double]? = nil) -> String? {
      do {
        _ = try TrainingProblem(design: design, targets: targets, weights: weights, loss: loss, beta: 1)
        return nil
      } catch { return error.description }
    }
    #expect(refused(HingeLoss(), [1, 0])?.contains("neither -1 nor 1") == true)
    #expect(refused(PoissonLoss(), [1, -2])?.contains("row 2: target -2.0 is negative") == true)
    for weights in [[1, -1], [1, .nan], [0, 0], [1]] {
      #expect(refused(SquaredLoss(), [1, 2], weights)?.contains("sample weights") == true)
    }
    #expect(refused(SquaredLoss(), [1, 2], [0, 1]) == nil)
  }
}
