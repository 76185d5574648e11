import BidualCertificates
import BidualLinear
import BidualModels
import BidualObjectives
import Foundation
import Testing

@testable import BidualSolvers

/// Linear convolutions with several outputs.
@Suite struct LinearConvolutionOutputsTests {
  private static func gaussian(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix {
    var random = SeededGenerator(seed: seed)
    return Matrix(
      rows: rows, columns: columns, elements: (0..<(rows * columns)).map { _ in random.nextGaussian() })
  }

  private func signals(_ length: Int, filter: Int, padding: Int = 0) throws -> LinearConvolution {
    LinearConvolution(
      try Patches(
        channels: 1, image: .init(height: 1, width: length), filter: .init(height: 1, width: filter),
        padding: .init(height: 0, width: padding)))
  }

  private func trained(_ problem: TrainingProblem, gap: Double) throws -> TrainingOutcome {
    var options = WorkingSet.Options()
    options.gap = gap
    return try LinearConvolutionTraining(problem, options: options).train(
      stop: StopSignal(timeLimit: .seconds(60)))
  }

  /// The training objective of filters and heads by loops, for signals of one channel.
  private func naiveObjective(_ network: any Network, _ problem: TrainingProblem) throws -> Double {
    let network = try #require(network as? LinearConvolutionalNetwork)
    let (patches, filters, c) = (network.patches, network.filters, problem.outputs)
    var predictions: [Double] = []
    for i in 0..<problem.design.rows {
      for l in 0..<c {
        var prediction = network.offsets.isEmpty ? 0 : network.offsets[l]
        for j in 0..<network.neurons {
          for k in 0..<patches.count {
            for t in 0..<patches.size {
              let pixel = k * patches.stride.width - patches.padding.width + t
              guard (0..<patches.image.width).contains(pixel) else { continue }
              prediction +=
                filters.output[j * filters.outputs + k * c + l] * filters.hidden[j, t]
                * problem.design[i, pixel]
            }
          }
        }
        predictions.append(prediction)
      }
    }
    return problem.lossValue(predictions) + 0.5 * problem.beta
      * (dot(filters.hidden.elements, filters.hidden.elements) + dot(filters.output, filters.output))
  }

  /// Targets yg with a unit vector g have the optimum of y: predictions along g are the best.
  @Test func multiplesOfOneTargetHaveItsOptimum() throws {
    let (design, y) = (Self.gaussian(15, 6, seed: 1), Self.gaussian(15, 1, seed: 2).elements)
    let single = try TrainingProblem(
      design: design, targets: y, beta: 0.7, architecture: signals(6, filter: 3))
    let several = try TrainingProblem(
      design: design, targets: y.flatMap { [0.6 * $0, 0, -0.8 * $0] }, outputs: 3, beta: 0.7,
      architecture: signals(6, filter: 3))
    #expect(abs(several.betaMax() - single.betaMax()) <= 1e-6 * single.betaMax())
    let (one, three) = (try trained(single, gap: 1e-7), try trained(several, gap: 1e-7))
    #expect(one.certificate.isCertified(to: 1e-7) && three.certificate.isCertified(to: 1e-7))
    #expect(
      abs(one.certificate.objective - three.certificate.objective) <= 2e-7 * one.certificate.objective)
  }

  /// Filters as long as the signal have one place: that is linear training.
  @Test func wholeSignalsAreLinearTraining() throws {
    let whole = try TrainingProblem(
      design: Self.gaussian(15, 4, seed: 3), targets: Self.gaussian(15, 2, seed: 4).elements, outputs: 2,
      beta: 0.5, hasOffset: true, architecture: signals(4, filter: 4))
    let plain = try whole.replacing(architecture: Linear())
    var options = GivenPatterns.Options()
    options.gap = 1e-6
    let linear = try VectorPatternTraining(plain, options: options).train().certificate
    let certificate = try trained(whole, gap: 1e-7).certificate
    #expect(certificate.isCertified(to: 1e-7))
    #expect(certificate.lowerBound <= linear.objective)
    #expect(linear.lowerBound <= certificate.objective)
    #expect(abs(certificate.objective - linear.objective) <= 1e-4 * linear.objective)
  }

