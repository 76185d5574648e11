import BidualLinear

/// Passes over samples for parallel three-layer networks, whose weights are laid out as in
/// `NetworkParameters`.
final class SubnetworkPass: BlockPass {
  private let samples: PassSamples
  /// The number K of sub-networks, and of each its m₁ units.
  private let width: Int
  private let units: Int
  let threads: Int
  let blockRows: Int
  private let spares: [SpareArrays]
  private var rounding: RoundedKinks?

  /// A pass for networks of one shape.
  init(_ samples: PassSamples, width: Int, units: Int, threads: Int) {
    self.samples = samples
    self.width = width
    self.units = units
    self.threads = max(1, threads)
    spares = (0..<max(1, threads)).map { _ in SpareArrays() }
    // Few rows leave the products waiting for the weights, which no cache holds where sub-networks are many and wide.
    blockRows = min(samples.count, max(128, 32_768 / max(1, width * units + samples.outputs)))
  }

  func setRounding(_ rounding: RoundedKinks?) { self.rounding = rounding }

  func block(
    _ rows: [Int], _ weights: [Double], lane: Int, predictions: UnsafeMutablePointer<Double>?,
    wantsGradient: Bool
  ) -> (loss: Double, gradient: [Double]) {
    let (k, m, d, c, size) = (width, units, samples.rows.columns, samples.outputs, rows.count)
    let (innerStart, outputStart) = (k * m * d, k * m * (d + 1))
    let penalized = outputStart + k * c
    let x = samples.rows.gathered(rows)
    let spare = spares[lane]
    var (heights, rectified) = (spare.take(size * k * m), spare.take(size * k * m))
    var (inputs, activations) = (spare.take(size * k), spare.take(size * k))
    defer { for array in [heights, rectified, inputs, activations] { spare.give(array) } }
    var slopes = Array(
      repeatElement(
        samples.hasOffset ? Array(weights[penalized...]) : Array(repeating: 0, count: c), count: size
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
        sums(rectified, inner, into: &inputs)
        Self.rectify(&inputs, &activations, kinks: innerKinks)
        BLAS.gemm(m: size, n: c, k: k, a: activations, b: output, beta: 1, c: &slopes)
        if let predictions, let first = rows.first {
          (predictions + first * c).update(from: slopes, count: size * c)
        }
        loss = RowSlopes(samples, curvature: rounding?.lossCurvature ?? 0)
          .replace(&slopes, of: rows)
        guard wantsGradient else { return }
        gradient = Array(repeating: 0, count: weights.count)
        gradient.withUnsafeMutableBufferPointer { gradient in
          guard let start = gradient.baseAddress else { return }
          BLAS.gemm(
            transposeA: true, m: k, n: c, k: size, a: activations, b: slopes, c: start + outputStart)
          // What a sample's second-layer inputs are worth, and from there its heights.
          BLAS.gemm(transposeB: true, m: size, n: k, k: c, a: slopes, b: output, c: &activations)
          bend(
            &heights, rectified, inputs: inputs, worths: activations, inner: inner, kinks: kinks,
            into: start + innerStart)
          BLAS.gemm(transposeA: true, m: k * m, n: d, k: size, a: heights, b: x, c: start)
          for place in 0..<(samples.hasOffset ? size * c : 0) {
            start[penalized + place % c] += slopes[place]
          }
        }
      }
    }
    return (loss, gradient)
  }

  /// Σⱼ aⱼhⱼ for the heights h of each sub-network of a sample.
  private func sums(_ rectified: [Double], _ inner: UnsafePointer<Double>, into inputs: inout [Double]) {
    rectified.withUnsafeBufferPointer { rectified in
      for place in inputs.indices {
        let (first, weights) = (place * units, place % width * units)
        var sum = 0.0
        for j in 0..<units { sum += rectified[first + j] * inner[weights + j] }
        inputs[place] = sum
      }
    }
  }

  /// Adds the gradient of the second layer's weights, and turns the derivatives of heights into what heights are worth.
  ///
  /// - Parameters:
  ///   - inputs: the derivatives of the second layer's ReLUs.
  ///   - worths: what a sub-network's response to a sample is worth.
  private func bend(
    _ heights: inout [Double], _ rectified: [Double], inputs: [Double], worths: [Double],
    inner: UnsafePointer<Double>, kinks: [Double]?, into gradient: UnsafeMutablePointer<Double>
  ) {
    heights.withUnsafeMutableBufferPointer { heights in
      rectified.withUnsafeBufferPointer { rectified in
        for place in inputs.indices {
          let (first, weights) = (place * units, place % width * units)
          let worth = inputs[place] * worths[place]
          for j in 0..<units {
            gradient[weights + j] += worth * rectified[first + j]
            heights[first + j] *= worth * inner[weights + j]
          }
          // A rounded kink of half-width w moves with the weights a that w is made of, by share·(1 − share).
          guard let kinks, inputs[place] > 0, inputs[place] < 1 else { continue }
          let bend = worth * (1 - inputs[place])
          for j in 0..<units {
            gradient[weights + j] += (inner[weights + j] < 0 ? -bend : bend) * kinks[weights + j]
          }
        }
      }
    }
  }

  /// Turns inputs into the ReLU's derivatives and writes its values down; kinks, one a column, are rounded off.
  private static func rectify(_ inputs: inout [Double], _ values: inout [Double], kinks: [Double]?) {
    inputs.withUnsafeMutableBufferPointer { inputs in
      values.withUnsafeMutableBufferPointer { values in
        guard let kinks else {
          for i in inputs.indices {
            let input = inputs[i]
            // Written so that an input that is not a number stays one.
            values[i] = input <= 0 ? 0 : input
            inputs[i] = input > 0 ? 1 : 0
          }
          return
        }
        let halves = kinks.map { 0.5 / $0 }
        kinks.withUnsafeBufferPointer { kinks in
          halves.withUnsafeBufferPointer { halves in
            // A network of offsets alone has no columns.
            for first in stride(from: 0, to: inputs.count, by: max(1, kinks.count)) {
              for j in kinks.indices {
                let (kink, input) = (kinks[j], inputs[first + j])
                let share = min(max((input + kink) * halves[j], 0), 1)
                values[first + j] = share * (input + kink - kink * share)
                inputs[first + j] = share
              }
            }
          }
        }
      }
    }
  }
}
