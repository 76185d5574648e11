import BidualLinear
import BidualModels
import BidualObjectives
import Testing

@testable import BidualCertificates

/// Bounds in any units: inputs in units of 2ᵃ, targets of 2ᵇ, sample weights of 2ᶜ make β one of 2^(a+b+c), V one of
/// 2^(b+c) and the objective one of 2^(2b+c), all exactly.
@Suite struct ScaleTests {
  private struct Units: CustomStringConvertible {
    let inputs: Int
    let targets: Int
    let weights: Int

    init(inputs: Int, targets: Int, weights: Int) {
      self.inputs = inputs
      self.targets = targets
      self.weights = weights
    }

    /// Units with which all that a problem is made of stays within 10⁻¹⁰⁰…10¹⁰⁰.
    init(_ random: inout SeededGenerator) {
      var drawn: [Int]
      repeat {
        drawn = (0..<3).map { _ in Int(620 * random.nextUniform()) - 310 }
      } while abs(drawn.reduce(0, +)) > 300
      (inputs, targets, weights) = (drawn[0], drawn[1], drawn[2])
    }

    var objectives: Int { 2 * targets + weights }
    var duals: Int { targets + weights }
    var description: String { "inputs 2^\(inputs), targets 2^\(targets), weights 2^\(weights)" }

    static func scaled(_ number: Double, _ exponent: Int) -> Double {
      Double(sign: .plus, exponent: exponent, significand: number)
    }

    func problem(_ problem: TrainingProblem) throws -> TrainingProblem {
      try TrainingProblem(
        design: Matrix(
          rows: problem.design.rows, columns: problem.design.columns,
          elements: problem.design.elements.map { Self.scaled($0, inputs) }),
        targets: problem.targets.map { Self.scaled($0, targets) },
        weights: problem.weights.map { Self.scaled($0, weights) }, loss: problem.loss,
        beta: Self.scaled(problem.beta, inputs + targets + weights), hasOffset: problem.hasOffset)
    }

    /// The network that predicts in the new units; a power of two more in one layer than in the other at most.
    func network(_ network: TwoLayerNetwork) -> TwoLayerNetwork {
      let whole = targets - inputs
      let half = whole / 2
      return TwoLayerNetwork(
        hidden: Matrix(
          rows: network.neurons, columns: network.hidden.columns,
          elements: network.hidden.elements.map { Self.scaled($0, half) }),
        output: network.output.map { Self.scaled($0, whole - half) },
        offset: network.offset.map { Self.scaled($0, targets) })
    }
  }

  /// The optimum of whitened problems is known exactly, in any units; it is bracketed, and as closely as in the
  /// units 1.
  @Test(arguments: WhitenedProblem.all) func optimaAreCertifiedInAnyUnits(whitened: WhitenedProblem) throws {
    var random = SeededGenerator(seed: 1)
    for _ in 0..<40 {
      let units = Units(&random)
      let certifier = Certifier(try units.problem(whitened.problem))
      let network = units.network(whitened.network)
      let optimum = Units.scaled(whitened.optimum, units.objectives)
      for networkAtHand in [network, TwoLayerNetwork.zero(inputs: network.hidden.columns)] {
        let certificate = certifier.certify(
          networkAtHand, dualPoint: whitened.dualPoint.map { Units.scaled($0, units.duals) },
          polarAccuracy: 1e-7
        ).certificate
        #expect(certificate.lowerBound <= optimum, "\(whitened.name), \(units)")
        #expect(certificate.objective >= optimum, "\(whitened.name), \(units)")
        #expect(certificate.lowerBound >= optimum * (1 - 1e-6), "\(whitened.name), \(units)")
        try certifier.verify(certificate, of: networkAtHand)
      }
    }
  }

