import BidualCertificates
import BidualLinear
import BidualModels
import Testing

@Suite struct CertifierTests {
  /// lower ≤ optimum ≤ upper, without any slack: all numbers of these problems are exact.
  private func expectBracket(_ certificate: Certificate, _ whitened: WhitenedProblem, _ what: String) {
    #expect(certificate.lowerBound <= whitened.optimum, "\(whitened.name), \(what)")
    #expect(certificate.objective >= whitened.optimum, "\(whitened.name), \(what)")
  }

  @Test(arguments: WhitenedProblem.all) func optimaAreCertified(whitened: WhitenedProblem) {
    let certifier = Certifier(whitened.problem)
    for gap in [1e-3, 1e-6, 1e-9] {
      let verdict = certifier.certify(whitened.network, dualPoint: whitened.dualPoint, gap: gap)
      expectBracket(verdict.certificate, whitened, "gap \(gap)")
      #expect(verdict.certificate.isCertified(to: gap * (1 + 1e-6)), "\(whitened.name), gap \(gap)")
      #expect(verdict.isComplete && verdict.violators.isEmpty)
    }
    let verdict = certifier.certify(whitened.network, dualPoint: whitened.dualPoint, polarAccuracy: 1e-9)
    expectBracket(verdict.certificate, whitened, "by accuracy")
    #expect(verdict.certificate.isCertified(to: 1e-8))
  }

  @Test(arguments: WhitenedProblem.all) func hostileDualPointsProveNothingFalse(whitened: WhitenedProblem) {
    var random = SeededGenerator(seed: 5)
    let certifier = Certifier(whitened.problem)
    let n = whitened.problem.targets.count
    for size in [1e-300, 1e-6, 1, 1e6, 1e300] {
      for direction in 0..<4 {
        var dual = (0..<n).map { _ in size * random.nextGaussian() }
        if direction == 1 { dual = whitened.problem.targets.map { size * $0 } }
        if direction == 2 { dual = whitened.dualPoint.map { size * $0 } }
        if direction == 3 { dual = whitened.dualPoint.map { $0 + 1e-3 * size * random.nextGaussian() } }
        for gap in [10, 1e-2, 1e-15] {
          let verdict = certifier.certify(
            whitened.network, dualPoint: dual, gap: gap, effort: .init(nodeLimit: 300))
          expectBracket(verdict.certificate, whitened, "size \(size), direction \(direction), gap \(gap)")
        }
        let cancelled = certifier.certify(
          whitened.network, dualPoint: dual, polarAccuracy: 1e-3, effort: .init(isCancelled: { true }))
        expectBracket(cancelled.certificate, whitened, "cancelled, size \(size), direction \(direction)")
      }
    }
    for bad in [Double.nan, .infinity, -.infinity] {
      let verdict = certifier.certify(
        whitened.network, dualPoint: Array(repeating: bad, count: n), gap: 1e-3)
      #expect(verdict.certificate.lowerBound == -.infinity)
      #expect(!verdict.certificate.isCertified(to: 1e9))
    }
  }

  @Test(arguments: WhitenedProblem.all) func poisonedNetworksAreNotBetterThanTheOptimum(
    whitened: WhitenedProblem
  ) {
    var random = SeededGenerator(seed: 6)
    let certifier = Certifier(whitened.problem)
    let d = whitened.problem.design.columns
    for trial in 0..<60 {
      var network = whitened.network
      switch trial % 4 {
      case 0:
        network.hidden.elements = network.hidden.elements.map { $0 * (1 + 1e-9 * random.nextGaussian()) }
      case 1: network.output = network.output.map { $0 * 1.01 }
      case 2: network.output = network.output.map { -$0 }
      default:
        let neurons = 1 + trial % 5
        let size = [1e-6, 1, 1e6][trial % 3]
        network = TwoLayerNetwork(
          hidden: Matrix(
            rows: neurons, columns: d, elements: (0..<(neurons * d)).map { _ in size * random.nextGaussian() }
          ),
          output: (0..<neurons).map { _ in size * random.nextGaussian() })
      }
      let verdict = certifier.certify(
        network, dualPoint: whitened.dualPoint, gap: [10, 1e-4, 1e-15][trial % 3],
        effort: .init(nodeLimit: 5000))
      expectBracket(verdict.certificate, whitened, "trial \(trial)")
    }
    let zero = certifier.certify(TwoLayerNetwork.zero(inputs: d), dualPoint: whitened.dualPoint, gap: 1e-6)
    expectBracket(zero.certificate, whitened, "zero network")
  }

