import BidualLinear

/// A search for the symmetric matrix A ≥ B, entry by entry, that makes the largest eigenvalue of YᵀAY least, for rows Y of a
/// Gram matrix YYᵀ = G⁻¹.
///
/// With A = B + N it is the dual of the doubly non-negative program
///
///     min t  s.t.  tG − B − N = S ⪰ 0, N ≥ 0        max ⟨B, Z⟩  s.t.  ⟨G, Z⟩ = 1, Z ⪰ 0, Z ≥ 0
///
/// (SEPP21, (20)), and t, N and S take turns by the method of multipliers, whose multiplier is Z (Wen, Goldfarb & Yin, *Alternating
/// direction augmented Lagrangian methods for semidefinite programming*, 2010). It proves nothing: any N ≥ 0 will do for a bound.
struct LeastMatrixMajorant {
  /// B in units of its length.
  private let b: Matrix
  private let unit: Double
  /// G, and the square of its length.
  private let g: Matrix
  private let square: Double
  /// S.
  private var slack: Matrix
  /// Z.
  private var multiplier: Matrix
  /// The weight of the equation's square beside the multiplier's term.
  private var weight: Double
  private var t = 0.0
  /// N in the same units.
  private var gain: Matrix

  /// A search from N = 0; nil if B is zero or not finite, or the Gram matrix has no inverse.
  ///
  /// - Complexity: O(m³).
  init?(above b: Matrix, gram: Matrix) {
    let m = b.rows
    guard b.elements.allSatisfy(\.isFinite), b.elements.contains(where: { $0 != 0 }) else { return nil }
    var inverse = gram
    guard BLAS.choleskyFactor(n: m, &inverse.elements), BLAS.choleskyInverse(n: m, &inverse.elements)
    else { return nil }
    for i in 0..<m {
      for j in 0..<i { inverse[j, i] = inverse[i, j] }
    }
    unit = norm(b.elements)
    var scaled = b
    for k in scaled.elements.indices { scaled.elements[k] /= unit }
    self.b = scaled
    g = inverse
    square = dot(inverse.elements, inverse.elements)
    slack = Matrix(rows: m, columns: m)
    multiplier = slack
    gain = slack
    weight = 1 / Double(m)
  }

  /// N ≥ 0, symmetric.
  var excess: Matrix {
    var excess = gain
    for i in 0..<gain.rows {
      for j in 0...i {
        excess[i, j] = max(0, 0.5 * unit * (gain[i, j] + gain[j, i]))
        excess[j, i] = excess[i, j]
      }
    }
    return excess
  }

  /// The heights t ≥ 0 of a direction for which ‖t‖ against B is large: the multiplier's first eigenvector, and nothing below 0.
  var heights: [Double] {
    guard let vector = SingularValues(of: multiplier)?.left.column(0) else {
      return [Double](repeating: 0, count: b.rows)
    }
    let sign: Double = vector.reduce(0, +) < 0 ? -1 : 1
    return vector.map { max(0, sign * $0) }
  }

  /// G times heights, which Yᵀ turns into the shortest direction that has them.
  func coefficients(_ heights: [Double]) -> [Double] { g.times(heights) }

  /// Takes some steps; false if it is cancelled or a decomposition fails.
  ///
  /// - Complexity: O(m³) a step.
  mutating func advance(steps: Int, isCancelled: () -> Bool) -> Bool {
    for _ in 0..<steps {
      guard !isCancelled(), step() else { return false }
    }
    rebalance()
    return true
  }

  private mutating func step() -> Bool {
    let m = b.rows
    let scale = 1 / weight
    var ahead = 0.0
    var trace = -1.0
    for k in g.elements.indices {
      ahead += g.elements[k] * (gain.elements[k] + slack.elements[k] + b.elements[k])
      trace += g.elements[k] * multiplier.elements[k]
    }
    t = (ahead + scale * trace) / square
    var rest = g
    for k in rest.elements.indices {
      let open = t * g.elements[k] - b.elements[k] - scale * multiplier.elements[k]
      gain.elements[k] = max(0, open - slack.elements[k])
      rest.elements[k] = open - gain.elements[k]
    }
    // |W| = R·diag(σ)·Rᵀ with the right singular vectors, for a symmetric W.
    guard rest.elements.allSatisfy(\.isFinite), let values = SingularValues(of: rest) else { return false }
    var scaled = values.rightTransposed
    for i in 0..<m {
      for j in 0..<m { scaled[i, j] *= values.values[i] }
    }
    let size = scaled.transposedTimes(values.rightTransposed)
    for k in rest.elements.indices {
      slack.elements[k] = 0.5 * (size.elements[k] + rest.elements[k])
      let next = weight * 0.5 * (size.elements[k] - rest.elements[k])
      multiplier.elements[k] += 1.6 * (next - multiplier.elements[k])
    }
    return true
  }

  /// Gives the equation more weight where it is further from holding than the multiplier's constraints, or less.
  private mutating func rebalance() {
    var trace = -1.0
    var (negative, whole) = (0.0, 1e-300)
    var open = 0.0
    for k in g.elements.indices {
      let z = multiplier.elements[k]
      trace += g.elements[k] * z
      negative += min(z, 0) * min(z, 0)
      whole += z * z
      let left = t * g.elements[k] - gain.elements[k] - slack.elements[k] - b.elements[k]
      open += left * left
    }
    let dual = 0.5 * open.squareRoot()
    let primal = max(abs(trace), (negative / whole).squareRoot())
    if dual > 1.5 * primal { weight *= 1.5 } else if primal > 1.5 * dual { weight /= 1.5 }
  }
}
