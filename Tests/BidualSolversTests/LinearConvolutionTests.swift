import BidualCertificates
import BidualLinear
import BidualModels
import BidualObjectives
import Foundation
import Testing

@testable import BidualSolvers

/// The reference case of a linear convolution, its patches as images of which filters see one part after another.
private struct LinearConvolutionGoldenCase: Decodable, Sendable {
  let beta: Double
  let patches: [[[Double]]]
  let Y: [Double]
  let optimum: Double

  static let only: LinearConvolutionGoldenCase = {
    let url = Bundle.module.resourceURL!.appendingPathComponent("Golden/linear_conv_nuclear.json")
    return try! JSONDecoder().decode(LinearConvolutionGoldenCase.self, from: Data(contentsOf: url))
  }()

  func problem() throws -> TrainingProblem {
    let size = patches[0][0].count
    return try TrainingProblem(
      design: Matrix(Y.indices.map { i in patches.flatMap { $0[i] } }), targets: Y, beta: beta,
      architecture: LinearConvolution(try signals(patches.count * size, filter: size, stride: size)))
  }
}

private func signals(_ length: Int, filter: Int, stride: Int = 1, padding: Int = 0) throws -> Patches {
  try Patches(
    channels: 1, image: .init(height: 1, width: length), filter: .init(height: 1, width: filter),
    stride: .init(height: 1, width: stride), padding: .init(height: 0, width: padding))
}

