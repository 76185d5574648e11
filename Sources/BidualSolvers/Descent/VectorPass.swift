import BidualArrangements
import BidualLinear

/// Passes over samples with several outputs, or with several rows a sample over which neurons are pooled.
final class VectorPass: BlockPass {
  private let samples: PassSamples
  private let width: Int
  let threads: Int
  let blockRows: Int
  private let patterns: PatternSet?
  private let spares: [SpareArrays]
  /// Whether a neuron sees the rows of one place alone.
  private let isPlaced: Bool
  private var rounding: RoundedKinks?

  /// A pass for networks of one width, whose neurons are ReLUs or linear on a pattern each.
  init(
    _ samples: PassSamples, width: Int, patterns: PatternSet? = nil, isPlaced: Bool = false, threads: Int
  ) {
    precondition(patterns.map { $0.count == width } ?? true, "a pattern a neuron")
    self.samples = samples
    self.width = width
    self.patterns = patterns
    self.threads = max(1, threads)
    self.isPlaced = isPlaced
    spares = (0..<max(1, threads)).map { _ in SpareArrays() }
    let pooling = samples.pooling
    let least = (127 + pooling.rows) / pooling.rows
    blockRows = min(
      samples.count, max(least, 32_768 / max(1, width * pooling.rows + samples.outputs)))
  }

  func setRounding(_ rounding: RoundedKinks?) { self.rounding = rounding }

  func block(
    _ rows: [Int], _ weights: [Double], lane: Int, predictions: UnsafeMutablePointer<Double>?,
    wantsGradient: Bool
  ) -> (loss: Double, gradient: [Double]) {
    let (m, d, c, size) = (width, samples.rows.columns, samples.outputs, rows.count)
    let pooling = samples.pooling
    let penalized = m * (d + c)
    let places =
      pooling.rows == 1 ? rows : rows.flatMap { ($0 * pooling.rows)..<(($0 + 1) * pooling.rows) }
    let x = samples.rows.gathered(places)
    let spare = spares[lane]
    var (heights, rectified) = (spare.take(places.count * m), spare.take(places.count * m))
    defer { for array in [heights, rectified] { spare.give(array) } }
    var slopes = Array(
      repeatElement(
        samples.hasOffset ? Array(weights[penalized...]) : Array(repeating: 0, count: c), count: size
      ).joined())
    var sums: (loss: Double, gradient: [Double]) = (0, [])
    weights.withUnsafeBufferPointer { weights in
      x.withUnsafeBufferPointer { x in
        guard let hidden = weights.baseAddress, let x = x.baseAddress else { return }
        let output = hidden + m * d
        BLAS.gemm(transposeB: true, m: places.count, n: m, k: d, a: x, b: hidden, c: &heights)
        if let patterns {
          mask(&heights, &rectified, places, patterns)
        } else {
          rectify(&heights, &rectified)
        }
        if isPlaced { keepOwnPlaces(&heights, &rectified) }
        var pooled = pooling.pooled(rectified, width: m)
        BLAS.gemm(m: size, n: c, k: m, a: pooled, b: output, beta: 1, c: &slopes)
        if let predictions, let first = rows.first {
          (predictions + first * c).update(from: slopes, count: size * c)
        }
        sums.loss = RowSlopes(samples, curvature: rounding?.lossCurvature ?? 0)
          .replace(&slopes, of: rows)
        guard wantsGradient else { return }
        sums.gradient = Array(repeating: 0, count: weights.count)
        sums.gradient.withUnsafeMutableBufferPointer { gradient in
          guard let start = gradient.baseAddress else { return }
          BLAS.gemm(transposeA: true, m: m, n: c, k: size, a: pooled, b: slopes, c: start + m * d)
          BLAS.gemm(transposeB: true, m: size, n: m, k: c, a: slopes, b: output, c: &pooled)
          let worth = pooling.spread(pooled, width: m)
          for i in heights.indices { heights[i] *= worth[i] }
          BLAS.gemm(transposeA: true, m: m, n: d, k: places.count, a: heights, b: x, c: start)
          for k in 0..<(samples.hasOffset ? size * c : 0) { start[penalized + k % c] += slopes[k] }
        }
      }
    }
    return sums
  }

  /// Turns heights into the derivatives of neurons with patterns, and writes their values down.
  private func mask(
    _ heights: inout [Double], _ responses: inout [Double], _ rows: [Int], _ patterns: PatternSet
  ) {
    heights.withUnsafeMutableBufferPointer { heights in
      responses.withUnsafeMutableBufferPointer { responses in
        for (i, row) in rows.enumerated() {
          for (j, place) in (i * width..<(i + 1) * width).enumerated() {
            let isActive = patterns.isActive(pattern: j, sample: row)
            responses[place] = isActive ? heights[place] : 0
            heights[place] = isActive ? 1 : 0
          }
        }
      }
    }
  }

  /// Drops what neurons make of rows at other places than their own.
  private func keepOwnPlaces(_ derivatives: inout [Double], _ responses: inout [Double]) {
    for first in stride(from: 0, to: responses.count, by: max(1, width)) {
      let place = first / width % samples.pooling.rows
      for j in 0..<width where j % samples.pooling.rows != place {
        (derivatives[first + j], responses[first + j]) = (0, 0)
      }
    }
  }

  /// Turns heights into the ReLU's derivatives and writes its values down.
  private func rectify(_ heights: inout [Double], _ rectified: inout [Double]) {
    heights.withUnsafeMutableBufferPointer { heights in
      rectified.withUnsafeMutableBufferPointer { rectified in
        guard let rounding else {
          for i in heights.indices {
            let height = heights[i]
            // Written so that a height that is not a number stays one.
            rectified[i] = height <= 0 ? 0 : height
            heights[i] = height > 0 ? 1 : 0
          }
          return
        }
        // A network of offsets alone has no neurons.
        for first in stride(from: 0, to: heights.count, by: max(1, width)) {
          for j in 0..<width {
            let (kink, height) = (rounding.neurons[j], heights[first + j])
            let share = min(max((height + kink) * rounding.slopes[j], 0), 1)
            rectified[first + j] = share * (height + kink - kink * share)
            heights[first + j] = share
          }
        }
      }
    }
  }
}
