import BidualArrangements
import BidualCertificates
import BidualLinear
import BidualModels
import BidualObjectives
import Testing

@testable import BidualSolvers

private func options(_ gap: Double) -> WorkingSet.Options {
  var options = WorkingSet.Options()
  options.gap = gap
  return options
}

/// Networks with several outputs, trained to a proven optimum.
@Suite struct VectorTrainingTests {
  @Test(arguments: VectorGoldenCase.all) func optimumOfTheReference(golden: VectorGoldenCase) throws {
    let problem = try golden.problem()
    let outcome = try VectorTraining(problem, options: options(1e-7)).train()
    #expect(outcome.status == .solved && outcome.certificate.scope == .global)
    #expect(outcome.certificate.isCertified(to: 1e-7))
    #expect(abs(outcome.certificate.objective - golden.optimum) <= 1e-6 * golden.optimum)
    #expect(outcome.certificate.lowerBound <= golden.optimum * (1 + 1e-6))
    let objective = try naiveVectorObjective(outcome.network, problem)
    #expect(abs(objective - outcome.certificate.objective) <= 1e-10 * objective)
    try Certifier(problem).verify(outcome.certificate, of: outcome.network)
  }

  /// The local gap alone: the optimum all the same, with a certificate that holds, and no neurons from β_max on.
  @Test(arguments: VectorGoldenCase.all) private func localGapOfTheReference(golden: VectorGoldenCase) throws
  {
    let problem = try golden.problem()
    var options = options(1e-6)
    options.aim = .localGap
    let outcome = try VectorTraining(problem, options: options).train()
    #expect(outcome.status == .localGapReached && outcome.method == .local, "\(outcome.status)")
    #expect(try #require(outcome.localGap) <= 1e-6)
    let objective = try naiveVectorObjective(outcome.network, problem)
    #expect(abs(objective - golden.optimum) <= 2e-6 * golden.optimum)
    #expect(outcome.certificate.lowerBound <= golden.optimum * (1 + 1e-6))
    try Certifier(problem).verify(outcome.certificate, of: outcome.network)
    let strong = try problem.replacing(beta: problem.betaMax() * 1.01)
    let none = try VectorTraining(strong, options: options).train()
    #expect(none.status == .localGapReached && none.network.neurons == 0)
  }

  @Test func allReferenceCasesAreThere() { #expect(VectorGoldenCase.all.count == 8) }

  /// Data with the degeneracies of real ones, with and without offsets and weights: certified, and what the certificate says
  /// is so.
  @Test(arguments: TinyProblem.allCases, [false, true]) func degenerateData(
    problem kind: TinyProblem, hasOffset: Bool
  ) throws {
    let (design, first) = kind.data(seed: 5)
    let (_, second) = kind.data(seed: 6)
    var random = SeededGenerator(seed: 7)
    let weights = first.map { _ in 0.5 + random.nextUniform() }
    let problems = [
      try TrainingProblem(
        design: design, targets: first.indices.flatMap { [first[$0], second[$0 % second.count]] }, outputs: 2,
        weights: weights, beta: 0.3, hasOffset: hasOffset),
      try TrainingProblem(
        design: design, targets: first.indices.flatMap { i in (0..<3).map { $0 == i % 3 ? 1 : 0 } },
        outputs: 3, weights: weights, loss: SoftmaxLoss(), beta: 0.1, hasOffset: hasOffset),
    ]
    for problem in problems {
      let limit: Duration? = kind == .unlikeColumns ? .seconds(0.5) : nil
      let outcome = try VectorTraining(problem, options: options(1e-5)).train(
        stop: StopSignal(timeLimit: limit))
      // Columns of sizes from 1e-8 to 1e8 are more than descent can take.
      #expect(
        kind == .unlikeColumns || (outcome.status == .solved && outcome.certificate.isCertified(to: 1e-5)),
        "\(problem.loss.name): \(outcome.status), \(outcome.certificate.relativeGap)")
      let objective = try naiveVectorObjective(outcome.network, problem)
      #expect(abs(objective - outcome.certificate.objective) <= 1e-9 * max(objective, 1e-9))
      try Certifier(problem).verify(outcome.certificate, of: outcome.network)
      #expect(outcome.network.offsets.count == (hasOffset ? problem.outputs : 0))
    }
  }