  /// Planted optima in general position; the plant itself is good to rounding.
  @Test(arguments: [false, true]) func plantedOptimaAreCertified(symmetric: Bool) throws {
    var random = SeededGenerator(seed: 7)
    for trial in 0..<25 {
      let planted = try PlantedProblem(
        rows: 4 + 2 * (trial % 8), symmetric: symmetric, scale: [1e-6, 1, 1e6][trial % 3], &random)
      let certifier = Certifier(planted.problem)
      for gap in [1e-4, 1e-8] {
        let verdict = certifier.certify(planted.network, dualPoint: planted.dualPoint, gap: gap)
        #expect(verdict.certificate.isCertified(to: gap * (1 + 1e-6)))
        #expect(verdict.certificate.lowerBound <= planted.optimum * (1 + 1e-13))
        #expect(verdict.certificate.objective >= planted.optimum * (1 - 1e-13))
      }
    }
  }

  /// Columns lifted to more dimensions than samples, so that the row space is reduced.
  @Test func optimaSurviveARotationIntoMoreDimensions() throws {
    var random = SeededGenerator(seed: 8)
    for columns in [3, 9, 40] {
      let planted = try PlantedProblem(rows: 8, symmetric: false, &random)
      let frame = Matrix(
        rows: columns, columns: 2, elements: (0..<(2 * columns)).map { _ in random.nextGaussian() })
      let basis = try #require(SingularValues(of: frame)).left
      let problem = try TrainingProblem(
        design: planted.problem.design.timesTransposed(basis), targets: planted.problem.targets,
        beta: planted.problem.beta)
      let network = TwoLayerNetwork(
        hidden: planted.network.hidden.timesTransposed(basis), output: planted.network.output)
      let certifier = Certifier(problem)
      #expect(certifier.rowSpace.rank == 2)
      let verdict = certifier.certify(network, dualPoint: planted.dualPoint, gap: 1e-8)
      #expect(verdict.certificate.isCertified(to: 1.01e-8))
      #expect(verdict.certificate.lowerBound <= planted.optimum * (1 + 1e-13))
      #expect(verdict.certificate.objective >= planted.optimum * (1 - 1e-13))
    }
  }

  /// A dual point whose polar is above β by more than the gap is refuted by a direction that shows it.
  @Test func infeasibleDualPointsAreRefuted() throws {
    var random = SeededGenerator(seed: 9)
    for _ in 0..<20 {
      let planted = try PlantedProblem(rows: 12, symmetric: false, &random)
      let polar = PlantedProblem.polar(planted.problem.design, planted.problem.targets).value
      let verdict = Certifier(planted.problem).certify(
        planted.network, dualPoint: planted.problem.targets, gap: 1e-6)
      #expect(!verdict.violators.isEmpty && !verdict.isComplete)
      for violator in verdict.violators {
        var value = 0.0
        for i in 0..<12 {
          value += planted.problem.targets[i] * max(0, dot(planted.problem.design.row(i), violator.direction))
        }
        #expect(violator.sign * value > planted.problem.beta)
        #expect(violator.sign * value <= polar * (1 + 1e-12))
      }
    }
  }

  /// Entries so small that their squares vanish: κ must not be taken for zero, and a problem made of
  /// nothing else is refused.
  @Test func tinyEntriesAreNotZeros() throws {
    for exponent in [-90, -155, -165, -200, -300] {
      let size = Double(sign: .plus, exponent: Int(Double(exponent) * 3.3219), significand: 1)
      guard exponent >= -100 else {
        #expect(throws: DataError.self) {
          try TrainingProblem(design: Matrix([[size]]), targets: [1], beta: 1)
        }
        // Beside a row of ordinary size that fits nothing, the tiny row still counts.
        let problem = try TrainingProblem(design: Matrix([[size], [1]]), targets: [1, 0], beta: 1)
        #expect(
          Certifier(problem).certify(TwoLayerNetwork.zero(inputs: 1), dualPoint: [1, 0], gap: 1e-6)
            .certificate.polarBound
            >= size)
        continue
      }
      // β is a quarter of β_max = size: the optimum is ¼ − 1/32, exactly.
      let problem = try TrainingProblem(design: Matrix([[size]]), targets: [1], beta: size / 4)
      let verdict = Certifier(problem).certify(TwoLayerNetwork.zero(inputs: 1), dualPoint: [1], gap: 1e-6)
      #expect(verdict.certificate.lowerBound <= 0.21875, "entries of 1e\(exponent)")
      #expect(verdict.certificate.objective >= 0.21875)
    }
  }
}
