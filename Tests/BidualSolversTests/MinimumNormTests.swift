import BidualCertificates
import BidualLinear
import BidualModels
import BidualObjectives
import Foundation
import Testing

@testable import BidualSolvers

@Suite struct MinimumNormTests {
  struct Case: Decodable {
    let X: [[Double]]
    let Y: [Double]
    let optimum: Double
  }

  private func problem(_ rows: [[Double]], _ targets: [Double], hasOffset: Bool = false) throws
    -> TrainingProblem
  {
    try TrainingProblem(design: Matrix(rows), targets: targets, beta: 1, hasOffset: hasOffset)
  }

  /// Interpolation, the objective and the certificate, from raw data.
  private func check(_ result: MinimumNorm.Result, _ rows: [[Double]], _ targets: [Double]) throws {
    let network = try #require(result.outcome.network.twoLayer)
    let size = targets.map { abs($0) }.max()!
    for (f, y) in zip(network.predictions(Matrix(rows)), targets) { #expect(abs(f - y) <= 1e-8 * size) }
    let certificate = result.outcome.certificate
    #expect(abs(certificate.objective - network.weightDecay) <= 1e-9 * network.weightDecay)
    #expect(certificate.lowerBound <= certificate.objective)
    try Certifier(result.problem).verify(certificate, of: network)
  }

  @Test(arguments: ["minimum_norm_6x2", "minimum_norm_7x3"]) func references(name: String) throws {
    let url = Bundle.module.resourceURL!.appendingPathComponent("Golden/\(name).json")
    let golden = try JSONDecoder().decode(Case.self, from: Data(contentsOf: url))
    var options = WorkingSet.Options()
    options.gap = 1e-6
    let result = try MinimumNorm(problem(golden.X, golden.Y), options: options).train()
    #expect(result.outcome.status == .solved)
    #expect(abs(result.outcome.certificate.objective - golden.optimum) <= 1e-5 * golden.optimum)
    #expect(result.outcome.certificate.lowerBound <= golden.optimum * (1 + 1e-5))
    try check(result, golden.X, golden.Y)
  }

  /// Few samples in the plane, random and hence with steep interpolants.
  @Test(arguments: [4, 5, 6, 7, 8, 9]) func randomTargetsInThePlane(samples: Int) throws {
    for seed in 1...8 {
      var random = SeededGenerator(seed: UInt64(100 * samples + seed))
      let rows = (0..<samples).map { _ in [random.nextGaussian(), random.nextGaussian()] }
      let targets = rows.map { _ in random.nextGaussian() }
      let hasOffset = seed % 4 == 0
      let result = try MinimumNorm(problem(rows, targets, hasOffset: hasOffset)).train()
      let certificate = result.outcome.certificate
      #expect(
        result.outcome.status == .solved && certificate.isCertified(to: 1e-4),
        "\(samples) samples, seed \(seed): gap \(certificate.relativeGap)")
      try check(result, rows, targets)
    }
  }

  /// One sample: the neuron along it, of penalty |y|/‖x‖.
  @Test func oneSample() throws {
    let result = try MinimumNorm(problem([[3, 4]], [10])).train()
    #expect(abs(result.outcome.certificate.objective - 2) <= 1e-4)
    try check(result, [[3, 4]], [10])
  }

  @Test func offsetsAreFree() throws {
    let rows = [[1.0, 0], [0, 1], [1, 1], [-1, 2]]
    let constant = try MinimumNorm(problem(rows, [5, 5, 5, 5], hasOffset: true)).train()
    #expect(constant.outcome.certificate.objective <= 1e-6)
    let result = try MinimumNorm(problem(rows, [5, 6, 5, 4], hasOffset: true)).train()
    #expect(result.outcome.status == .solved)
    try check(result, rows, [5, 6, 5, 4])
  }

  @Test func degenerateButPossible() throws {
    let rows = [[1.0, 2], [1, 2], [2, 4], [0, 0], [-1, -2], [0.5, -1]]
    let targets = [1.5, 1.5, 3, 0, -2, 0.7]
    let result = try MinimumNorm(problem(rows, targets)).train()
    #expect(result.outcome.status == .solved)
    try check(result, rows, targets)
  }

  @Test func theImpossibleIsNamed() throws {
    func message(_ rows: [[Double]], _ targets: [Double], hasOffset: Bool = false) throws -> String? {
      do {
        _ = try MinimumNorm(problem(rows, targets, hasOffset: hasOffset)).train()
        return nil
      } catch { return "\(error)" }
    }
    #expect(try message([[1, 2], [3, 1], [1, 2]], [1, 2, 3])?.hasPrefix("rows 1 and 3: ") == true)
    #expect(try message([[1, 2], [3, 1], [2, 4]], [1, 2, 3])?.hasPrefix("rows 1 and 3: ") == true)
    #expect(try message([[1, 2], [0, 0]], [1, 2])?.hasPrefix("row 2: all inputs are zero") == true)
    #expect(try message([[1, 2], [0, 0]], [1, 2], hasOffset: true) == nil)
    // Two opposite pairs on one line ask for two different slopes there.
    #expect(try message([[1], [-1], [2], [-2]], [1, 1, 2, 5]) != nil)
    #expect(try message([[1, 0], [-1, 0], [0, 1], [0, -1]], [1, 1, 2, 5]) == nil)
  }
}

@Suite struct NetworkAssessmentTests {
  private func problem(_ loss: any Loss = SquaredLoss(), seed: UInt64 = 3) throws -> TrainingProblem {
    var random = SeededGenerator(seed: seed)
    let design = Matrix(rows: 14, columns: 3, elements: (0..<42).map { _ in random.nextGaussian() })
    let targets: [Double] = (0..<14).map { _ in
      let noise = random.nextGaussian()
      return loss.targetKind == .sign ? (noise > 0 ? 1 : -1) : noise
    }
    return try TrainingProblem(design: design, targets: targets, loss: loss, beta: 0.3)
  }

  @Test func anOptimalNetworkIsStationaryWithoutGap() throws {
    for loss in [SquaredLoss(), HingeLoss(), LogisticLoss(), AbsoluteLoss()] as [any Loss] {
      let problem = try problem(loss)
      var options = WorkingSet.Options()
      options.gap = 1e-6
      let trained = try WorkingSet(problem, options: options).train()
      let assessment = try NetworkAssessment(of: trained.network, in: problem, options: options)
      #expect(assessment.certificate.relativeGap <= 3e-6)
      #expect(assessment.isStationary(to: 1e-5))
      #expect(abs(assessment.balancedObjective - assessment.certificate.objective) <= 1e-6)
    }
  }

  /// An arbitrary network: its bounds hold, balancing only helps, and its own patterns allow no less than the
  /// optimum.
  @Test func anyNetworkIsJudged() throws {
    var random = SeededGenerator(seed: 9)
    let problem = try problem()
    for _ in 0..<5 {
      let network = TwoLayerNetwork(
        hidden: Matrix(rows: 4, columns: 3, elements: (0..<12).map { _ in random.nextGaussian() }),
        output: (0..<4).map { _ in 0.3 * random.nextGaussian() })
      let assessment = try NetworkAssessment(of: network, in: problem)
      let naive = naiveObjective(network, problem)
      #expect(abs(assessment.certificate.objective - naive) <= 1e-9 * naive)
      #expect(assessment.balancedObjective < naive)
      #expect(assessment.restrictedOptimum <= assessment.balancedObjective * (1 + 1e-9))
      #expect(assessment.certificate.lowerBound <= assessment.restrictedOptimum)
      #expect(!assessment.isStationary(to: 1e-3))
    }
  }
}
