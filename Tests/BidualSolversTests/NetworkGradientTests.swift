import BidualLinear
import BidualModels
import BidualObjectives
import CBidualKernels
import Testing

@testable import BidualSolvers

@Suite struct NetworkGradientTests {
  private func network(_ width: Int, _ problem: TrainingProblem, _ random: inout SeededGenerator)
    -> NetworkParameters
  {
    let d = problem.design.columns
    return NetworkParameters(
      TwoLayerNetwork(
        hidden: Matrix(
          rows: width, columns: d, elements: (0..<(width * d)).map { _ in random.nextGaussian() }),
        output: (0..<width).map { _ in random.nextGaussian() },
        offset: problem.hasOffset ? random.nextGaussian() : nil))
  }

  /// Random data with weights, and with an offset where n is even.
  private func problem(_ n: Int, _ d: Int, loss: String = "squared", _ random: inout SeededGenerator) throws
    -> TrainingProblem
  {
    let loss = try #require(try LossRegistry.standard.loss(loss))
    let targets = (0..<n).map { _ in
      switch loss.targetKind {
      case .real: random.nextGaussian()
      case .sign: random.nextGaussian() < 0 ? -1.0 : 1
      case .count, .oneHot: Double(Int.random(in: 0..<4, using: &random))
      }
    }
    return try TrainingProblem(
      design: Matrix(rows: n, columns: d, elements: (0..<(n * d)).map { _ in random.nextGaussian() }),
      targets: targets, weights: (0..<n).map { _ in 0.5 + random.nextUniform() }, loss: loss, beta: 1,
      hasOffset: n % 2 == 0)
  }

  /// Loss over some samples and its gradient by loops over samples, neurons and features.
  private func naive(_ problem: TrainingProblem, _ weights: NetworkParameters, rows: [Int])
    -> (loss: Double, gradient: [Double])
  {
    let (network, d) = (weights.network, weights.inputs)
    var loss = 0.0
    var gradient = [Double](repeating: 0, count: weights.count)
    for i in rows {
      let heights = (0..<network.neurons).map { dot(network.hidden.row($0), problem.design.row(i)) }
      let prediction = dot(heights.map { max(0, $0) }, network.output) + (network.offset ?? 0)
      loss += problem.weights[i] * problem.loss.value(prediction, target: problem.targets[i])
      let slope = problem.weights[i] * problem.loss.derivative(prediction, target: problem.targets[i])
      if weights.hasOffset { gradient[weights.penalized] += slope }
      for j in 0..<network.neurons where heights[j] > 0 {
        for k in 0..<d { gradient[j * d + k] += slope * network.output[j] * problem.design[i, k] }
        gradient[network.neurons * d + j] += slope * heights[j]
      }
    }
    return (loss, gradient)
  }

