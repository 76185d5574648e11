import BidualLinear
import BidualModels
import BidualObjectives
import Testing

@testable import BidualSolvers

@Suite struct DeepTrainingTests {
  private func problem(
    _ loss: any Loss = SquaredLoss(), rows: Int = 9, width: Int? = nil, beta: Double = 0.05
  )
    throws -> TrainingProblem
  {
    var random = SeededGenerator(seed: 2)
    let design = Matrix(rows: rows, columns: 3, elements: (0..<(3 * rows)).map { _ in random.nextGaussian() })
    let targets = (0..<rows).map { _ in
      loss is LogisticLoss ? (random.nextGaussian() > 0 ? 1 : -1) : random.nextGaussian()
    }
    return try TrainingProblem(
      design: design, targets: targets, weights: (0..<rows).map { 1 + 0.1 * Double($0) }, loss: loss,
      beta: beta, hasOffset: true,
      architecture: width.map { ThreeLayer(width: $0) as any Architecture } ?? TwoLayer())
  }

  private func network(depth: Int, width: Int = 3, subnetworks: Int = 4, seed: UInt64 = 3) -> DeepNetwork {
    var random = SeededGenerator(seed: seed)
    let shape = DeepShape(
      inputs: 3, depth: depth, width: width, subnetworks: subnetworks, hasOffset: true)
    return DeepNetwork(shape, weights: (0..<shape.count).map { _ in random.nextGaussian() })
  }

  private func options(_ rule: UpdateRule = .adam(), depth: Int, epochs: Int = 300, rate: Double = 0.02)
    -> DeepTraining.Options
  {
    var options = DeepTraining.Options()
    (options.rule, options.depth, options.maximumEpochs, options.learningRate) = (rule, depth, epochs, rate)
    return options
  }

  /// Gradients of loss and penalty against central differences, over all samples and over some.
  @Test(arguments: 2...5, [Array(0..<9), [7, 2, 4]]) func gradientsAreSlopes(depth: Int, rows: [Int]) throws {
    for loss in [SquaredLoss(), LogisticLoss()] as [any Loss] {
      let problem = try problem(loss)
      let evaluator = DeepGradient(problem: problem)
      var network = network(depth: depth)
      var gradient = [Double](repeating: .nan, count: network.shape.count)
      var unused = gradient
      func value(_ network: DeepNetwork) -> Double {
        evaluator.evaluate(network, rows: rows, gradient: &unused) + 0.3 * network.weightDecay
      }
      _ = evaluator.evaluate(network, rows: rows, gradient: &gradient)
      network.addDecay(0.3, to: &gradient)
      #expect(gradient.contains { abs($0) > 0.1 })
      for place in gradient.indices {
        let now = network.weights[place]
        network.weights[place] = now + 1e-6
        let above = value(network)
        network.weights[place] = now - 1e-6
        let below = value(network)
        network.weights[place] = now
        let slope = (above - below) / 2e-6
        #expect(abs(slope - gradient[place]) <= 1e-6 * (1 + abs(slope)), "\(loss.name), weight \(place)")
      }
    }
  }

  /// Two layers have the predictions and the objective of two-layer networks.
  @Test func twoLayersAreTheArchitectureOfTwo() throws {
    let (problem, deep) = (try problem(), network(depth: 2))
    let same = TwoLayerNetwork(
      hidden: Matrix((0..<4).map { Array(deep.layer(1, of: $0).row(0)) }), output: (0..<4).map(deep.head),
      offset: deep.offset)
    try expectSame(
      deep, problem, objective: problem.objective(same), predictions: same.predictions(problem.design))
  }

  /// Three layers those of three-layer networks.
  @Test func threeLayersAreTheArchitectureOfThree() throws {
    let (problem, deep) = (try problem(width: 3), network(depth: 3))
    let same = ThreeLayerNetwork(
      hidden: Matrix((0..<4).flatMap { k in (0..<3).map { Array(deep.layer(1, of: k).row($0)) } }),
      inner: (0..<4).flatMap { Array(deep.layer(2, of: $0).row(0)) }, output: (0..<4).map(deep.head),
      width: 3,
      offset: deep.offset)
    try expectSame(
      deep, problem, objective: problem.objective(same), predictions: same.predictions(problem.design))
  }

  private func expectSame(
    _ network: DeepNetwork, _ problem: TrainingProblem, objective: Double, predictions: [Double]
  ) throws {
    let own = network.predictions(problem.design)
    #expect(zip(own, predictions).allSatisfy { abs($0 - $1) <= 1e-12 * (1 + abs($1)) })
    let value = problem.lossValue(own) + problem.beta * network.weightDecay
    #expect(abs(value - objective) <= 1e-12 * objective)
  }