private func gaussian(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix {
  var random = SeededGenerator(seed: seed)
  return Matrix(
    rows: rows, columns: columns, elements: (0..<(rows * columns)).map { _ in random.nextGaussian() })
}

/// The training objective of filters and heads by loops, for signals of one channel.
private func naiveLinearObjective(_ network: any Network, _ problem: TrainingProblem) throws -> Double {
  let network = try #require(network as? LinearConvolutionalNetwork)
  let (patches, filters) = (network.patches, network.filters)
  var sum = 0.0
  for i in 0..<problem.design.rows {
    var prediction = network.offset ?? 0
    for j in 0..<network.neurons {
      for k in 0..<patches.count {
        for c in 0..<patches.size {
          let pixel = k * patches.stride.width - patches.padding.width + c
          guard (0..<patches.image.width).contains(pixel) else { continue }
          prediction +=
            filters.output[j * patches.count + k] * filters.hidden[j, c] * problem.design[i, pixel]
        }
      }
    }
    sum += problem.weights[i] * problem.loss.value(prediction, target: problem.targets[i])
  }
  return sum + 0.5 * problem.beta
    * (dot(filters.hidden.elements, filters.hidden.elements) + dot(filters.output, filters.output))
}

private func trained(_ problem: TrainingProblem, gap: Double) throws -> TrainingOutcome {
  var options = WorkingSet.Options()
  options.gap = gap
  return try LinearConvolutionTraining(problem, options: options).train(
    stop: StopSignal(timeLimit: .seconds(60)))
}

@Suite struct LinearConvolutionTests {
  @Test func referenceOptimumIsCertified() throws {
    let golden = LinearConvolutionGoldenCase.only
    let problem = try golden.problem()
    let outcome = try trained(problem, gap: 1e-6)
    let certificate = outcome.certificate
    #expect(
      outcome.status == .solved && certificate.isCertified(to: 1e-6), "\(certificate.relativeGap)")
    #expect(abs(certificate.objective - golden.optimum) <= 1e-6 * golden.optimum)
    #expect(certificate.lowerBound <= golden.optimum * (1 + 1e-8))
    let naive = try naiveLinearObjective(outcome.network, problem)
    #expect(abs(naive - certificate.objective) <= 1e-9 * naive)
    try Certifier(problem).verify(certificate, of: outcome.network)
  }

  /// Descent over filters and heads by themselves never comes below the bound, and to the optimum from some start.
  @Test func descentStaysAboveTheBound() throws {
    let problem = try LinearConvolutionGoldenCase.only.problem()
    let lower = try trained(problem, gap: 1e-7).certificate.lowerBound
    let objective = LinearConvolutionObjective(problem, places: problem.atoms.pooling.rows)
    var best = Double.infinity
    for seed in 0..<10 {
      var point = objective.start(seed: UInt64(seed))
      var gradient = point
      for _ in 0..<5000 {
        _ = objective.evaluate(point, &gradient)
        for k in point.indices { point[k] -= 0.01 * gradient[k] }
      }
      let (m, size, places) = (objective.width, objective.size, objective.weights)
      let network = LinearConvolutionalNetwork(
        TwoLayerNetwork(
          hidden: Matrix(rows: m, columns: size, elements: Array(point[..<(m * size)])),
          output: Array(point[(m * size)...]), outputs: places, activation: .linear),
        patches: try #require(problem.architecture as? LinearConvolution).patches)
      let reached = try naiveLinearObjective(network, problem)
      #expect(abs(reached - objective.evaluate(point, &gradient)) <= 1e-9 * reached)
      #expect(reached >= lower)
      best = min(best, reached)
    }
    #expect(best <= LinearConvolutionGoldenCase.only.optimum * (1 + 1e-5))
  }

  /// Filters as large as the signal have one place: that is linear training.
  @Test func wholeSignalsAreLinearTraining() throws {
    let (design, targets) = (gaussian(15, 4, seed: 1), gaussian(15, 1, seed: 2).elements)
    let whole = try TrainingProblem(
      design: design, targets: targets, beta: 0.5, hasOffset: true,
      architecture: LinearConvolution(signals(4, filter: 4)))
    let plain = try whole.replacing(architecture: Linear())
    let certificate = try trained(whole, gap: 1e-7).certificate
    let linear = try PatternTraining(plain, options: GivenPatterns.Options()).train().certificate
    #expect(certificate.isCertified(to: 1e-7))
    #expect(abs(certificate.objective - linear.objective) <= 1e-4 * linear.objective)
  }

  private static let overlapping = try! signals(7, filter: 3, padding: 1)
  private static let losses: [any Loss] = [
    SquaredLoss(), HingeLoss(), LogisticLoss(), AbsoluteLoss(), try! HuberLoss(threshold: 1),
  ]

  /// Every kind of loss, on signals with constant parts, repeats and zeros, whose patches are padded and overlap.
  @Test(arguments: losses.indices) func degenerateSignalsAreCertified(loss: Int) throws {
    var signals = gaussian(14, 7, seed: 3)
    for place in 0..<7 {
      signals[0, place] = 0
      signals[1, place] = 1
      signals[2, place] = signals[3, place]
    }
    let problem = try TrainingProblem(
      design: signals, targets: gaussian(14, 1, seed: 4).elements.map { $0 > 0 ? 1 : -1 },
      loss: Self.losses[loss], beta: 0.4, hasOffset: true,
      architecture: LinearConvolution(Self.overlapping))
    let outcome = try trained(problem, gap: 1e-4)
    #expect(outcome.certificate.isCertified(to: 1e-4), "\(outcome.status) \(outcome.certificate.relativeGap)")
    let naive = try naiveLinearObjective(outcome.network, problem)
    #expect(abs(naive - outcome.certificate.objective) <= 1e-9 * naive)
    try Certifier(problem).verify(outcome.certificate, of: outcome.network)
  }

  /// The polar is the largest singular value of the weighted sum of patch matrices.
  @Test func polarIsASingularValue() throws {
    let problem = try TrainingProblem(
      design: gaussian(6, 7, seed: 5), targets: Array(repeating: 1, count: 6), beta: 1,
      architecture: LinearConvolution(signals(7, filter: 3)))
    let weights = gaussian(6, 1, seed: 6).elements
    var sum = Matrix(rows: 5, columns: 3)
    for i in 0..<6 {
      for k in 0..<5 { for c in 0..<3 { sum[k, c] += weights[i] * problem.design[i, k + c] } }
    }
    let value = try #require(SingularValues(of: sum)?.values.first)
    let bound = problem.atoms.oracle(threads: 1).bound(
      weights, goal: .maximize(relativeTolerance: 0, floor: 0))
    #expect(bound.upper >= value && bound.upper <= value * (1 + 1e-9))
    #expect(problem.atoms.deviation.count == 6)
  }
}