  /// f₁ − f₂ is the logistic loss's prediction, and g = (1, −1)/√2 is the shortest second layer for it: softmax of two classes at
  /// β is the logistic loss at β/√2.
  @Test(arguments: [false, true]) func softmaxOfTwoClassesIsLogistic(hasOffset: Bool) throws {
    var random = SeededGenerator(seed: 31)
    let design = Matrix(rows: 30, columns: 3, elements: (0..<90).map { _ in random.nextGaussian() })
    let signs = (0..<30).map { design[$0, 0] + abs(design[$0, 1]) + random.nextGaussian() > 0.8 ? 1.0 : -1 }
    let softmax = try TrainingProblem(
      design: design, targets: signs.flatMap { $0 > 0 ? [1.0, 0] : [0.0, 1] }, outputs: 2,
      loss: SoftmaxLoss(), beta: 0.9, hasOffset: hasOffset)
    let logistic = try TrainingProblem(
      design: design, targets: signs, loss: LogisticLoss(), beta: 0.9 / 2.0.squareRoot(),
      hasOffset: hasOffset)
    let many = try VectorTraining(softmax, options: options(1e-7)).train().certificate
    let one = try ExactTraining(logistic, options: options(1e-7)).train().certificate
    #expect(many.isCertified(to: 1e-7) && one.isCertified(to: 1e-7))
    #expect(abs(many.objective - one.objective) <= 3e-7 * one.objective)
    #expect(
      abs(softmax.betaMax() - 2.0.squareRoot() * logistic.betaMax()) <= 1e-7 * softmax.betaMax() * 2)
  }

  /// A second target of zeros, a repeated target and a rotation of the targets change the optimum as they must.
  @Test func otherTargetsSameOptimum() throws {
    var random = SeededGenerator(seed: 41)
    let design = Matrix(rows: 25, columns: 3, elements: (0..<75).map { _ in random.nextGaussian() })
    let y = (0..<25).map { max(0, design[$0, 0]) - max(0, design[$0, 1]) + 0.2 * random.nextGaussian() }
    let single = try ExactTraining(
      try TrainingProblem(design: design, targets: y, beta: 0.4), options: options(1e-7)
    ).train().certificate.objective
    func optimum(_ targets: [Double], beta: Double) throws -> Double {
      let problem = try TrainingProblem(design: design, targets: targets, outputs: 2, beta: beta)
      let certificate = try VectorTraining(problem, options: options(1e-7)).train().certificate
      #expect(certificate.isCertified(to: 1e-7))
      return certificate.objective
    }
    #expect(abs(try optimum(y.flatMap { [$0, 0] }, beta: 0.4) - single) <= 3e-7 * single)
    // (y, y) is √2 times a rotated (y, 0), and so is its β.
    let twice = try optimum(y.flatMap { [$0, $0] }, beta: 0.4 * 2.0.squareRoot())
    #expect(abs(twice - 2 * single) <= 6e-7 * single)
    let z = (0..<25).map { abs(design[$0, 2]) - 0.5 * y[$0] }
    let plain = try optimum(y.indices.flatMap { [y[$0], z[$0]] }, beta: 0.4)
    let turned = try optimum(
      y.indices.flatMap { [0.6 * y[$0] - 0.8 * z[$0], 0.8 * y[$0] + 0.6 * z[$0]] }, beta: 0.4)
    #expect(abs(plain - turned) <= 3e-7 * plain)
  }

  /// The same seed gives the same bytes, and threads don't matter.
  @Test func rerunsAreTheSame() throws {
    let problem = try VectorGoldenCase.all[1].problem()
    let outcomes = try BLAS.singleThreaded {
      try [1, 1, 2].map { threads in
        var options = options(1e-6)
        options.threads = threads
        return try VectorTraining(problem, options: options).train()
      }
    }
    for outcome in outcomes.dropFirst() {
      #expect(outcome.network == outcomes[0].network && outcome.certificate == outcomes[0].certificate)
    }
  }

  /// A run that is cut short has the best network so far and a bound that holds.
  @Test func stoppedRunsAnswerHonestly() throws {
    var random = SeededGenerator(seed: 61)
    let design = Matrix(rows: 200, columns: 8, elements: (0..<1600).map { _ in random.nextGaussian() })
    let targets = (0..<200).flatMap { i in (0..<4).map { design[i, $0] * design[i, $0 + 4] } }
    let problem = try TrainingProblem(design: design, targets: targets, outputs: 4, beta: 0.5)
    let stop = StopSignal()
    stop.stop()
    let stopped = try VectorTraining(problem, options: options(1e-4)).train(stop: stop)
    #expect(stopped.status == .stoppedByCaller && stopped.network.neurons > 0)
    let short = try VectorTraining(problem, options: options(1e-9)).train(
      stop: StopSignal(timeLimit: .seconds(1)))
    #expect(short.status == .timeLimit || short.status == .solved)
    for outcome in [stopped, short] {
      let objective = try naiveVectorObjective(outcome.network, problem)
      #expect(objective < problem.referenceObjective)
      #expect(outcome.certificate.lowerBound <= objective)
    }
    #expect(short.certificate.objective < stopped.certificate.objective)
  }

  /// From β_max on there is no neuron, and just below there is one.
  @Test func zeroNetworkFromBetaMaxOn() throws {
    let problem = try VectorGoldenCase.all[0].problem()
    let betaMax = problem.betaMax()
    let above = try VectorTraining(problem.replacing(beta: betaMax * 1.0001), options: options(1e-6)).train()
    #expect(above.method == .zeroNetwork && above.status == .solved && above.network.neurons == 0)
    let below = try VectorTraining(problem.replacing(beta: betaMax * 0.99), options: options(1e-9)).train()
    #expect(below.network.neurons > 0 && below.status == .solved)
  }

  /// A network from elsewhere is measured against the optimum.
  @Test func foreignNetworksAreAssessed() throws {
    let problem = try VectorGoldenCase.all[1].problem()
    var random = SeededGenerator(seed: 71)
    let network = TwoLayerNetwork(
      hidden: Matrix(rows: 6, columns: 2, elements: (0..<12).map { _ in random.nextGaussian() }),
      output: (0..<12).map { _ in random.nextGaussian() }, outputs: 2)
    let assessment = try NetworkAssessment(of: network, in: problem, options: options(1e-6))
    let optimum = VectorGoldenCase.all[1].optimum
    #expect(!assessment.isStationary(to: 1e-3))
    #expect(assessment.balancedObjective <= assessment.certificate.objective)
    #expect(assessment.restrictedOptimum < assessment.balancedObjective)
    #expect(assessment.restrictedOptimum >= optimum * (1 - 1e-6))
    #expect(abs(assessment.certificate.lowerBound - optimum) <= 2e-6 * optimum)
    let best = try NetworkAssessment(of: assessment.best.network, in: problem, options: options(1e-6))
    #expect(best.isStationary(to: 1e-6) && best.certificate.isCertified(to: 2e-6))
  }

  /// Gradients of several outputs against differences, with kinks rounded off and not.
  @Test(arguments: [0.0, 0.3]) func gradientsAgreeWithDifferences(level: Double) throws {
    var random = SeededGenerator(seed: 81)
    for loss in [SquaredLoss() as any Loss, SoftmaxLoss(), try HuberLoss(threshold: 0.5)] {
      let design = Matrix(rows: 20, columns: 3, elements: (0..<60).map { _ in random.nextGaussian() })
      let targets = (0..<20).flatMap { i in
        loss.coupled == nil
          ? (0..<3).map { _ in random.nextGaussian() } : (0..<3).map { $0 == i % 3 ? 1.0 : 0 }
      }
      let problem = try TrainingProblem(
        design: design, targets: targets, outputs: 3, weights: (0..<20).map { _ in random.nextUniform() },
        loss: loss, beta: 0.2, hasOffset: true)
      var weights = NetworkParameters(
        TwoLayerNetwork(
          hidden: Matrix(rows: 4, columns: 3, elements: (0..<12).map { _ in random.nextGaussian() }),
          output: (0..<12).map { _ in random.nextGaussian() }, outputs: 3, offsets: [0.1, -0.2, 0.3]))
      let objective = WeightDecayObjective(problem, width: 4, threads: 2)
      objective.rounding =
        level > 0 ? RoundedKinks(problem, lengths: weights.network.hidden.rowNorms, level: level) : nil
      var gradient = [Double](repeating: 0, count: weights.count)
      _ = gradient.withUnsafeMutableBufferPointer { objective.evaluate(weights, gradient: $0.baseAddress) }
      for k in weights.values.indices {
        let step = 1e-6
        let here = weights.values[k]
        weights.values[k] = here + step
        let above = objective.evaluate(weights)
        weights.values[k] = here - step
        let below = objective.evaluate(weights)
        weights.values[k] = here
        #expect(
          abs((above - below) / (2 * step) - gradient[k]) <= 1e-6 * (1 + abs(gradient[k])), "\(loss.name)")
      }
    }
  }

  /// Gradient methods train several outputs too, and end above the proven bound.
  @Test func gradientMethodsStayAboveTheBound() throws {
    let problem = try VectorGoldenCase.all[1].problem()
    var descent = GradientTraining.Options()
    descent.width = 30
    descent.maximumEpochs = 2000
    let outcome = try GradientTraining(problem, options: descent).train()
    let objective = try naiveVectorObjective(outcome.network, problem)
    #expect(abs(objective - outcome.certificate.objective) <= 1e-9 * objective)
    #expect(outcome.certificate.objective >= VectorGoldenCase.all[1].optimum * (1 - 1e-9))
    #expect(outcome.certificate.objective <= VectorGoldenCase.all[1].optimum * 1.05)
    #expect(outcome.certificate.lowerBound <= VectorGoldenCase.all[1].optimum * (1 + 1e-6))
  }

  /// Whitened samples with one-hot targets have a closed form at any size; those with other targets only where the singular
  /// vectors that have a say are not negative; centred ones never.
  @Test func softThresholdedSVD() throws {
    var random = SeededGenerator(seed: 91)
    let features = Matrix(rows: 40, columns: 60, elements: (0..<2400).map { _ in random.nextGaussian() })
    let white = try Preprocessing(fitting: features, whiten: .zca).design(for: features)
    let oneHot = (0..<40).flatMap { i in (0..<4).map { $0 == i * i % 4 ? 1.0 : 0 } }
    let noise = (0..<160).map { _ in random.nextGaussian() }
    let positive = noise.map { 1 + 0.1 * $0 }
    let easy = try TrainingProblem(design: white, targets: oneHot, outputs: 4, beta: 0.5)
    let outcome = try SoftThresholdedSVD(easy, options: options(1e-6)).train()
    #expect(outcome.status == .solved && outcome.certificate.isCertified(to: 1e-6))
    let objective = try naiveVectorObjective(outcome.network, easy)
    #expect(abs(objective - outcome.certificate.objective) <= 1e-10 * objective)
    try Certifier(easy).verify(outcome.certificate, of: outcome.network)
    #expect(try VectorTraining(easy, options: options(1e-6)).train().method == .whitened)
    // Random targets have vectors of both signs, positive ones a first vector that is not negative.
    #expect(throws: DataError.self) {
      try SoftThresholdedSVD(TrainingProblem(design: white, targets: noise, outputs: 4, beta: 0.1))
    }
    let second = SingularValues(of: Matrix(rows: 40, columns: 4, elements: positive))!.values[1]
    let scale = white.rowNorms[0]
    let mild = try TrainingProblem(design: white, targets: positive, outputs: 4, beta: 1.01 * second * scale)
    let single = try SoftThresholdedSVD(mild, options: options(1e-6)).train()
    #expect(single.status == .solved, "\(single.certificate.objective) \(single.certificate.lowerBound)")
    #expect(single.network.neurons == 1)
    let means = (0..<60).map { k in white.column(k).reduce(0, +) / 40 }
    var centred = white
    for i in 0..<40 { for k in 0..<60 { centred[i, k] -= means[k] } }
    #expect(throws: DataError.self) {
      try SoftThresholdedSVD(TrainingProblem(design: centred, targets: oneHot, outputs: 4, beta: 0.5))
    }
  }

  /// Linear networks: the nuclear norm, whose optimum for whitened samples is the soft-thresholded SVD; and any samples.
  @Test func linearNetworks() throws {
    var random = SeededGenerator(seed: 101)
    let design = Matrix(rows: 30, columns: 4, elements: (0..<120).map { _ in random.nextGaussian() })
    let orthonormal = SingularValues(of: design)!.left
    let targets = (0..<90).map { _ in random.nextGaussian() }
    let easy = try TrainingProblem(
      design: orthonormal, targets: targets, outputs: 3, beta: 0.4, architecture: Linear())
    let outcome = try VectorPatternTraining(easy, options: patternOptions(1e-7)).train()
    #expect(outcome.status == .solved && outcome.certificate.scope == .global)
    // ½‖Y‖² − ½Σ (σ − β)₊² for the singular values σ of ZᵀY.
    let spectrum = SingularValues(
      of: orthonormal.transposedTimes(Matrix(rows: 30, columns: 3, elements: targets)))!.values
    let optimum =
      0.5 * dot(targets, targets) - 0.5 * spectrum.reduce(0) { $0 + max(0, $1 - 0.4) * max(0, $1 - 0.4) }
    #expect(abs(outcome.certificate.objective - optimum) <= 1e-7 * optimum)
    for loss in [SquaredLoss() as any Loss, SoftmaxLoss()] {
      let given =
        loss.coupled == nil ? targets : (0..<30).flatMap { i in (0..<3).map { $0 == i % 3 ? 1 : 0 } }
      for hasOffset in [false, true] {
        let problem = try TrainingProblem(
          design: design, targets: given, outputs: 3, loss: loss, beta: 0.7, hasOffset: hasOffset,
          architecture: Linear())
        let trained = try VectorPatternTraining(problem, options: patternOptions(1e-6)).train()
        #expect(trained.status == .solved && trained.certificate.isCertified(to: 1e-6), "\(loss.name)")
        try Certifier(problem).verify(trained.certificate, of: trained.network)
        #expect(trained.network.neurons <= 3 && trained.network.offsets.count == (hasOffset ? 3 : 0))
      }
    }
  }

  /// Of neurons that are more than the predictions no more than those stay, with the same predictions and no larger penalty.
  @Test func neuronsArePruned() throws {
    var random = SeededGenerator(seed: 3)
    func numbers(_ count: Int) -> [Double] { (0..<count).map { _ in random.nextGaussian() } }
    let design = Matrix(rows: 4, columns: 3, elements: numbers(12))
    let weights = NetworkParameters(
      hidden: (0..<30).map { _ in numbers(3) }, output: (0..<30).map { _ in numbers(2) }, offsets: [],
      inputs: 3, outputs: 2
    ).balanced()
    var responses = design.timesTransposed(weights.network.hidden)
    for k in responses.elements.indices { responses.elements[k] = max(0, responses.elements[k]) }
    let pruned = weights.pruned(responses)
    #expect((1...8).contains(pruned.width))
    #expect(pruned.balancedDecay <= weights.balancedDecay * (1 + 1e-12))
    for (a, b) in zip(pruned.network.predictions(design), weights.network.predictions(design)) {
      #expect(abs(a - b) <= 1e-10 * weights.balancedDecay)
    }
    let few = pruned.pruned(
      Matrix(
        rows: 4, columns: pruned.width,
        elements: design.timesTransposed(pruned.network.hidden).elements.map { max(0, $0) }))
    #expect(few.width == pruned.width)
  }

  /// Gated networks over the gates of all chambers: a relaxation, so never above the optimum of ReLU networks.
  @Test func gatedNetworks() throws {
    for golden in VectorGoldenCase.all where golden.X[0].count == 2 {
      let problem = try golden.problem()
      let tree = try Arrangement(problem.design).chambers(limit: 1000)
      let gates = Gates(vectors: Matrix((0..<tree.count).map(tree.interiorPoint)))
      let gated = try problem.replacing(architecture: Gated(gates))
      let outcome = try VectorPatternTraining(gated, options: patternOptions(1e-6)).train()
      #expect(outcome.status == .solved && outcome.certificate.scope == .restricted)
      #expect(outcome.certificate.lowerBound <= golden.optimum * (1 + 1e-9))
      try Certifier(gated).verify(outcome.certificate, of: outcome.network)
    }
  }

  private func patternOptions(_ gap: Double) -> GivenPatterns.Options {
    var options = GivenPatterns.Options()
    options.gap = gap
    return options
  }
}
