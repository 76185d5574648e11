import BidualArrangements
import BidualCertificates
import BidualLinear
import BidualModels
import BidualObjectives
import Foundation
import Testing

@testable import BidualSolvers

/// A reference case with three layers.
private struct ThreeLayerGoldenCase: Decodable, Sendable, CustomTestStringConvertible {
  let name: String
  let first_layer_width: Int
  let beta: Double
  let X: [[Double]]
  let Y: [Double]
  let optimum: Double
  let two_layer_optimum: Double

  var testDescription: String { name }

  func problem(width: Int) throws -> TrainingProblem {
    try TrainingProblem(design: Matrix(X), targets: Y, beta: beta, architecture: ThreeLayer(width: width))
  }

  static let all: [ThreeLayerGoldenCase] = {
    let folder = Bundle.module.resourceURL!.appendingPathComponent("Golden")
    let files = try! FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    return files.filter { $0.lastPathComponent.hasPrefix("three_layer_") }.sorted { $0.path < $1.path }
      .map { try! JSONDecoder().decode(ThreeLayerGoldenCase.self, from: Data(contentsOf: $0)) }
  }()
}

/// The training objective by loops over samples, sub-networks, units and features.
private func naiveThreeLayerObjective(_ network: any Network, _ problem: TrainingProblem) throws -> Double {
  let network = try #require(network as? ThreeLayerNetwork)
  var sum = 0.0
  for i in 0..<problem.design.rows {
    var prediction = network.offset ?? 0
    for k in 0..<network.neurons {
      var input = 0.0
      for j in (k * network.width)..<((k + 1) * network.width) {
        var height = 0.0
        for c in 0..<problem.design.columns { height += problem.design[i, c] * network.hidden[j, c] }
        if height > 0 { input += network.inner[j] * height }
      }
      if input > 0 { prediction += network.output[k] * input }
    }
    sum += problem.weights[i] * problem.loss.value(prediction, target: problem.targets[i])
  }
  // Plain weight decay of the second and third layer, with first layers of length 1.
  for k in 0..<network.neurons {
    var first = 0.0
    for j in (k * network.width)..<((k + 1) * network.width) {
      first += dot(network.hidden.row(j), network.hidden.row(j))
      sum += 0.5 * problem.beta * network.inner[j] * network.inner[j]
    }
    #expect(abs(first - 1) < 1e-9)
    sum += 0.5 * problem.beta * network.output[k] * network.output[k]
  }
  return sum
}

private func trainedThreeLayers(_ problem: TrainingProblem, gap: Double, seconds: Double = 60) throws
  -> TrainingOutcome
{
  var options = WorkingSet.Options()
  options.gap = gap
  return try WorkingSet(problem, options: options).train(stop: StopSignal(timeLimit: .seconds(seconds)))
}

@Suite struct ThreeLayerTests {
  @Test(arguments: ThreeLayerGoldenCase.all) private func referenceOptimaAreCertified(
    _ golden: ThreeLayerGoldenCase
  ) throws {
    let problem = try golden.problem(width: golden.first_layer_width)
    let outcome = try trainedThreeLayers(problem, gap: 1e-6)
    let certificate = outcome.certificate
    #expect(outcome.status == .solved && certificate.isCertified(to: 1e-6))
    #expect(abs(certificate.objective - golden.optimum) <= 1e-6 * golden.optimum)
    #expect(certificate.lowerBound <= golden.optimum * (1 + 1e-8))
    let objective = try naiveThreeLayerObjective(outcome.network, problem)
    #expect(abs(objective - certificate.objective) <= 1e-9 * certificate.objective)
    try Certifier(problem).verify(certificate, of: outcome.network)
  }