  /// In balance a network is as EP21 (2) has it, predicts the same and costs the least.
  @Test(arguments: 2...5) func balanceKeepsPredictions(depth: Int) throws {
    var network = network(depth: depth)
    network.weights[network.shape.head(1)] = 0
    let (balanced, design) = (network.balanced, try problem().design)
    #expect(balanced.shape.subnetworks == 3)
    #expect(
      zip(network.predictions(design), balanced.predictions(design)).allSatisfy {
        abs($0 - $1) <= 1e-12 * (1 + abs($0))
      })
    #expect(abs(balanced.weightDecay - network.balancedDecay) <= 1e-12 * network.balancedDecay)
    #expect(network.balancedDecay < network.weightDecay)
    for k in 0..<3 {
      for layer in 1..<(depth - 1) { #expect(abs(norm(balanced.layer(layer, of: k).elements) - 1) < 1e-12) }
      let last = norm(balanced.layer(depth - 1, of: k).elements)
      #expect(abs(last - abs(balanced.head(k))) <= 1e-12 * last)
    }
  }

  /// One more layer of a single unit of weight 1 changes neither predictions nor penalty: optimal values fall with depth.
  @Test(arguments: 2...4) func deeperNetworksHoldShallowerOnes(depth: Int) throws {
    let (network, design) = (network(depth: depth), try problem().design)
    let shape = DeepShape(inputs: 3, depth: depth + 1, width: 3, subnetworks: 4, hasOffset: true)
    var deeper = DeepNetwork(shape, weights: Array(repeating: 0, count: shape.count))
    for k in 0..<4 {
      for layer in 1..<depth {
        let place = shape.place(ofLayer: layer, subnetwork: k)
        for (i, weight) in network.layer(layer, of: k).elements.enumerated() {
          deeper.weights[place.lowerBound + i] = weight
        }
      }
      deeper.weights[shape.place(ofLayer: depth, subnetwork: k).lowerBound] = 1
      deeper.weights[shape.head(k)] = network.head(k)
    }
    deeper.weights[shape.count - 1] = try #require(network.offset)
    #expect(network.predictions(design) == deeper.predictions(design))
    #expect(abs(deeper.weightDecay - network.weightDecay) <= 1e-12 * network.weightDecay)
  }

  /// Two and three layers end above what is proven for them, and not far above; deeper ones better than the best constant.
  @Test(arguments: 2...5) func runsStayAboveProvenBounds(depth: Int) throws {
    let problem = try problem(rows: 6, width: depth == 2 ? nil : 2)
    var options = options(depth: depth, epochs: 1500)
    options.subnetworks = 20
    let run = try DeepTraining(problem, options: options).descend()
    #expect(run.status == .iterationLimit && run.trace.count == 1501)
    #expect(run.objective < problem.lossValue(problem.constantPredictions))
    #expect(abs(run.objective - run.trace.map(\.objective).min()!) <= 1e-9 * run.objective)
    guard depth <= 3 else { return }
    var exact = WorkingSet.Options()
    exact.gap = 1e-3
    let proven = try WorkingSet(problem, options: exact).train(stop: StopSignal(timeLimit: .seconds(20)))
    #expect(run.objective >= proven.certificate.lowerBound)
    #expect(run.objective <= 1.2 * proven.certificate.objective)
  }

  @Test(arguments: [UpdateRule.plain, .momentum(), .adam()]) func miniBatchesDescendAndRepeat(
    rule: UpdateRule
  ) throws {
    let problem = try problem()
    for depth in [2, 4] {
      var options = options(rule, depth: depth, rate: rule == .plain ? 0.05 : 0.01)
      (options.batchSize, options.seed, options.schedule) = (4, 5, .cosine)
      let run = try DeepTraining(problem, options: options).descend()
      #expect(run.objective < 0.95 * problem.lossValue(problem.constantPredictions), "\(rule), \(depth)")
      let again = try DeepTraining(problem, options: options).descend()
      #expect(run.network == again.network && run.trace.map(\.objective) == again.trace.map(\.objective))
      options.seed = 6
      #expect(try DeepTraining(problem, options: options).descend().network != run.network)
    }
  }

  @Test func runsEndWhenToldOrWithoutNumbers() throws {
    let problem = try problem()
    let stopped = try DeepTraining(problem, options: options(depth: 3)).descend(
      stop: StopSignal(timeLimit: .zero))
    #expect(stopped.status == .timeLimit && stopped.trace.count == 1)
    let wild = try DeepTraining(problem, options: options(.plain, depth: 4, rate: 1e3)).descend()
    #expect(wild.status == .diverged)
    #expect(wild.objective <= problem.lossValue(problem.constantPredictions) * (1 + 1e-12))
  }

  @Test func badOptionsAreRefused() throws {
    let problem = try problem()
    let cases: [(String, (inout DeepTraining.Options) -> Void)] = [
      ("the number of layers is 1; give at least 2", { $0.depth = 1 }),
      ("the width is 0; give at least 1", { $0.width = 0 }),
      ("the number of sub-networks is -1; give at least 1", { $0.subnetworks = -1 }),
      ("the batch size is 0; give at least 1", { $0.batchSize = 0 }),
      ("the learning rate is nan; give a positive number such as 0.01", { $0.learningRate = .nan }),
      ("a decay rate is 1.0; give a number from 0 to below 1", { $0.rule = .momentum(1) }),
    ]
    for (message, change) in cases {
      var options = DeepTraining.Options()
      change(&options)
      #expect(throws: DataError(.badSettings, message)) {
        try DeepTraining(problem, options: options)
      }
    }
  }
}