  /// Planted optima in general position, where the search over the sphere does the proof, with as good a dual point
  /// as there is: a polar that is bounded too low shows at once.
  @Test func plantedOptimaAreCertifiedInAnyUnits() throws {
    var random = SeededGenerator(seed: 4)
    for trial in 0..<60 {
      let planted = try PlantedProblem(rows: 4 + 2 * (trial % 5), symmetric: trial % 2 == 1, &random)
      // Every other time dual weights whose squares vanish.
      let units = trial % 2 == 0 ? Units(&random) : Units(inputs: 290, targets: -280, weights: -285)
      let certifier = Certifier(try units.problem(planted.problem))
      let network = units.network(planted.network)
      let optimum = Units.scaled(planted.optimum, units.objectives)
      let certificate = certifier.certify(
        network, dualPoint: planted.dualPoint.map { Units.scaled($0, units.duals) }, polarAccuracy: 1e-7
      ).certificate
      #expect(certificate.lowerBound <= optimum * (1 + 1e-13), "\(units)")
      #expect(certificate.objective >= optimum * (1 - 1e-13), "\(units)")
      #expect(certificate.lowerBound >= optimum * (1 - 1e-6), "\(units)")
      try certifier.verify(certificate, of: network)
      // Nor is a search that is cut short better than the optimum.
      let cut = certifier.certify(
        network, dualPoint: certificate.dualPoint, polarAccuracy: 1e-7, effort: .init(nodeLimit: 0))
      #expect(cut.certificate.lowerBound <= optimum * (1 + 1e-13), "\(units)")
    }
  }

  /// Any dual point's bound is below the objective of any network, whatever the units of either.
  @Test func noBoundIsAboveACheapNetwork() throws {
    var random = SeededGenerator(seed: 2)
    let losses: [any Loss] = [SquaredLoss(), AbsoluteLoss(), try HuberLoss(), try QuantileLoss(level: 0.3)]
    for trial in 0..<300 {
      let (n, d) = (2 + trial % 5, 1 + trial % 3)
      func numbers(_ count: Int) -> [Double] { (0..<count).map { _ in random.nextGaussian() } }
      let units = Units(&random)
      let problem = try units.problem(
        TrainingProblem(
          design: Matrix(rows: n, columns: d, elements: numbers(n * d)), targets: numbers(n),
          weights: numbers(n).map { abs($0) + 0.01 }, loss: losses[trial % losses.count], beta: 0.05,
          hasOffset: trial % 2 == 1))
      let certifier = Certifier(problem)
      let networks =
        [TwoLayerNetwork.zero(inputs: d, offsets: problem.hasOffset ? [problem.constantFit] : [])]
        + [0, 4].map { m in
          units.network(
            TwoLayerNetwork(
              hidden: Matrix(rows: m, columns: d, elements: numbers(m * d)),
              output: numbers(m).map { 0.1 * $0 }, offset: problem.hasOffset ? 0.1 : nil))
        }
      let objectives = networks.map { certifier.objective(of: $0) }
      let foreign = Units(&random)
      for network in networks {
        let natural = problem.dualPoint(network.predictions(problem.design))
        for dualPoint in [natural, natural.map { Units.scaled($0, foreign.duals / 2) }, numbers(n)] {
          let certificate = certifier.certify(
            network, dualPoint: dualPoint, polarAccuracy: 1e-3, effort: .init(nodeLimit: 2000)
          ).certificate
          #expect(certificate.lowerBound <= objectives.min()!, "\(problem.loss.name), \(units)")
          #expect(certificate.dualScale > 0 || certificate.lowerBound >= 0)
        }
      }
    }
  }

  /// The gap does not change with the units: a network of no neurons is as bad at 10⁻¹⁰ as at 1.
  @Test(arguments: [-300, -150, -33, 0, 40, 150, 300]) func gapsAreFreeOfUnits(exponent: Int) throws {
    let whitened = WhitenedProblem.all[3]
    let problem = try TrainingProblem(
      design: whitened.problem.design,
      targets: whitened.problem.targets.map { Units.scaled($0, exponent) },
      beta: Units.scaled(whitened.problem.beta, exponent))
    func gap(_ problem: TrainingProblem, _ exponent: Int, _ network: TwoLayerNetwork) -> Double {
      Certifier(problem).certify(
        network, dualPoint: whitened.dualPoint.map { Units.scaled($0, exponent) }, polarAccuracy: 1e-9
      ).certificate.relativeGap
    }
    let zero = TwoLayerNetwork.zero(inputs: 4)
    let expected = gap(whitened.problem, 0, zero)
    #expect(expected > 0.5)
    #expect(abs(gap(problem, exponent, zero) - expected) <= 1e-12)
    let best = TwoLayerNetwork(
      hidden: whitened.network.hidden,
      output: whitened.network.output.map { Units.scaled($0, exponent) })
    let balanced = TwoLayerNetwork(
      hidden: Matrix(
        rows: 2, columns: 4, elements: best.hidden.elements.map { Units.scaled($0, exponent / 2) }),
      output: whitened.network.output.map { Units.scaled($0, exponent - exponent / 2) })
    if exponent % 2 == 0 { #expect(gap(problem, exponent, balanced) <= 1e-8) }
  }

  /// Only where targets are met but for rounding does the network without neurons set the unit.
  @Test func objectivesOfZeroAreMeasuredByTheReference() throws {
    let problem = try TrainingProblem(
      design: Matrix([[1], [2]]), targets: [0x1p-40, 0x1p-41], beta: 0x1p-60)
    #expect(problem.referenceObjective == 0.5 * (0x1p-80 + 0x1p-82))
    let reference = problem.referenceObjective
    #expect(
      Certificate.relativeGap(objective: 1e-14 * reference, lowerBound: 0, reference: reference) == 0.01)
    #expect(Certificate.relativeGap(objective: 0.5 * reference, lowerBound: 0, reference: reference) == 1)
    #expect(Certificate.relativeGap(objective: 0, lowerBound: 0, reference: 0) == 0)
    #expect(Certificate.relativeGap(objective: 1, lowerBound: 0.5, reference: .infinity) == 0.5)
    let constant = try TrainingProblem(
      design: Matrix([[1], [2]]), targets: [3e-90, 5e-90], beta: 1e-90, hasOffset: true)
    #expect(abs(constant.constantFit - 4e-90) <= 1e-104)
    #expect(abs(constant.referenceObjective - 1e-180) <= 1e-192)
  }