  /// The program over drawn pieces is above the optimum, comes near it with many, and never proves too much.
  @Test(arguments: ThreeLayerGoldenCase.all) private func sampledPiecesComeNearTheOptimum(
    _ golden: ThreeLayerGoldenCase
  ) throws {
    let problem = try golden.problem(width: golden.first_layer_width)
    var last = Double.infinity
    for draws in [4, 40, 400] {
      let outcome = try SampledSubnetworkTraining(problem, draws: draws).train()
      let certificate = outcome.certificate
      #expect(outcome.status == .localGapReached || outcome.status == .solved, "\(outcome.status)")
      let objective = try naiveThreeLayerObjective(outcome.network, problem)
      #expect(abs(objective - certificate.objective) <= 1e-9 * certificate.objective)
      #expect(certificate.lowerBound <= golden.optimum * (1 + 1e-9))
      #expect(objective >= golden.optimum * (1 - 1e-6), "\(objective / golden.optimum)")
      try Certifier(problem).verify(certificate, of: outcome.network)
      last = objective
    }
    #expect(last <= 1.02 * golden.optimum, "\(last / golden.optimum)")
  }

  /// With one unit it is the program of two layers over the patterns of the same gates, or ends lower by a network that it met on its
  /// way.
  @Test(arguments: [1, 2, 3] as [UInt64]) func sampledUnitsAreGivenPatterns(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let design = Matrix(rows: 15, columns: 3, elements: (0..<45).map { _ in random.nextGaussian() })
    let targets = (0..<15).map { _ in random.nextGaussian() }
    var options = WorkingSet.Options()
    (options.seed, options.gap) = (seed, 1e-8)
    let problem = try TrainingProblem(
      design: design, targets: targets, beta: 0.2, architecture: ThreeLayer(width: 1))
    let outcome = try SampledSubnetworkTraining(problem, draws: 12, options: options).train()
    // The same draws in the coordinates of the row space, lifted to features.
    var draws = SeededGenerator(seed: seed)
    let gates = (0..<12).map { _ in
      _ = Int.random(in: 1...1, using: &draws)
      return (0..<3).map { _ in draws.nextGaussian() }
    }
    let space = RowSpace(of: design)
    let two = try problem.replacing(architecture: TwoLayer())
    let patterns = try PatternCollection(
      [GivenGates(rows: space.lifted(Matrix(gates)))], data: design, seed: 0)
    var settings = GivenPatterns.Options()
    settings.gap = 1e-8
    let reference = try PatternTraining(two, patterns: patterns, options: settings).train()
    let (own, other) = (outcome.certificate.objective, reference.certificate.objective)
    #expect(own <= (1 + 1e-6) * other && own >= 0.95 * other, "\(own), \(other)")
  }

  @Test func onlyGaussianDrawsAreTaken() throws {
    let problem = try ThreeLayerGoldenCase.all[0].problem(width: 2)
    let others: [[PatternChoice]] = [
      [], [.source(ClusterGates(clusters: 3))], [.trained(neurons: 4)],
      [.source(GaussianGates(draws: 3, density: 0.5))],
    ]
    for patterns in others {
      #expect(throws: DataError.self) { try SampledSubnetworkTraining(problem, patterns: patterns) }
    }
    for draws in [0, 1_000_000_000] {
      #expect(throws: DataError.self) { try SampledSubnetworkTraining(problem, draws: draws) }
    }
  }

  /// Sub-networks of one unit are neurons.
  @Test(arguments: ThreeLayerGoldenCase.all) private func oneUnitIsTwoLayerTraining(
    _ golden: ThreeLayerGoldenCase
  )
    throws
  {
    let outcome = try trainedThreeLayers(try golden.problem(width: 1), gap: 1e-7)
    #expect(outcome.certificate.isCertified(to: 1e-7))
    #expect(abs(outcome.certificate.objective - golden.two_layer_optimum) <= 1e-6 * golden.two_layer_optimum)
  }

