import BidualLinear
import BidualModels
import CBidualKernels
import Testing

@testable import BidualSolvers

@Suite struct NetworkGradientTests {
  private func network(_ width: Int, _ inputs: Int, _ random: inout SeededGenerator) -> NetworkParameters {
    NetworkParameters(
      ReLUNetwork(
        hidden: Matrix(
          rows: width, columns: inputs, elements: (0..<(width * inputs)).map { _ in random.nextGaussian() }),
        output: (0..<width).map { _ in random.nextGaussian() }))
  }

  private func problem(_ n: Int, _ d: Int, _ random: inout SeededGenerator) throws -> TrainingProblem {
    try TrainingProblem(
      design: Matrix(rows: n, columns: d, elements: (0..<(n * d)).map { _ in random.nextGaussian() }),
      targets: (0..<n).map { _ in random.nextGaussian() }, beta: 1)
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
      let prediction = dot(heights.map { max(0, $0) }, network.output)
      loss += problem.loss.value(prediction, target: problem.targets[i])
      let slope = problem.loss.derivative(prediction, target: problem.targets[i])
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
    let weights = network(width, d, &random)
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
  @Test(arguments: 1...5) func agreesWithFiniteDifferences(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let problem = try problem(12, 3, &random)
    let weights = network(4, 3, &random)
    let heights = problem.design.timesTransposed(weights.network.hidden).elements
    let step = 1e-6
    try #require(heights.allSatisfy { abs($0) > 100 * step })
    let evaluator = NetworkGradient(problem, width: 4)
    var gradient = [Double](repeating: 0, count: weights.count)
    _ = gradient.withUnsafeMutableBufferPointer { evaluator.evaluate(weights, gradient: $0.baseAddress) }
    for k in gradient.indices {
      var (up, down) = (weights, weights)
      up.values[k] += step
      down.values[k] -= step
      let slope = (evaluator.evaluate(up) - evaluator.evaluate(down)) / (2 * step)
      #expect(abs(slope - gradient[k]) <= 1e-6 * (1 + abs(gradient[k])))
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
      bidual_relu_outputs(rows, width, heights, output, &predictions)
      var overwritten = heights
      var gradient = (0..<width).map(Double.init)
      bidual_relu_adjoint(rows, width, &overwritten, output, slopes, &gradient)
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
    var prediction = 0.0
    bidual_relu_outputs(1, 2, [.nan, 1], [1, 1], &prediction)
    #expect(prediction.isNaN)
  }
}