  private static let losses: [any Loss] = [
    SquaredLoss(), AbsoluteLoss(), HingeLoss(), LogisticLoss(), SoftmaxLoss(),
  ]

  /// Losses of several outputs, on signals with constant parts, repeats and zeros, whose patches are padded and overlap.
  @Test(arguments: losses.indices) func degenerateSignalsAreCertified(loss: Int) throws {
    var design = Self.gaussian(14, 5, seed: 5)
    for place in 0..<5 {
      design[0, place] = 0
      design[1, place] = 1
      design[2, place] = design[3, place]
      design[4, place] = -2 * design[3, place]
    }
    let isCoupled = Self.losses[loss].targetKind == .oneHot
    let targets = (0..<14).flatMap { i in
      (0..<3).map { $0 == i % 3 ? 1.0 : isCoupled ? 0 : -1 }
    }
    let problem = try TrainingProblem(
      design: design, targets: targets, outputs: 3, weights: (0..<14).map { Double($0 % 2 + 1) },
      loss: Self.losses[loss], beta: 0.3, hasOffset: true, architecture: signals(5, filter: 3, padding: 1))
    let outcome = try trained(problem, gap: 1e-4)
    #expect(outcome.certificate.isCertified(to: 1e-4), "\(outcome.status) \(outcome.certificate.relativeGap)")
    let naive = try naiveObjective(outcome.network, problem)
    #expect(abs(naive - outcome.certificate.objective) <= 1e-9 * naive)
    try Certifier(problem).verify(outcome.certificate, of: outcome.network)
    let assessment = try NetworkAssessment(of: outcome.network, in: problem)
    #expect(assessment.certificate.lowerBound <= naive)
  }

  /// Descent from many starts never comes below the bound, and to the optimum from some.
  @Test func descentStaysAboveTheBound() throws {
    let problem = try TrainingProblem(
      design: Self.gaussian(20, 5, seed: 6), targets: Self.gaussian(20, 2, seed: 7).elements, outputs: 2,
      beta: 0.8, hasOffset: true, architecture: signals(5, filter: 2))
    let certificate = try trained(problem, gap: 1e-7).certificate
    #expect(certificate.isCertified(to: 1e-7))
    var best = Double.infinity
    for seed in 0..<8 {
      var options = GradientTraining.Options()
      (options.width, options.seed, options.maximumEpochs) = (6, UInt64(seed), 3000)
      (options.learningRate, options.schedule) = (0.02, .cosine)
      let reached = try GradientTraining(problem, options: options).descend()
      let naive = try naiveObjective(reached.network, problem)
      #expect(naive >= certificate.lowerBound && abs(naive - reached.objective) <= 1e-9 * naive)
      best = min(best, naive)
    }
    #expect(best <= certificate.objective * (1 + 1e-4))
  }

  /// The gradient over filters, heads and offsets is that of finite differences.
  @Test(arguments: [false, true]) func agreesWithFiniteDifferences(hasOffset: Bool) throws {
    let problem = try TrainingProblem(
      design: Self.gaussian(9, 5, seed: 8), targets: (0..<9).flatMap { $0 % 2 == 0 ? [1, 0] : [0, 1.0] },
      outputs: 2, loss: SoftmaxLoss(), beta: 1, hasOffset: hasOffset, architecture: signals(5, filter: 3))
    var random = SeededGenerator(seed: 9)
    let count = 2 * (3 + 6) + (hasOffset ? 2 : 0)
    var weights = NetworkParameters(
      width: 2, units: nil, inputs: 3, outputs: 6, hasOffset: hasOffset,
      values: (0..<count).map { _ in random.nextGaussian() })
    #expect(weights.fits(problem))
    let gradient = NetworkGradient(problem, width: 2, threads: 2)
    var slopes = [Double](repeating: 0, count: count)
    _ = slopes.withUnsafeMutableBufferPointer { gradient.evaluate(weights, gradient: $0.baseAddress) }
    for place in weights.values.indices {
      let kept = weights.values[place]
      weights.values[place] = kept + 1e-5
      let above = gradient.evaluate(weights)
      weights.values[place] = kept - 1e-5
      let below = gradient.evaluate(weights)
      weights.values[place] = kept
      #expect(abs((above - below) / 2e-5 - slopes[place]) <= 1e-5 * (1 + abs(slopes[place])))
    }
  }
}
