import BidualCertificates
import BidualLinear
import BidualModels
import BidualObjectives
import Foundation
import Testing

@testable import BidualSolvers

/// The reference case of a circular linear convolution.
private struct CircularConvolutionGoldenCase: Decodable, Sendable {
  let beta: Double
  let X: [[Double]]
  let Y: [Double]
  let optimum: Double

  static let only: CircularConvolutionGoldenCase = {
    let url = Bundle.module.resourceURL!.appendingPathComponent("Golden/circular_conv.json")
    return try! JSONDecoder().decode(CircularConvolutionGoldenCase.self, from: Data(contentsOf: url))
  }()

  func problem() throws -> TrainingProblem {
    try TrainingProblem(
      design: Matrix(X), targets: Y, beta: beta, architecture: CircularConvolution())
  }
}

private func gaussian(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix {
  var random = SeededGenerator(seed: seed)
  return Matrix(
    rows: rows, columns: columns, elements: (0..<(rows * columns)).map { _ in random.nextGaussian() })
}

private func signs(_ count: Int, seed: UInt64) -> [Double] {
  gaussian(count, 1, seed: seed).elements.map { $0 > 0 ? 1 : -1 }
}

/// The circulant matrix of a filter: Uα is the circular convolution of both.
private func circulant(_ filter: [Double]) -> Matrix {
  let d = filter.count
  return Matrix((0..<d).map { t in (0..<d).map { s in filter[(t - s + d) % d] } })
}

/// Σⱼ xᵀUⱼαⱼ + b by matrices.
private func naivePredictions(_ network: any Network, _ design: Matrix) throws -> [Double] {
  let network = try #require(network as? CircularConvolutionalNetwork)
  let d = network.inputs
  var sums = Array(repeating: network.offset ?? 0, count: design.rows)
  for j in 0..<network.neurons {
    let head = Array(network.filters.output[(j * d)..<((j + 1) * d)])
    let response = design.times(circulant(Array(network.filters.hidden.row(j)))).times(head)
    for i in sums.indices { sums[i] += response[i] }
  }
  return sums
}

/// The training objective of filters and heads by matrices.
private func naiveCircularObjective(_ network: any Network, _ problem: TrainingProblem) throws -> Double {
  let predictions = try naivePredictions(network, problem.design)
  let loss = predictions.indices.reduce(0) {
    $0 + problem.weights[$1] * problem.loss.value(predictions[$1], target: problem.targets[$1])
  }
  let filters = try #require(network as? CircularConvolutionalNetwork).filters
  return loss + 0.5 * problem.beta
    * (dot(filters.hidden.elements, filters.hidden.elements) + dot(filters.output, filters.output))
}

private func trained(_ problem: TrainingProblem, gap: Double) throws -> TrainingOutcome {
  var options = WorkingSet.Options()
  options.gap = gap
  return try CircularConvolutionTraining(problem, options: options).train(
    stop: StopSignal(timeLimit: .seconds(60)))
}

@Suite struct CircularConvolutionTests {
  @Test func referenceOptimumIsCertified() throws {
    let golden = CircularConvolutionGoldenCase.only
    let problem = try golden.problem()
    let outcome = try trained(problem, gap: 1e-7)
    let certificate = outcome.certificate
    #expect(outcome.status == .solved && certificate.scope == .global)
    #expect(certificate.isCertified(to: 1e-7), "\(certificate.relativeGap)")
    #expect(abs(certificate.objective - golden.optimum) <= 1e-6 * golden.optimum)
    #expect(certificate.lowerBound <= golden.optimum * (1 + 1e-8))
    let naive = try naiveCircularObjective(outcome.network, problem)
    #expect(abs(naive - certificate.objective) <= 1e-9 * naive)
    try Certifier(problem).verify(certificate, of: outcome.network)
  }

  /// Descent over random real filters and heads by themselves never comes below the bound, and to the optimum from some start.
  @Test func descentStaysAboveTheBound() throws {
    let golden = CircularConvolutionGoldenCase.only
    let problem = try golden.problem()
    let lower = try trained(problem, gap: 1e-7).certificate.lowerBound
    let (width, d) = (8, problem.design.columns)
    var best = Double.infinity
    for seed in 0..<20 {
      let start = gaussian(2 * width, d, seed: UInt64(seed)).elements.map { 0.2 * $0 }
      var (filters, heads) = (Array(start[..<(width * d)]), Array(start[(width * d)...]))
      func network() -> CircularConvolutionalNetwork {
        CircularConvolutionalNetwork(
          TwoLayerNetwork(
            hidden: Matrix(rows: width, columns: d, elements: filters), output: heads, outputs: d,
            activation: .linear))
      }
      for _ in 0..<3000 {
        let residual = zip(network().predictions(problem.design), problem.targets).map { $0 - $1 }
        let worth = problem.design.transposedTimes(residual)
        var (filterSlopes, headSlopes) = (filters.map { problem.beta * $0 }, heads.map { problem.beta * $0 })
        for j in 0..<width {
          for s in 0..<d {
            for t in 0..<d {
              filterSlopes[j * d + s] += worth[(s + t) % d] * heads[j * d + t]
              headSlopes[j * d + t] += worth[(s + t) % d] * filters[j * d + s]
            }
          }
        }
        for k in filters.indices {
          filters[k] -= 0.01 * filterSlopes[k]
          heads[k] -= 0.01 * headSlopes[k]
        }
      }
      let reached = try naiveCircularObjective(network(), problem)
      #expect(reached >= lower)
      best = min(best, reached)
    }
    #expect(best <= golden.optimum * (1 + 1e-4))
  }

  /// Signals that are repeated make circular convolutions linear ones, of another program and another proof.
  @Test(arguments: [1, 2, 3, 4, 5, 6, 9], [false, true])
  func repeatedSignalsAreLinearConvolutions(length: Int, isHinge: Bool) throws {
    let design = gaussian(10, length, seed: UInt64(length))
    let targets = isHinge ? signs(10, seed: 30) : gaussian(10, 1, seed: 31).elements
    let loss: any Loss = isHinge ? HingeLoss() : SquaredLoss()
    let circular = try TrainingProblem(
      design: design, targets: targets, loss: loss, beta: 0.7, hasOffset: true,
      architecture: CircularConvolution())
    let linear = try TrainingProblem(
      design: Matrix((0..<10).map { i in (0..<(2 * length - 1)).map { design[i, $0 % length] } }),
      targets: targets, loss: loss, beta: 0.7, hasOffset: true,
      architecture: LinearConvolution(
        Patches(
          channels: 1, image: .init(height: 1, width: 2 * length - 1),
          filter: .init(height: 1, width: length))))
    let outcome = try trained(circular, gap: 1e-7)
    #expect(outcome.status == .solved && outcome.certificate.isCertified(to: 1e-7))
    let naive = try naiveCircularObjective(outcome.network, circular)
    #expect(abs(naive - outcome.certificate.objective) <= 1e-9 * naive)
    var options = WorkingSet.Options()
    options.gap = 1e-4
    let other = try LinearConvolutionTraining(linear, options: options).train().certificate
    #expect(other.isCertified(to: 1e-4))
    #expect(outcome.certificate.lowerBound <= other.objective)
    #expect(other.lowerBound <= outcome.certificate.objective)
  }

  private static let losses: [any Loss] = [
    SquaredLoss(), HingeLoss(), LogisticLoss(), AbsoluteLoss(), try! HuberLoss(threshold: 1),
  ]

  /// Every kind of loss on zero, constant and repeated signals, of odd and even length, with an offset and without.
  @Test(arguments: losses.indices, [1, 2, 7, 8])
  func degenerateSignalsAreCertified(loss: Int, length: Int) throws {
    var signals = gaussian(14, length, seed: 3)
    for place in 0..<length {
      signals[0, place] = 0
      signals[1, place] = 1
      signals[2, place] = signals[3, place]
      signals[4, place] = -2 * signals[3, place]
    }
    for hasOffset in [false, true] {
      let problem = try TrainingProblem(
        design: signals, targets: signs(14, seed: 4), loss: Self.losses[loss], beta: 0.4,
        hasOffset: hasOffset, architecture: CircularConvolution())
      let outcome = try trained(problem, gap: 1e-6)
      #expect(
        outcome.certificate.isCertified(to: 1e-6), "\(outcome.status) \(outcome.certificate.relativeGap)")
      let naive = try naiveCircularObjective(outcome.network, problem)
      #expect(abs(naive - outcome.certificate.objective) <= 1e-9 * naive)
      try Certifier(problem).verify(outcome.certificate, of: outcome.network)
    }
  }

  @Test func nothingToLearnIsCertified() throws {
    let problem = try TrainingProblem(
      design: Matrix(rows: 3, columns: 4), targets: [1, 2, 3], beta: 1, architecture: CircularConvolution())
    let outcome = try trained(problem, gap: 1e-9)
    #expect(outcome.status == .solved && outcome.network.neurons == 0)
    #expect(outcome.certificate.objective >= 7 && outcome.certificate.objective < 7.000001)
  }

  /// More frequencies than join at once.
  @Test func manyFrequenciesAreCertified() throws {
    let problem = try TrainingProblem(
      design: gaussian(60, 100, seed: 8), targets: signs(60, seed: 9), loss: HingeLoss(), beta: 0.5,
      hasOffset: true, architecture: CircularConvolution())
    let outcome = try trained(problem, gap: 1e-5)
    #expect(outcome.status == .solved && outcome.certificate.isCertified(to: 1e-5))
    #expect(outcome.network.neurons > 16)
    let wrong = outcome.certificate.dualPoint.map { 2 * $0 }
    #expect(!Certifier(problem).proves(wrong, polarAtMost: problem.beta))
  }

  /// The polar is the largest singular value of a circulant matrix, and no atom's value is above the bound.
  @Test(arguments: 1..<10) func polarIsASingularValue(length: Int) throws {
    let design = gaussian(6, length, seed: 5)
    let problem = try TrainingProblem(
      design: design, targets: Array(repeating: 1, count: 6), beta: 1, architecture: CircularConvolution())
    for scale in [1e-200, 1, 1e200] {
      let weights = gaussian(6, 1, seed: 6).elements.map { scale * $0 }
      let value = try #require(
        SingularValues(of: circulant(design.transposedTimes(weights.map { $0 / scale })))?.values.first)
      let bound = problem.atoms.oracle(threads: 1).bound(
        weights, goal: .maximize(relativeTolerance: 0, floor: 0))
      #expect(bound.isComplete && bound.upper >= value * scale * (1 - 1e-15))
      #expect(bound.upper <= value * scale * (1 + 1e-11))
      let greatest = try #require(bound.maximizers.first)
      #expect(abs(greatest.value - value * scale) <= 1e-12 * value * scale)
    }
    #expect(problem.atoms.deviation.allSatisfy { $0 == 0 })
  }

  @Test(arguments: [1, 2, 5, 8]) func predictionsAreWithinTheirErrors(length: Int) throws {
    let filters = TwoLayerNetwork(
      hidden: gaussian(3, length, seed: 11), output: gaussian(3, length, seed: 12).elements,
      outputs: length, activation: .linear)
    let network = CircularConvolutionalNetwork(filters, offsets: [0.3])
    let design = gaussian(20, length, seed: 13)
    let naive = try naivePredictions(network, design)
    let enclosure = try #require(CircularConvolution().enclosure(of: network, over: design))
    for i in naive.indices {
      #expect(abs(naive[i] - enclosure.predictions[i]) <= 2 * enclosure.errors[i])
      #expect(enclosure.errors[i] > 0 && enclosure.errors[i] < 1e-11)
    }
    #expect(CircularConvolution().enclosure(of: network, over: gaussian(2, length + 1, seed: 1)) == nil)
    #expect(CircularConvolution().penalty(of: filters) == .infinity)
  }

  @Test func otherProblemsAreRefused() throws {
    let plain = try TrainingProblem(design: gaussian(4, 3, seed: 1), targets: [1, 2, 3, 4], beta: 1)
    #expect(throws: DataError.self) { try CircularConvolutionTraining(plain) }
  }
}
