import BidualLinear
import BidualPolars

/// Finds directions with large polar values by gradients alone, many starts at once: the pricing of neurons
/// where chambers have too many facets for projections.
///
/// Each start ascends s·Σᵢ Vᵢφ(xᵢᵀu) over the unit sphere, φ a ReLU whose kink is rounded off less and less, by
/// u ← normalise((1 − τ)u + τ·normalise(g)), g the gradient; τ is halved after a step that did not rise.
struct BatchedAscent {
  private let design: Matrix
  private let threads: Int
  /// The half-widths of the kinks, in mean lengths of a row, one after the other.
  private let kinks = [0.1, 0.02, 0.004]
  /// Steps at each.
  private let steps = 12

  /// Asked now and then; starts not yet ascended from are then left out, save the first.
  private let isCancelled: @Sendable () -> Bool

  /// An ascent over the rows of `design`.
  init(_ design: Matrix, threads: Int, isCancelled: @escaping @Sendable () -> Bool = { false }) {
    self.design = design
    self.threads = threads
    self.isCancelled = isCancelled
  }

  /// The ends of the ascents from `starts` (unit rows), for both signs, largest value first.
  ///
  /// - Complexity: O(snr) a step for s starts.
  func maxima(of weights: [Double], from starts: Matrix) -> [PolarMaximizer] {
    let block = 32
    let blocks = (starts.rows + block - 1) / block
    return concurrentMap(2 * blocks, threads: threads) { index, _ -> [PolarMaximizer] in
      let first = index % blocks * block
      guard index % blocks == 0 || !isCancelled() else { return [] }
      return ascend(
        weights, from: starts.selectingRows(first..<min(first + block, starts.rows)),
        sign: index < blocks ? 1 : -1)
    }.flatMap(\.self).sorted { $0.value > $1.value }
  }

  private func ascend(_ weights: [Double], from starts: Matrix, sign: Double) -> [PolarMaximizer] {
    let (n, r, count) = (design.rows, design.columns, starts.rows)
    let size = norm(design.elements) / Double(n).squareRoot()
    var points = starts
    var trial = starts
    var heights = Matrix(rows: count, columns: n)
    var gradients = Matrix(rows: count, columns: r)
    var trialGradients = gradients
    var values = [Double](repeating: 0, count: count)
    var rates = [Double](repeating: 1, count: count)

    func evaluate(_ points: Matrix, _ gradients: inout Matrix, kink: Double) -> [Double] {
      BLAS.gemm(
        transposeB: true, m: count, n: n, k: r, a: points.elements, b: design.elements, c: &heights.elements)
      let slope = kink > 0 ? 0.5 / kink : 0
      let values = heights.elements.withUnsafeMutableBufferPointer { h in
        weights.withUnsafeBufferPointer { weights in
          (0..<count).map { p in
            let row = h.baseAddress! + p * n
            var value = 0.0
            for i in 0..<n {
              let share = kink > 0 ? min(max((row[i] + kink) * slope, 0), 1) : row[i] > 0 ? 1 : 0
              value += weights[i] * share * (row[i] + kink - kink * share)
              row[i] = weights[i] * share
            }
            return sign * value
          }
        }
      }
      BLAS.gemm(
        m: count, n: r, k: n, alpha: sign, a: heights.elements, b: design.elements, c: &gradients.elements)
      return values
    }

    for kink in kinks {
      values = evaluate(points, &gradients, kink: kink * size)
      for p in rates.indices { rates[p] = 1 }
      for _ in 0..<steps {
        for p in 0..<count {
          let length = norm(gradients.row(p))
          guard length > 0 else { continue }
          for k in 0..<r {
            trial[p, k] = (1 - rates[p]) * points[p, k] + rates[p] * gradients[p, k] / length
          }
          let scale = norm(trial.row(p))
          if scale > 0 { for k in 0..<r { trial[p, k] /= scale } }
        }
        let reached = evaluate(trial, &trialGradients, kink: kink * size)
        for p in 0..<count {
          if reached[p] > values[p] {
            values[p] = reached[p]
            for k in 0..<r {
              points[p, k] = trial[p, k]
              gradients[p, k] = trialGradients[p, k]
            }
            rates[p] = min(1, 1.5 * rates[p])
          } else {
            rates[p] *= 0.4
          }
        }
      }
    }
    let final = evaluate(points, &gradients, kink: 0)
    return (0..<count).map {
      PolarMaximizer(direction: Array(points.row($0)), sign: sign, value: final[$0])
    }
  }
}
