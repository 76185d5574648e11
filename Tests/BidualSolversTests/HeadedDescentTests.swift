import BidualCertificates
import BidualLinear
import BidualModels
import BidualObjectives
import Testing

@testable import BidualSolvers

/// Gradient methods on filters and heads of linear and circular convolutions, and what is known about networks from there.
@Suite struct HeadedDescentTests {
  static let architectures: [any Architecture] = [
    CircularConvolution(),
    LinearConvolution(
      try! Patches(
        channels: 1, image: .init(height: 1, width: 6), filter: .init(height: 1, width: 3),
        stride: .init(height: 1, width: 2), padding: .init(height: 0, width: 1))),
  ]

  private func problem(_ kind: Int, loss: any Loss = SquaredLoss(), beta: Double = 1, hasOffset: Bool = true)
    throws -> TrainingProblem
  {
    var random = SeededGenerator(seed: 31)
    let design = Matrix(rows: 30, columns: 6, elements: (0..<180).map { _ in random.nextGaussian() })
    let targets = (0..<30).map { i in
      let sum = design[i, 0] - 2 * design[i, 3] + 0.5 * random.nextGaussian() + 0.3
      return loss.targetKind == .sign ? (sum > 0 ? 1 : -1) : sum
    }
    return try TrainingProblem(
      design: design, targets: targets, weights: (0..<30).map { Double($0 % 3 + 1) }, loss: loss, beta: beta,
      hasOffset: hasOffset, architecture: Self.architectures[kind])
  }

  private func options(width: Int, epochs: Int, seed: UInt64 = 0) -> GradientTraining.Options {
    var options = GradientTraining.Options()
    (options.width, options.maximumEpochs, options.seed) = (width, epochs, seed)
    options.learningRate = 0.02
    return options
  }

  /// The gradient is that of finite differences, and predictions those of the network.
  @Test(arguments: [0, 1], [SquaredLoss(), LogisticLoss()] as [any Loss])
  func agreesWithFiniteDifferences(kind: Int, loss: any Loss) throws {
    let problem = try problem(kind, loss: loss)
    let atoms = try #require(problem.atoms as? any HeadedAtoms)
    var random = SeededGenerator(seed: 7)
    let (m, h, k) = (3, problem.neuronRows.columns, atoms.heads)
    var weights = NetworkParameters(
      width: m, units: nil, inputs: h, outputs: k, hasOffset: true,
      values: (0..<(m * (h + k) + 1)).map { _ in random.nextGaussian() })
    #expect(weights.fits(problem))
    let gradient = NetworkGradient(problem, width: m, threads: 2)
    var slopes = [Double](repeating: 0, count: weights.count)
    let value = slopes.withUnsafeMutableBufferPointer {
      gradient.evaluate(weights, gradient: $0.baseAddress)
    }
    let network = atoms.balanced(weights, on: problem.neuronRows)
    for (a, b) in zip(gradient.predictions, network.predictions(problem.design)) {
      #expect(abs(a - b) <= 1e-10 * (1 + abs(a)))
    }
    #expect(abs(value - problem.lossValue(network.predictions(problem.design))) <= 1e-9 * value)
    #expect(
      abs(weights.balancedDecay - problem.architecture.penalty(of: network)) <= 1e-9 * weights.balancedDecay)
    for place in weights.values.indices {
      let kept = weights.values[place]
      let step = 1e-5
      weights.values[place] = kept + step
      let above = gradient.evaluate(weights)
      weights.values[place] = kept - step
      let below = gradient.evaluate(weights)
      weights.values[place] = kept
      #expect(abs((above - below) / (2 * step) - slopes[place]) <= 1e-5 * (1 + abs(slopes[place])))
    }
    // Batches add up.
    var sum = [Double](repeating: 0, count: weights.count)
    for rows in [Array(0..<11), Array(11..<30)] {
      var part = sum
      rows.withUnsafeBufferPointer { rows in
        part.withUnsafeMutableBufferPointer {
          _ = gradient.evaluate(weights, rows: rows, gradient: $0.baseAddress!)
        }
      }
      for place in sum.indices { sum[place] += part[place] }
    }
    for place in sum.indices { #expect(abs(sum[place] - slopes[place]) <= 1e-9 * (1 + abs(slopes[place]))) }
  }