  #if arch(x86_64)
    /// Weights and dual points among the smallest numbers, whose products are rounded absolutely.
    @Test func lowerBoundsHoldAmongTheSmallestNumbers() throws {
      var random = SeededGenerator(seed: 3)
      for trial in 0..<2000 {
        let small = Units.scaled(1 + random.nextUniform(), -1074 + trial % 30)
        let targets = (0..<3).map { _ in Units.scaled(random.nextGaussian(), trial % 300) }
        let problem = try TrainingProblem(
          design: Matrix([[1], [2], [0]]), targets: targets, weights: [small, 3 * small, 1e-100],
          beta: 1e-100,
          hasOffset: true)
        let v = small * abs(targets[0]) * random.nextUniform()
        let dualPoint = trial % 2 == 0 ? [v, -v, 0] : [-v, v, 0]
        let scale = random.nextUniform()
        var exact: Float80 = 0
        for i in 0..<3 {
          let dual = Float80(scale) * Float80(dualPoint[i])
          exact += dual * Float80(targets[i]) - dual * dual / Float80(problem.weights[i]) / 2
        }
        let found = LowerBound.value(dualPoint, scale: scale, in: problem, rounding: .own)
        #expect(Float80(found) <= exact, "\(small), \(targets), \(v), \(scale)")
      }
    }

    /// Losses that vanish, of networks without neurons.
    @Test func upperBoundsHoldAmongTheSmallestNumbers() throws {
      for offset in [nil, 1e-170] {
        let problem = try TrainingProblem(
          design: Matrix([[1], [2]]), targets: [1e-170, 1e-100], weights: [1e-100, 0x1p-1074], beta: 1,
          hasOffset: offset != nil)
        var exact: Float80 = 0
        for i in 0..<2 {
          let rest = Float80(problem.targets[i]) - Float80(offset ?? 0)
          exact += Float80(problem.weights[i]) * rest * rest / 2
        }
        let found = UpperBound.objective(
          of: TwoLayerNetwork.zero(inputs: 1, offsets: offset.map { [$0] } ?? []), in: problem, rounding: .own
        )
        #expect(Float80(found) >= exact && found < 1e-300)
      }
      let nothing = try TrainingProblem(design: Matrix([[1], [2]]), targets: [0, 0], beta: 1)
      #expect(UpperBound.objective(of: TwoLayerNetwork.zero(inputs: 1), in: nothing) == 0)
    }

    /// A dual weight that is on the wrong side of the domain is so however small its product is.
    @Test func vanishedProductsDoNotEnterTheDomain() throws {
      let problem = try TrainingProblem(
        design: Matrix([[1], [2]]), targets: [1, -1], loss: HingeLoss(), beta: 1)
      #expect(LowerBound.value([-0x1p-1063, 0], scale: 1e-10, in: problem) == -.infinity)
      #expect(LowerBound.value([0x1p-1063, 0], scale: 1e-10, in: problem) > -0x1p-1030)
      // The smallest weight has room for no product that is rounded to it.
      let light = try TrainingProblem(
        design: Matrix([[1], [2]]), targets: [1, -1], weights: [0x1p-1074, 1], loss: HingeLoss(), beta: 1)
      #expect(LowerBound.value([0x1p-1073, 0], scale: 0.7, in: light) == -.infinity)
    }
  #endif
}
