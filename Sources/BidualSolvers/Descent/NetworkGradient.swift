import BidualLinear
import BidualModels
import BidualObjectives
import CBidualKernels

/// The training loss of a two-layer ReLU network and its gradient, over all samples or some of them,
/// in storage that is allocated once.
///
/// Samples are taken in blocks whose heights fit a processor's cache; block i belongs to lane i mod
/// `threads`, and lanes are added up in order, so that a number of threads gives one result.
final class NetworkGradient {
  private let problem: TrainingProblem
  private let width: Int
  private let inputs: Int
  private let blockRows: Int
  private let lanes: [Lane]
  /// The predictions of the last evaluation over all samples.
  private(set) var predictions: UnsafeMutableBufferPointer<Double>
  /// How the kinks of neurons and loss are rounded off; nil for the objective itself.
  var rounding: RoundedKinks?

  /// Storage for networks of one width.
  init(_ problem: TrainingProblem, width: Int, threads: Int = 1) {
    self.problem = problem
    self.width = width
    inputs = problem.design.columns
    blockRows = min(problem.design.rows, max(16, 32_768 / max(1, width)))
    let blocks = (problem.design.rows + blockRows - 1) / blockRows
    let (blockRows, inputs) = (blockRows, inputs)
    lanes = (0..<min(max(1, threads), blocks)).map { _ in
      Lane(rows: blockRows, width: width, inputs: inputs)
    }
    predictions = .allocate(capacity: problem.design.rows)
    predictions.initialize(repeating: 0)
  }

  deinit { predictions.deallocate() }

  /// The loss over all samples; its gradient overwrites `gradient`, if given.
  ///
  /// - Complexity: O(nmd).
  func evaluate(_ parameters: NetworkParameters, gradient: UnsafeMutablePointer<Double>? = nil) -> Double {
    evaluate(parameters, rows: nil, count: problem.design.rows, gradient: gradient)
  }

  /// The loss over the samples with the given indices; its gradient overwrites `gradient`.
  func evaluate(
    _ parameters: NetworkParameters, rows: UnsafeBufferPointer<Int>, gradient: UnsafeMutablePointer<Double>
  ) -> Double {
    evaluate(parameters, rows: rows.baseAddress, count: rows.count, gradient: gradient)
  }

  private func evaluate(
    _ parameters: NetworkParameters, rows: UnsafePointer<Int>?, count: Int,
    gradient: UnsafeMutablePointer<Double>?
  ) -> Double {
    precondition(
      parameters.width == width && parameters.inputs == inputs && parameters.hasOffset == problem.hasOffset)
    let used = min(lanes.count, (count + blockRows - 1) / blockRows)
    return parameters.values.withUnsafeBufferPointer { values in
      nonisolated(unsafe) let weights = values.baseAddress!
      nonisolated(unsafe) let rows = rows
      nonisolated(unsafe) let this = self
      let wantsGradient = gradient != nil
      if used == 1 {
        this.run(0, of: 1, weights, rows: rows, count: count, wantsGradient: wantsGradient)
      } else {
        _ = concurrentMap(used, threads: used) { lane, _ in
          this.run(lane, of: used, weights, rows: rows, count: count, wantsGradient: wantsGradient)
        }
      }
      if let gradient {
        gradient.update(from: lanes[0].gradient, count: values.count)
        for lane in lanes[..<used].dropFirst() {
          for k in 0..<values.count { gradient[k] += lane.gradient[k] }
        }
      }
      return lanes[..<used].reduce(0) { $0 + $1.loss }
    }
  }

  /// The blocks of one lane.
  private func run(
    _ index: Int, of used: Int, _ hidden: UnsafePointer<Double>, rows: UnsafePointer<Int>?, count: Int,
    wantsGradient: Bool
  ) {
    let lane = lanes[index]
    let output = hidden + width * inputs
    let offset = problem.hasOffset ? output[width] : 0
    lane.loss = 0
    if wantsGradient { lane.gradient.update(repeating: 0, count: width * (inputs + 1) + 1) }
    problem.design.elements.withUnsafeBufferPointer { design in
      for first in stride(from: index * blockRows, to: count, by: used * blockRows) {
        let size = min(blockRows, count - first)
        var x = design.baseAddress! + (rows == nil ? first * inputs : 0)
        if let rows {
          for i in 0..<size {
            (lane.gathered + i * inputs).update(
              from: design.baseAddress! + rows[first + i] * inputs, count: inputs)
          }
          x = UnsafePointer(lane.gathered)
        }
        BLAS.gemm(transposeB: true, m: size, n: width, k: inputs, a: x, b: hidden, c: lane.heights)
        if let rounding {
          bidual_smooth_relu_outputs(
            size, width, lane.heights, output, rounding.neurons, rounding.slopes, lane.slopes)
        } else {
          bidual_relu_outputs(size, width, lane.heights, output, lane.slopes)
        }
        for i in 0..<size { lane.slopes[i] += offset }
        if rows == nil { (predictions.baseAddress! + first).update(from: lane.slopes, count: size) }
        lane.loss += lossAndSlopes(problem.loss, lane.slopes, rows: rows, first: first, count: size)
        guard wantsGradient else { continue }
        for i in 0..<size { lane.gradient[width * (inputs + 1)] += lane.slopes[i] }
        if let rounding {
          bidual_smooth_relu_adjoint(
            size, width, lane.heights, output, rounding.neurons, rounding.slopes, lane.slopes,
            lane.gradient + width * inputs)
        } else {
          bidual_relu_adjoint(
            size, width, lane.heights, output, lane.slopes, lane.gradient + width * inputs)
        }
        BLAS.gemm(
          transposeA: true, m: width, n: inputs, k: size, a: lane.heights, b: x, beta: 1, c: lane.gradient)
      }
    }
  }

  /// Sums the losses of a block and turns its predictions into derivatives.
  private func lossAndSlopes(
    _ loss: some Loss, _ slopes: UnsafeMutablePointer<Double>, rows: UnsafePointer<Int>?, first: Int,
    count: Int
  ) -> Double {
    let curvature = rounding?.lossCurvature ?? 0
    var sum = 0.0
    problem.targets.withUnsafeBufferPointer { targets in
      problem.weights.withUnsafeBufferPointer { weights in
        for i in 0..<count {
          let row = rows?[first + i] ?? (first + i)
          let (value, slope) = loss.rounded(slopes[i], target: targets[row], curvature: curvature)
          sum += weights[row] * value
          slopes[i] = weights[row] * slope
        }
      }
    }
    return sum
  }

  /// The storage of one thread.
  private final class Lane {
    let heights: UnsafeMutablePointer<Double>
    let slopes: UnsafeMutablePointer<Double>
    let gathered: UnsafeMutablePointer<Double>
    let gradient: UnsafeMutablePointer<Double>
    var loss = 0.0

    init(rows: Int, width: Int, inputs: Int) {
      heights = .allocate(capacity: rows * width)
      slopes = .allocate(capacity: rows)
      gathered = .allocate(capacity: rows * inputs)
      gradient = .allocate(capacity: width * (inputs + 1) + 1)
    }

    deinit {
      heights.deallocate()
      slopes.deallocate()
      gathered.deallocate()
      gradient.deallocate()
    }
  }
}
