import BidualLinear
import BidualModels
import BidualObjectives
import Testing

@testable import BidualSolvers

@Suite struct SubnetworkDescentTests {
  private func problem(_ loss: any Loss = SquaredLoss(), rows: Int = 12, width: Int = 3) throws
    -> TrainingProblem
  {
    var random = SeededGenerator(seed: 2)
    return try TrainingProblem(
      design: Matrix(rows: rows, columns: 4, elements: (0..<(4 * rows)).map { _ in random.nextGaussian() }),
      targets: (0..<rows).map { _ in
        loss is LogisticLoss ? (random.nextGaussian() > 0 ? 1 : -1) : random.nextGaussian()
      },
      weights: (0..<rows).map { 1 + 0.1 * Double($0) }, loss: loss, beta: 0.05, hasOffset: true,
      architecture: ThreeLayer(width: width))
  }

  private func weights(_ problem: TrainingProblem, subnetworks: Int, units: Int) -> NetworkParameters {
    var random = SeededGenerator(seed: 3)
    let d = problem.design.columns
    let count = subnetworks * (units * (d + 1) + 1) + 1
    return NetworkParameters(
      width: subnetworks, units: units, inputs: d, outputs: 1, hasOffset: true,
      values: (0..<count).map { _ in random.nextGaussian() })
  }

  /// A network without neurons has offsets to descend along.
  @Test(arguments: [1, 2], [nil, 2]) func offsetsAloneDescend(outputs: Int, units: Int?) throws {
    let problem = try TrainingProblem(
      design: Matrix([[1, 2], [3, -4], [0.5, 1]]), targets: Array([1, 3, 2, -2, 4, 1].prefix(3 * outputs)),
      outputs: outputs, beta: 0.1, hasOffset: true,
      architecture: units.map { ThreeLayer(width: $0) } ?? TwoLayer() as any Architecture)
    let start = NetworkParameters(
      width: 0, units: units, inputs: 2, outputs: outputs, hasOffset: true,
      values: Array(repeating: 0, count: outputs))
    let offsets = VectorDescent(problem: problem).descended(from: start).offsets
    for (offset, mean) in zip(offsets, outputs == 1 ? [2] : [7.0 / 3, 2.0 / 3]) {
      #expect(abs(offset - mean) < 1e-3)
    }
  }

  /// Gradients of loss and penalty against central differences.
  @Test(arguments: [false, true], [1, 2]) func gradientsAreSlopes(isRounded: Bool, threads: Int) throws {
    for loss in [SquaredLoss(), LogisticLoss()] as [any Loss] {
      let problem = try problem(loss)
      var weights = weights(problem, subnetworks: 5, units: 3)
      let evaluator = NetworkGradient(problem, width: 5, threads: threads)
      if isRounded {
        evaluator.rounding = RoundedKinks(problem, lengths: weights.hiddenLengths, level: 0.1)
      }
      var gradient = [Double](repeating: 0, count: weights.count)
      var unused = gradient
      func value(_ weights: NetworkParameters) -> Double {
        evaluator.evaluate(weights)
          + unused.withUnsafeMutableBufferPointer { weights.addDecay(problem.beta, to: $0.baseAddress!) }
      }
      gradient.withUnsafeMutableBufferPointer {
        _ = evaluator.evaluate(weights, gradient: $0.baseAddress)
        _ = weights.addDecay(problem.beta, to: $0.baseAddress!)
      }
      for place in 0..<weights.count {
        let now = weights.values[place]
        weights.values[place] = now + 1e-6
        let above = value(weights)
        weights.values[place] = now - 1e-6
        let below = value(weights)
        weights.values[place] = now
        let slope = (above - below) / 2e-6
        #expect(abs(slope - gradient[place]) <= 1e-6 * (1 + abs(slope)), "\(loss.name), weight \(place)")
      }
    }
  }

  /// Parts become weights of the same predictions and penalty, and weights parts.
  @Test func partsAndWeightsAgree() throws {
    let problem = try problem()
    let atoms = try #require(problem.atoms as? SubnetworkAtoms)
    let drawn = weights(problem, subnetworks: 6, units: 3)
    let parts = atoms.parts(of: drawn)
    let evaluator = NetworkGradient(problem, width: 6)
    _ = evaluator.evaluate(drawn)
    let predictions = atoms.network(of: parts, offset: drawn.offsets[0]).predictions(problem.design)
    #expect(zip(predictions, evaluator.predictions).allSatisfy { abs($0 - $1) < 1e-10 })
    let penalty = parts.reduce(0) { $0 + atoms.length(of: $1.vector) }
    #expect(penalty <= drawn.balancedDecay * (1 + 1e-12))
    let again = atoms.parameters(of: parts, offsets: drawn.offsets)
    let second = NetworkGradient(problem, width: parts.count)
    _ = second.evaluate(again)
    // Units that are zero begin with a small share.
    let size = predictions.map(abs).max()!
    #expect(zip(predictions, second.predictions).allSatisfy { abs($0 - $1) < 0.1 * size })
  }

  /// Baselines run, are the same again, and never end below what is proven.
  @Test func gradientMethodsStayAboveTheBound() throws {
    let problem = try problem(rows: 6, width: 2)
    var options = GradientTraining.Options()
    options.width = 8
    options.learningRate = 0.02
    options.maximumEpochs = 400
    let first = try BLAS.singleThreaded { () throws(DataError) in
      try GradientTraining(problem, options: options).descend()
    }
    let second = try BLAS.singleThreaded { () throws(DataError) in
      try GradientTraining(problem, options: options).descend()
    }
    #expect(first.network == second.network)
    #expect(abs(problem.objective(first.network) - first.objective) <= 1e-9 * first.objective)
    #expect(first.objective < problem.lossValue(problem.constantPredictions))
    var exact = WorkingSet.Options()
    exact.gap = 1e-3
    let proven = try WorkingSet(problem, options: exact).train(stop: StopSignal(timeLimit: .seconds(20)))
    #expect(first.objective >= proven.certificate.lowerBound)
    #expect(proven.certificate.objective <= first.objective * (1 + 1e-3))
  }
}