  /// Descent from many starts ends no lower than the bound, and near the optimum with filters enough.
  @Test(arguments: [0, 1], [false, true]) func descentStaysAboveTheBound(kind: Int, hasOffset: Bool) throws {
    let problem = try problem(kind, hasOffset: hasOffset)
    let atoms = try #require(problem.atoms as? any HeadedAtoms)
    var exact = WorkingSet.Options()
    exact.gap = 1e-7
    let solver = try #require(atoms.exactSolver(over: .adaptive, options: exact))
    let best = try solver.make(problem, nil, StopSignal())
      .train(stop: StopSignal(), checkpoints: nil, progress: { _ in })
    #expect(best.certificate.isCertified(to: 1e-7))
    var least = Double.infinity
    for seed in 0..<5 {
      let training = try GradientTraining(
        problem, options: options(width: seed == 0 ? 1 : 8, epochs: 1500, seed: UInt64(seed)))
      let outcome = training.train()
      #expect(outcome.certificate.objective >= best.certificate.lowerBound)
      #expect(outcome.certificate.scope == .global)
      #expect(
        abs(outcome.certificate.objective - problem.objective(outcome.network)) <= 1e-9
          * outcome.certificate.objective)
      if seed > 0 { least = min(least, outcome.certificate.objective) }
      let assessment = try NetworkAssessment(of: outcome.network, in: problem)
      #expect(assessment.certificate.objective == outcome.certificate.objective)
      #expect(assessment.certificate.lowerBound <= assessment.restrictedOptimum)
      #expect(assessment.restrictedOptimum <= assessment.balancedObjective)
      #expect(assessment.balancedObjective <= assessment.certificate.objective * (1 + 1e-9))
    }
    #expect(least <= best.certificate.objective * 1.001)
  }

  /// A network out of balance pays more than it need.
  @Test(arguments: [0, 1]) func balanceIsFound(kind: Int) throws {
    let problem = try problem(kind)
    let atoms = try #require(problem.atoms as? any HeadedAtoms)
    let network = try GradientTraining(problem, options: options(width: 4, epochs: 50)).descend().network
    let filters = try #require(atoms.filters(of: network))
    let skewed = TwoLayerNetwork(
      hidden: Matrix(
        rows: filters.hidden.rows, columns: filters.hidden.columns,
        elements: filters.hidden.elements.map { 3 * $0 }),
      output: filters.output.map { $0 / 3 }, outputs: filters.outputs, activation: .linear)
    let assessment = try NetworkAssessment(
      of: atoms.network(of: skewed, offsets: network.offsets), in: problem)
    #expect(
      abs(assessment.balancedObjective - problem.objective(network)) <= 1e-9 * assessment.balancedObjective)
    #expect(assessment.certificate.objective > 1.01 * assessment.balancedObjective)
    #expect(!assessment.isStationary(to: 1e-3))
  }

  @Test(arguments: [0, 1]) func runsGoOnToTheSameBytes(kind: Int) throws {
    let problem = try problem(kind)
    var options = options(width: 3, epochs: 6)
    options.batchSize = 7
    let training = try GradientTraining(problem, options: options)
    var states: [RunState] = []
    let plain = training.descend(checkpoints: Checkpoints(every: .zero) { states.append($0) })
    #expect(states.count > 6)
    for state in states {
      let resumed = training.descend(checkpoints: Checkpoints(every: .seconds(1e6), from: state) { _ in })
      #expect(resumed.network.weights == plain.network.weights)
    }
  }
}