  /// A bound s of the first layer's length is the same problem with β/s (EP21, Remark 2): the optimum at β/s is reached, at
  /// β, by a network with first layers of length s, and no such network is below its bound.
  @Test func radiusIsAScaleOfBeta() throws {
    let golden = ThreeLayerGoldenCase.all[1]
    let s = 3.0
    let problem = try golden.problem(width: 2)
    let outcome = try trainedThreeLayers(problem.replacing(beta: golden.beta / s), gap: 1e-6)
    let network = try #require(outcome.network as? ThreeLayerNetwork)
    func objective(_ hidden: [Double], _ inner: [Double], _ output: [Double]) -> Double {
      let longer = ThreeLayerNetwork(
        hidden: Matrix(rows: inner.count, columns: 2, elements: hidden), inner: inner, output: output,
        width: 2)
      return problem.lossValue(longer.predictions(problem.design))
        + 0.5 * golden.beta * (dot(inner, inner) + dot(output, output))
    }
    let root = s.squareRoot()
    let reached = objective(
      network.hidden.elements.map { s * $0 }, network.inner.map { $0 / root },
      network.output.map { $0 / root })
    #expect(abs(reached - outcome.certificate.objective) <= 1e-9 * reached)
    var random = SeededGenerator(seed: 8)
    for _ in 0..<2000 {
      func near(_ numbers: [Double]) -> [Double] { numbers.map { $0 + 0.1 * random.nextGaussian() } }
      var hidden = near(network.hidden.elements)
      for k in 0..<network.neurons {
        let own = (4 * k)..<(4 * k + 4)
        let length = norm(hidden[own])
        for place in own { hidden[place] *= s / length }
      }
      let value = objective(
        hidden, near(network.inner.map { $0 / root }), near(network.output.map { $0 / root }))
      #expect(value >= outcome.certificate.lowerBound)
    }
  }

  /// A network from elsewhere is held against the optimum, in balance or not, and narrower ones too.
  @Test func foreignNetworksAreAssessed() throws {
    let golden = ThreeLayerGoldenCase.all[1]
    let problem = try golden.problem(width: 2)
    var random = SeededGenerator(seed: 4)
    for width in [1, 2] {
      let network = ThreeLayerNetwork(
        hidden: Matrix(
          rows: 3 * width, columns: 2, elements: (0..<(6 * width)).map { _ in random.nextGaussian() }),
        inner: (0..<(3 * width)).map { _ in random.nextGaussian() }, output: [0.3, -0.2, 0.5], width: width)
      var options = WorkingSet.Options()
      options.gap = 1e-4
      let assessment = try NetworkAssessment(of: network, in: problem, options: options)
      let plain = problem.objective(network)
      #expect(abs(assessment.certificate.objective - plain) <= 1e-9 * plain)
      #expect(assessment.balancedObjective <= plain * (1 + 1e-12))
      #expect(assessment.restrictedOptimum <= assessment.balancedObjective * (1 + 1e-9))
      #expect(assessment.restrictedOptimum >= assessment.certificate.lowerBound)
      #expect(abs(assessment.certificate.lowerBound - golden.optimum) <= 1e-3 * golden.optimum)
    }
  }

  /// Losses with kinks, offsets, weights, degenerate data: certified, and no descent from many starts ends below.
  @Test(arguments: 0..<8) func degenerateProblemsAreCertified(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    let losses: [any Loss] = try [SquaredLoss(), AbsoluteLoss(), HuberLoss(), LogisticLoss(), HingeLoss()]
    let loss = losses[seed % losses.count]
    let isClass = loss is LogisticLoss || loss is HingeLoss
    var rows = (0..<6).map { _ in [random.nextGaussian(), random.nextGaussian()] }
    rows[1] = rows[0]
    rows[2] = [0, 0]
    rows[3] = rows[4].map { -2 * $0 }
    let targets = rows.map { _ in isClass ? (random.nextGaussian() > 0 ? 1.0 : -1) : random.nextGaussian() }
    let problem = try TrainingProblem(
      design: Matrix(rows), targets: targets, weights: [1, 2, 1, 0.5, 1, 1], loss: loss, beta: 0.05,
      hasOffset: seed % 2 == 1, architecture: ThreeLayer(width: 2))
    let outcome = try trainedThreeLayers(problem, gap: 1e-4)
    #expect(outcome.certificate.isCertified(to: 1e-4), "\(loss.name): \(outcome.status)")
    let objective = try naiveThreeLayerObjective(outcome.network, problem)
    #expect(abs(objective - outcome.certificate.objective) <= 1e-8 * (1 + objective))
    try Certifier(problem).verify(outcome.certificate, of: outcome.network)
  }

