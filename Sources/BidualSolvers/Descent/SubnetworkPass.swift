import BidualLinear
import BidualModels

/// Passes over the samples of a problem for parallel three-layer networks, whose weights are laid out as in
/// `NetworkParameters`.
final class SubnetworkPass: BlockPass {
  private let problem: TrainingProblem
  /// The number K of sub-networks, and of each its m₁ units.
  private let width: Int
  private let units: Int
  let threads: Int
  let blockRows: Int
  private var rounding: RoundedKinks?

  /// A pass for networks of one shape.
  init(_ problem: TrainingProblem, width: Int, units: Int, threads: Int) {
    self.problem = problem
    self.width = width
    self.units = units
    self.threads = max(1, threads)
    blockRows = min(problem.design.rows, max(16, 32_768 / max(1, width * units + problem.outputs)))
  }

  func setRounding(_ rounding: RoundedKinks?) { self.rounding = rounding }

  func block(
    _ rows: [Int], _ weights: [Double], predictions: UnsafeMutablePointer<Double>?, wantsGradient: Bool
  ) -> (loss: Double, gradient: [Double]) {
    let (k, m, d, c, size) = (width, units, problem.design.columns, problem.outputs, rows.count)
    let (innerStart, outputStart) = (k * m * d, k * m * (d + 1))
    let penalized = outputStart + k * c
    let x = problem.design.gathered(rows)
    var heights = [Double](repeating: 0, count: size * k * m)
    var rectified = heights
    var inputs = [Double](repeating: 0, count: size * k)
    var activations = inputs
    var slopes = Array(
      repeatElement(
        problem.hasOffset ? Array(weights[penalized...]) : Array(repeating: 0, count: c), count: size
      ).joined())
    var gradient: [Double] = []
    var loss = 0.0
    weights.withUnsafeBufferPointer { weights in
      x.withUnsafeBufferPointer { x in
        guard let hidden = weights.baseAddress, let x = x.baseAddress else { return }
        let (inner, output) = (hidden + innerStart, hidden + outputStart)
        let kinks = rounding?.neurons
        let innerKinks = kinks.map { kinks in
          (0..<k).map { s in (0..<m).reduce(1e-150) { $0 + abs(inner[s * m + $1]) * kinks[s * m + $1] } }
        }
        BLAS.gemm(transposeB: true, m: size, n: k * m, k: d, a: x, b: hidden, c: &heights)
        Self.rectify(&heights, &rectified, kinks: kinks)
        for i in 0..<size {
          for s in 0..<k { inputs[i * k + s] = dot(rectified, (i * k + s) * m, inner + s * m) }
        }
        Self.rectify(&inputs, &activations, kinks: innerKinks)
        BLAS.gemm(m: size, n: c, k: k, a: activations, b: output, beta: 1, c: &slopes)
        if let predictions, let first = rows.first {
          (predictions + first * c).update(from: slopes, count: size * c)
        }
        loss = RowSlopes(problem: problem, curvature: rounding?.lossCurvature ?? 0)
          .replace(&slopes, of: rows)
        guard wantsGradient else { return }
        gradient = Array(repeating: 0, count: weights.count)
        gradient.withUnsafeMutableBufferPointer { gradient in
          guard let start = gradient.baseAddress else { return }
          BLAS.gemm(
            transposeA: true, m: k, n: c, k: size, a: activations, b: slopes, c: start + outputStart)
          // What a sample's second-layer inputs are worth, and from there its heights.
          BLAS.gemm(transposeB: true, m: size, n: k, k: c, a: slopes, b: output, c: &activations)
          for place in inputs.indices {
            let worth = inputs[place] * activations[place]
            let s = place % k
            // A rounded kink of half-width w moves with the weights a that w is made of, by share·(1 − share).
            let bend = kinks == nil ? 0 : activations[place] * inputs[place] * (1 - inputs[place])
            for j in 0..<m {
              start[innerStart + s * m + j] += worth * rectified[place * m + j]
              if let kinks, bend != 0 {
                start[innerStart + s * m + j] += (inner[s * m + j] < 0 ? -bend : bend) * kinks[s * m + j]
              }
              heights[place * m + j] *= worth * inner[s * m + j]
            }
          }
          BLAS.gemm(transposeA: true, m: k * m, n: d, k: size, a: heights, b: x, c: start)
          for place in 0..<(problem.hasOffset ? size * c : 0) {
            start[penalized + place % c] += slopes[place]
          }
        }
      }
    }
    return (loss, gradient)
  }

  private func dot(_ numbers: [Double], _ first: Int, _ weights: UnsafePointer<Double>) -> Double {
    var sum = 0.0
    for j in 0..<units { sum += numbers[first + j] * weights[j] }
    return sum
  }

  /// Turns inputs into the ReLU's derivatives and writes its values down; kinks, one a column, are rounded off.
  private static func rectify(_ inputs: inout [Double], _ values: inout [Double], kinks: [Double]?) {
    guard let kinks else {
      for i in inputs.indices {
        let input = inputs[i]
        // Written so that an input that is not a number stays one.
        values[i] = input <= 0 ? 0 : input
        inputs[i] = input > 0 ? 1 : 0
      }
      return
    }
    for i in inputs.indices {
      let (kink, input) = (kinks[i % kinks.count], inputs[i])
      let share = min(max((input + kink) * (0.5 / kink), 0), 1)
      values[i] = share * (input + kink - kink * share)
      inputs[i] = share
    }
  }
}
