import BidualCertificates
import BidualLinear
import BidualModels
import BidualObjectives
import BidualPolars
import Testing

@testable import BidualSolvers

/// Parallel three-layer networks with several outputs.
@Suite struct VectorSubnetworkTests {
  private func design(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix {
    var random = SeededGenerator(seed: seed)
    return Matrix(
      rows: rows, columns: columns, elements: (0..<(rows * columns)).map { _ in random.nextGaussian() })
  }

  private func problem(
    _ outputs: Int, rows: Int = 6, columns: Int = 2, width: Int = 2, loss: any Loss = SquaredLoss(),
    hasOffset: Bool = false, beta: Double = 0.2, seed: UInt64 = 1
  ) throws -> TrainingProblem {
    var random = SeededGenerator(seed: seed + 100)
    let targets = (0..<rows).flatMap { i -> [Double] in
      loss.coupled == nil
        ? (0..<outputs).map { _ in random.nextGaussian() }
        : (0..<outputs).map { $0 == i % outputs ? 1 : 0 }
    }
    return try TrainingProblem(
      design: design(rows, columns, seed: seed), targets: targets, outputs: outputs, loss: loss, beta: beta,
      hasOffset: hasOffset, architecture: ThreeLayer(width: width))
  }

  /// Directions that an unfinished search has found need not refute anything.
  @Test func proofsThatAreCutShortDecideNothing() throws {
    let problem = try problem(2)
    let outcome = try VectorSubnetworkTraining(problem, options: WorkingSet.Options()).train()
    let certifier = Certifier(problem)
    try certifier.verify(outcome.certificate, of: outcome.network)
    for nodes in [1, 3, 10] {
      #expect {
        try certifier.verify(outcome.certificate, of: outcome.network, effort: .init(nodeLimit: nodes))
      } throws: {
        ($0 as? VerificationFailure)?.isUnfinished == true
      }
    }
  }

  /// Loss and penalty of a network by loops.
  private func naiveObjective(_ network: ThreeLayerNetwork, _ problem: TrainingProblem) -> Double {
    let (m, c) = (network.width, network.outputs)
    var predictions: [Double] = []
    for i in 0..<problem.design.rows {
      var sums = network.offsets.isEmpty ? [Double](repeating: 0, count: c) : network.offsets
      for k in 0..<network.neurons {
        var input = 0.0
        for j in 0..<m {
          let height = dot(Array(problem.design.row(i)), Array(network.hidden.row(k * m + j)))
          input += network.inner[k * m + j] * max(0, height)
        }
        for o in 0..<c { sums[o] += max(0, input) * network.output[k * c + o] }
      }
      predictions += sums
    }
    var penalty = 0.0
    for k in 0..<network.neurons {
      let first = (0..<m).reduce(0) {
        $0 + dot(network.hidden.row(k * m + $1), network.hidden.row(k * m + $1))
      }
      let second = (0..<m).reduce(0) { $0 + network.inner[k * m + $1] * network.inner[k * m + $1] }
      let third = (0..<c).reduce(0) { $0 + network.output[k * c + $1] * network.output[k * c + $1] }
      penalty += 0.5 * (first * second + third)
    }
    return problem.lossValue(predictions) + problem.beta * penalty
  }