  /// What a time limit leaves is honest.
  @Test func cutShortRunsAreHonest() throws {
    var random = SeededGenerator(seed: 3)
    let design = Matrix(rows: 40, columns: 3, elements: (0..<120).map { _ in random.nextGaussian() })
    let problem = try TrainingProblem(
      design: design, targets: (0..<40).map { _ in random.nextGaussian() }, beta: 0.1,
      architecture: ThreeLayer(width: 3))
    let outcome = try trainedThreeLayers(problem, gap: 1e-6, seconds: 2)
    let certificate = outcome.certificate
    #expect(certificate.lowerBound <= certificate.objective && certificate.lowerBound.isFinite)
    #expect(outcome.network.neurons > 0)
    #expect(certificate.objective < problem.lossValue(problem.targets.map { _ in 0 }))
  }
}

@Suite struct ThreeLayerNetworkTests {
  @Test func enclosureHoldsAndKindsAreToldApart() throws {
    var random = SeededGenerator(seed: 1)
    let network = ThreeLayerNetwork(
      hidden: Matrix(rows: 6, columns: 3, elements: (0..<18).map { _ in random.nextGaussian() }),
      inner: (0..<6).map { _ in random.nextGaussian() }, output: [1, -2, 0.5], width: 2, offset: 0.25)
    let design = Matrix(rows: 30, columns: 3, elements: (0..<90).map { _ in random.nextGaussian() })
    let enclosure = try #require(ThreeLayer(width: 2).enclosure(of: network, over: design))
    for i in 0..<30 {
      var exact = 0.25
      for k in 0..<3 {
        var input = 0.0
        for j in [2 * k, 2 * k + 1] {
          input += network.inner[j] * max(0, dot(network.hidden.row(j), design.row(i)))
        }
        exact += network.output[k] * max(0, input)
      }
      #expect(abs(exact - enclosure.predictions[i]) <= enclosure.errors[i])
      #expect(enclosure.errors[i] < 1e-12)
    }
    #expect(ThreeLayer(width: 3).enclosure(of: network, over: design) != nil)
    #expect(ThreeLayer(width: 1).enclosure(of: network, over: design) == nil)
    #expect(TwoLayer().enclosure(of: network, over: design) == nil)
    #expect(ThreeLayer(width: 2).penalty(of: TwoLayerNetwork.zero(inputs: 3)) == .infinity)
  }

  /// The penalty does not depend on how a sub-network shares its length among first and second layer.
  @Test func penaltyBringsFirstLayersToLengthOne() {
    let network = ThreeLayerNetwork(
      hidden: Matrix([[3, 0], [0, 4]]), inner: [1, -1], output: [2], width: 2)
    // ‖W₁‖ = 5, ‖α‖² = 2.
    #expect(abs(network.weightDecay - 0.5 * (25 * 2 + 4)) < 1e-12)
    // Squares that vanish or overflow alone do not in the product.
    for exponent in [-560, 500] {
      let size = Double(sign: .plus, exponent: exponent, significand: 1)
      let unlike = ThreeLayerNetwork(
        hidden: Matrix([[3 * size, 0], [0, 4 * size]]), inner: [1 / size, -1 / size], output: [2], width: 2)
      #expect(abs(unlike.weightDecay - 27) < 1e-12)
    }
  }
}