  @Test(arguments: [(1, 1, 1), (7, 3, 1), (40, 5, 9), (300, 4, 130), (2500, 2, 40)])
  func agreesWithTheNaiveTwin(n: Int, d: Int, width: Int) throws {
    var random = SeededGenerator(seed: UInt64(n))
    let problem = try problem(n, d, &random)
    let weights = network(width, problem, &random)
    for threads in [1, 2, 3] {
      let evaluator = NetworkGradient(problem, width: width, threads: threads)
      var gradient = [Double](repeating: .nan, count: weights.count)
      let all = naive(problem, weights, rows: Array(0..<n))
      let scale = all.gradient.map(abs).max()!
      for _ in 0..<2 {
        let loss = gradient.withUnsafeMutableBufferPointer {
          evaluator.evaluate(weights, gradient: $0.baseAddress)
        }
        #expect(abs(loss - all.loss) <= 1e-12 * all.loss)
        for k in gradient.indices { #expect(abs(gradient[k] - all.gradient[k]) <= 1e-12 * scale) }
      }
      #expect(abs(evaluator.evaluate(weights) - all.loss) <= 1e-12 * all.loss)
      for (fast, slow) in zip(evaluator.predictions, weights.network.predictions(problem.design)) {
        #expect(abs(fast - slow) <= 1e-11 * (1 + abs(slow)))
      }
      let rows = (0..<max(1, n / 2)).map { _ in Int.random(in: 0..<n, using: &random) }
      let some = naive(problem, weights, rows: rows)
      let loss = rows.withUnsafeBufferPointer { rows in
        gradient.withUnsafeMutableBufferPointer {
          evaluator.evaluate(weights, rows: rows, gradient: $0.baseAddress!)
        }
      }
      #expect(abs(loss - some.loss) <= 1e-12 * some.loss)
      for k in gradient.indices { #expect(abs(gradient[k] - some.gradient[k]) <= 1e-12 * scale) }
    }
  }

  /// Central differences, of a step that crosses no kink.
  @Test(arguments: LossRegistry.standard.separableNames.filter { $0 != "interpolation" }, [0, 0.5])
  func agreesWithFiniteDifferences(loss: String, level: Double) throws {
    for seed in 1...4 as ClosedRange<UInt64> {
      var random = SeededGenerator(seed: seed)
      let problem = try problem(12, 3, loss: loss, &random)
      let weights = network(4, problem, &random)
      let heights = problem.design.timesTransposed(weights.network.hidden).elements
      let step = 1e-6
      try #require(heights.allSatisfy { abs($0) > 100 * step })
      let evaluator = NetworkGradient(problem, width: 4)
      if level > 0 {
        evaluator.rounding = RoundedKinks(
          problem, lengths: weights.network.hidden.rowNorms, level: level)
      }
      var gradient = [Double](repeating: 0, count: weights.count)
      _ = gradient.withUnsafeMutableBufferPointer { evaluator.evaluate(weights, gradient: $0.baseAddress) }
      for k in gradient.indices {
        var (up, down) = (weights, weights)
        up.values[k] += step
        down.values[k] -= step
        let slope = (evaluator.evaluate(up) - evaluator.evaluate(down)) / (2 * step)
        #expect(abs(slope - gradient[k]) <= 1e-5 * (1 + abs(gradient[k])), "\(loss), seed \(seed)")
      }
    }
  }

  /// Rounded kinks move each neuron by at most k/4 and vanish with the level.
  @Test func roundedKinksApproachTheKinks() throws {
    var random = SeededGenerator(seed: 5)
    for loss in ["squared", "absolute", "hinge"] {
      let problem = try problem(30, 3, loss: loss, &random)
      let weights = network(5, problem, &random)
      let evaluator = NetworkGradient(problem, width: 5)
      let exact = evaluator.evaluate(weights)
      let predictions = Array(evaluator.predictions)
      var errors: [Double] = []
      for level in [0.3, 0.03, 0.003] {
        let rounding = RoundedKinks(problem, lengths: weights.network.hidden.rowNorms, level: level)
        evaluator.rounding = rounding
        errors.append(abs(evaluator.evaluate(weights) - exact))
        let reach = zip(rounding.neurons, weights.network.output).reduce(0) { $0 + 0.25 * $1.0 * abs($1.1) }
        for (round, sharp) in zip(evaluator.predictions, predictions) {
          #expect(abs(round - sharp) <= reach * (1 + 1e-12) + 1e-12)
        }
      }
      #expect(errors[2] < 0.03 * errors[0] + 1e-12)
    }
  }

  @Test func kernelsAgreeWithLoops() {
    var random = SeededGenerator(seed: 2)
    for (rows, width) in [(1, 1), (3, 7), (5, 8), (4, 129)] {
      var heights = (0..<(rows * width)).map { _ in random.nextGaussian() }
      heights[0] = 0
      let output = (0..<width).map { _ in random.nextGaussian() }
      let slopes = (0..<rows).map { _ in random.nextGaussian() }
      var predictions = [Double](repeating: .nan, count: rows)
      bidual_relu_outputs_double(rows, width, heights, output, &predictions)
      var overwritten = heights
      var gradient = (0..<width).map(Double.init)
      bidual_relu_adjoint_double(rows, width, &overwritten, output, slopes, &gradient)
      for i in 0..<rows {
        let row = heights[(i * width)..<((i + 1) * width)]
        #expect(abs(predictions[i] - dot(row.map { max(0, $0) }, output)) <= 1e-13 * Double(width))
        for (j, height) in row.enumerated() {
          #expect(overwritten[i * width + j] == (height > 0 ? slopes[i] * output[j] : 0))
        }
      }
      for j in 0..<width {
        let sum = (0..<rows).reduce(0) { $0 + slopes[$1] * max(0, heights[$1 * width + j]) }
        #expect(abs(gradient[j] - Double(j) - sum) <= 1e-12 * Double(j + 1))
      }
    }
    for (rows, width) in [(1, 1), (3, 9), (6, 130)] {
      let heights = (0..<(rows * width)).map { _ in random.nextGaussian() }
      let output = (0..<width).map { _ in random.nextGaussian() }
      let weights = (0..<rows).map { _ in random.nextGaussian() }
      let kinks = (0..<width).map { _ in 0.01 + random.nextUniform() }
      let slopes = kinks.map { 0.5 / $0 }
      func smooth(_ h: Double, _ k: Double) -> (value: Double, slope: Double) {
        h <= -k ? (0, 0) : h >= k ? (h, 1) : ((h + k) * (h + k) / (4 * k), (h + k) / (2 * k))
      }
      var predictions = [Double](repeating: .nan, count: rows)
      bidual_smooth_relu_outputs_double(rows, width, heights, output, kinks, slopes, &predictions)
      var overwritten = heights
      var gradient = [Double](repeating: 1, count: width)
      bidual_smooth_relu_adjoint_double(rows, width, &overwritten, output, kinks, slopes, weights, &gradient)
      var sums = [Double](repeating: 1, count: width)
      for i in 0..<rows {
        var prediction = 0.0
        for j in 0..<width {
          let (value, slope) = smooth(heights[i * width + j], kinks[j])
          prediction += output[j] * value
          sums[j] += weights[i] * value
          #expect(abs(overwritten[i * width + j] - weights[i] * output[j] * slope) <= 1e-13)
        }
        #expect(abs(predictions[i] - prediction) <= 1e-13 * Double(width))
      }
      for j in 0..<width { #expect(abs(gradient[j] - sums[j]) <= 1e-12) }
    }
    var prediction = 0.0
    bidual_relu_outputs_double(1, 2, [.nan, 1], [1, 1], &prediction)
    #expect(prediction.isNaN)
  }
}
