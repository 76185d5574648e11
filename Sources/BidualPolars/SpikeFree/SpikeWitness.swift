import BidualLinear

/// A proof that a design is not spike-free: an atom (Xu)₊, ‖u‖ ≤ 1, that weights c separate from X·ball,
///
///     cᵀ(Xu)₊ > ‖u‖·‖Xᵀc‖,
///
/// where the right side is ‖u‖ times the largest value of cᵀXu′ over the unit ball.
package struct SpikeWitness: Sendable, Equatable {
  /// u, in the design's features.
  package let direction: [Double]
  /// c, one a sample.
  package let weights: [Double]
  /// A lower bound of cᵀ(Xu)₊/(‖u‖‖Xᵀc‖), more than 1: the unit ball must be stretched by at least this
  /// for X·ball to hold the atom.
  package let excess: Double

  /// The witness, if it proves what it should in real arithmetic; else nil.
  ///
  /// - Complexity: O(nd).
  package init?(direction: [Double], weights: [Double], design: Matrix) {
    precondition(direction.count == design.columns && weights.count == design.rows)
    let heights = design.times(direction)
    let gradient = design.transposedTimes(weights)
    var value = 0.0
    var magnitude = 0.0
    for i in weights.indices {
      value += weights[i] * max(0, heights[i])
      magnitude += abs(weights[i]) * norm(design.row(i))
    }
    // Rounding of either side: sums of d, n and n terms (Guides/certificate.md).
    let length = norm(direction)
    magnitude *= length
    let rounding = 4 * Double(design.rows + design.columns + 8) * 0x1p-53 * magnitude + 0x1p-500
    let right = length * norm(gradient) + rounding
    let excess = (value - rounding) / right * (1 - 0x1p-50)
    guard excess > 1, excess.isFinite else { return nil }
    self.direction = direction
    self.weights = weights
    self.excess = excess
  }
}

extension SpikeWitness {
  /// A witness for rows that are negative multiples of one another: x and −ax, of which every u with
  /// xᵀu ≠ 0 activates one.
  init?(opposed: (Int, Int), of design: Matrix) {
    let (i, j) = opposed
    var weights = [Double](repeating: 0, count: design.rows)
    weights[i] = 1 / norm(design.row(i))
    weights[j] = 1 / norm(design.row(j))
    self.init(direction: Array(design.row(i)).normalized, weights: weights, design: design)
  }

  /// A witness from a positive off-diagonal entry of G = (YYᵀ)⁻¹, the largest by
  /// Gᵢⱼ/√(GᵢᵢGⱼⱼ) = r: the point t = eᵢ − (Gᵢⱼ/Gⱼⱼ)eⱼ has t₊ᵀGt₊ = tᵀGt/(1 − r²).
  init?(_ rays: Rays, _ enclosure: GramInverse, of design: Matrix) {
    let inverse = enclosure.inverse
    var pair: (i: Int, j: Int)?
    var largest = 0.0
    for i in 0..<inverse.rows {
      for j in 0..<i {
        let ratio = inverse[i, j] / (inverse[i, i] * inverse[j, j]).squareRoot()
        if ratio > largest {
          largest = ratio
          pair = (i, j)
        }
      }
    }
    guard let pair else { return nil }
    let share = inverse[pair.i, pair.j] / inverse[pair.j, pair.j]
    let point = (0..<inverse.rows).map { inverse[pair.i, $0] - share * inverse[pair.j, $0] }
    self.init(
      direction: rays.rows.transposedTimes(point).normalized,
      weights: rays.spread(Array(inverse.row(pair.i)), over: design.rows), design: design)
  }

  /// A witness for linearly dependent rays Y, or nearly so: weights c with cᵀY ≈ 0 give cᵀ(Yu)₊ ≠ 0 for
  /// some u, since kinks on different hyperplanes do not cancel.
  ///
  /// - Complexity: O(kd²) for k = min(m, d + 1) rays.
  init?(dependent rays: Rays, of design: Matrix) {
    let d = rays.rows.columns
    let k = min(rays.count, d + 1)
    let chosen = rays.rows.selectingRows(0..<k)
    guard k > 0, let singular = SingularValues(of: chosen) else { return nil }
    var weights: [Double]
    if k <= d {
      weights = singular.left.column(k - 1)
    } else {
      // The thin decomposition lacks the left null vector; it is what U leaves of the axis it covers least.
      let covered = (0..<k).map { norm(singular.left.row($0)) }
      let axis = covered.indices.min { covered[$0] < covered[$1] } ?? 0
      weights = singular.left.times(Array(singular.left.row(axis))).map { -$0 }
      weights[axis] += 1
    }
    var random = SeededGenerator(seed: 0)
    let candidates = Matrix(
      (0..<k).prefix(64).map { Array(chosen.row($0)) }
        + (0..<64).map { _ in (0..<d).map { _ in random.nextGaussian() } })
    let heights = candidates.timesTransposed(chosen)
    var best = (direction: [Double](), value: 0.0)
    for c in 0..<candidates.rows {
      let direction = Array(candidates.row(c))
      let value = zip(weights, heights.row(c)).reduce(0) { $0 + $1.0 * max(0, $1.1) } / norm(direction)
      if abs(value) > abs(best.value) { best = (direction.normalized, value) }
    }
    guard best.value != 0 else { return nil }
    let signed = best.value < 0 ? weights.map { -$0 } : weights
    self.init(
      direction: best.direction, weights: rays.spread(signed, over: design.rows), design: design)
  }
}

extension Rays {
  /// Weights on the first rays as weights on the design's rows: each on the row that stands for its ray.
  fileprivate func spread(_ weights: [Double], over rows: Int) -> [Double] {
    var result = [Double](repeating: 0, count: rows)
    var seen = 0
    for i in 0..<rows where hyperplanes.owner[i] == seen && seen < weights.count {
      result[i] = weights[seen] / scales[seen]
      seen += 1
    }
    return result
  }
}