  /// Certified, with an objective that loops find again, and no Adam below the bound.
  @Test func trainingIsCertified() throws {
    for (outputs, loss, hasOffset) in [
      (2, SquaredLoss(), false), (2, SquaredLoss(), true), (2, SoftmaxLoss(), false),
      (3, SoftmaxLoss(), true),
    ] as [(Int, any Loss, Bool)] {
      let problem = try problem(outputs, loss: loss, hasOffset: hasOffset)
      var options = WorkingSet.Options()
      options.gap = 2e-3
      let outcome = try VectorSubnetworkTraining(problem, options: options).train()
      let certificate = outcome.certificate
      #expect(
        certificate.isCertified(to: 2e-3),
        "\(loss.name), \(outputs): \(certificate.relativeGap), \(outcome.status)"
      )
      let network = try #require(outcome.network as? ThreeLayerNetwork)
      let naive = naiveObjective(network, problem)
      #expect(abs(naive - certificate.objective) <= 1e-9 * (1 + naive))
      try Certifier(problem).verify(certificate, of: network)
      var descent = GradientTraining.Options()
      (descent.width, descent.maximumEpochs, descent.learningRate) = (6, 300, 0.03)
      let adam = try GradientTraining(problem, options: descent).descend()
      #expect(adam.objective >= certificate.lowerBound)
      #expect(abs(problem.objective(adam.network) - adam.objective) <= 1e-9 * adam.objective)
      #expect(adam.objective < problem.lossValue(problem.constantPredictions))
    }
  }

  /// An output without targets is not used: the optimum is that of the other.
  @Test func anIdleOutputChangesNothing() throws {
    let single = try problem(1)
    let double = try TrainingProblem(
      design: single.design, targets: single.targets.flatMap { [$0, 0] }, outputs: 2, beta: single.beta,
      architecture: ThreeLayer(width: 2))
    var options = WorkingSet.Options()
    options.gap = 1e-3
    let one = try WorkingSet(single, options: options).train()
    let two = try VectorSubnetworkTraining(double, options: options).train()
    #expect(one.certificate.isCertified(to: 1e-3) && two.certificate.isCertified(to: 1e-3))
    #expect(abs(one.certificate.objective - two.certificate.objective) <= 1.1e-3 * one.certificate.objective)
  }

  /// Local training always holds a network, however short its time, and proves nothing that is not so.
  @Test func localTrainingIsAnytime() throws {
    let problem = try problem(4, rows: 30, columns: 6, width: 4, hasOffset: true, beta: 0.5)
    var options = WorkingSet.Options()
    options.aim = .localGap
    options.maximumIterations = 5
    let constant = problem.lossValue(problem.constantPredictions)
    for time in [Duration.zero, .seconds(2)] {
      let outcome = try VectorSubnetworkTraining(problem, options: options).train(
        stop: StopSignal(timeLimit: time))
      #expect(outcome.certificate.objective <= constant * (1 + 1e-9))
      #expect(outcome.certificate.lowerBound <= outcome.certificate.objective)
    }
    let outcome = try VectorSubnetworkTraining(problem, options: options).train()
    #expect(outcome.certificate.objective < constant)
  }

  /// Gradients of loss and penalty against central differences.
  @Test func gradientsAreSlopes() throws {
    for loss in [SquaredLoss(), SoftmaxLoss()] as [any Loss] {
      let problem = try problem(3, rows: 9, columns: 4, width: 3, loss: loss, hasOffset: true)
      var random = SeededGenerator(seed: 3)
      var weights = NetworkParameters(
        width: 5, units: 3, inputs: 4, outputs: 3, hasOffset: true,
        values: (0..<(5 * (3 * 5 + 3) + 3)).map { _ in random.nextGaussian() })
      let objective = WeightDecayObjective(problem, width: 5, threads: 1)
      var gradient = [Double](repeating: 0, count: weights.count)
      gradient.withUnsafeMutableBufferPointer {
        _ = objective.evaluate(weights, gradient: $0.baseAddress)
      }
      for place in weights.values.indices {
        let now = weights.values[place]
        weights.values[place] = now + 1e-6
        let above = objective.evaluate(weights)
        weights.values[place] = now - 1e-6
        let below = objective.evaluate(weights)
        weights.values[place] = now
        let slope = (above - below) / 2e-6
        #expect(abs(slope - gradient[place]) <= 1e-5 * (1 + abs(slope)), "\(loss.name), weight \(place)")
      }
    }
  }

  /// Balancing keeps predictions and takes the penalty to its least.
  @Test func balancedWeightsPredictTheSame() throws {
    let problem = try problem(3, rows: 7, columns: 4, width: 3, hasOffset: true)
    var random = SeededGenerator(seed: 4)
    let weights = NetworkParameters(
      width: 4, units: 3, inputs: 4, outputs: 3, hasOffset: true,
      values: (0..<(4 * (3 * 5 + 3) + 3)).map { _ in random.nextGaussian() })
    let objective = WeightDecayObjective(problem, width: 4, threads: 1)
    _ = objective.evaluate(weights)
    let drawn = objective.predictions
    let balanced = weights.balanced(units: 3)
    _ = objective.evaluate(balanced)
    #expect(zip(drawn, objective.predictions).allSatisfy { abs($0 - $1) < 1e-10 })
    #expect(abs(balanced.decay - weights.balancedDecay) < 1e-10 * balanced.decay)
    let network = weights.threeLayerNetwork(units: 3, in: RowSpace(unreduced: problem.design))
    #expect(zip(drawn, network.predictions(problem.design)).allSatisfy { abs($0 - $1) < 1e-10 })
    #expect(abs(network.weightDecay - balanced.decay) < 1e-10 * balanced.decay)
    #expect(abs(problem.objective(network) - naiveObjective(network, problem)) < 1e-10)
  }

  /// A residual connection around the second layer is a special case (EP21, Remark 1): the pair of units u and −u with
  /// weights 1 and −1 passes uᵀx on.
  @Test func residualConnectionsAreSubnetworks() {
    let (design, random) = (design(20, 3, seed: 8), design(4, 3, seed: 9))
    let (first, skip) = ((0..<3).map { Array(random.row($0)) }, Array(random.row(3)))
    let alpha = [0.7, -1.1, 0.4]
    let network = ThreeLayerNetwork(
      hidden: Matrix(first + [skip, skip.map { -$0 }]), inner: alpha + [1, -1], output: [1.5, -0.5], width: 5,
      outputs: 2, offsets: [])
    let predictions = network.predictions(design)
    for i in 0..<design.rows {
      let x = Array(design.row(i))
      let inner = zip(first, alpha).reduce(dot(skip, x)) { $0 + $1.1 * max(0, dot($1.0, x)) }
      #expect(abs(predictions[2 * i] - 1.5 * max(0, inner)) < 1e-12)
      #expect(abs(predictions[2 * i + 1] + 0.5 * max(0, inner)) < 1e-12)
    }
  }
}
