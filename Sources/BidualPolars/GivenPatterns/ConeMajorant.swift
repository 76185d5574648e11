import BidualLinear

/// A search for the weights N ≥ 0 of pairs of a cone's rows that make the largest eigenvalue of Q + AᵀNA least, for unit rows A, k×r, of a
/// cone {u : Au ≥ 0} and Q ⪰ 0.
///
/// On the cone uᵀAᵀNAu ≥ 0 for any N ≥ 0, so that the eigenvalue bounds uᵀQu there: the dual of the doubly non-negative relaxation of
/// principal components in a cone, exact for cones of up to four facets. Newton's method follows the central path of
///
///     min t − μ(log det S + Σ log Nᵢⱼ),  S = tI − Q − AᵀNA.
///
/// It proves nothing by itself: N is a witness.
struct ConeMajorant {
  private let q: Matrix
  private let rows: Matrix
  /// Pairs i ≤ j of rows, and the share of Nᵢⱼ that the sum over i ≤ j has of the matrix aᵢaⱼᵀ + aⱼaᵢᵀ.
  private let pairs: [(i: Int, j: Int, share: Double)]
  private var t = 0.0
  private var weights: [Double]

  /// A search for a matrix Q whose largest eigenvalue is about 1.
  init(_ q: Matrix, rows: Matrix) {
    self.q = q
    self.rows = rows
    let k = rows.rows
    pairs = (0..<k).flatMap { i in (i..<k).map { (i: i, j: $0, share: i == $0 ? 0.5 : 1) } }
    weights = Array(repeating: 0.1 / Double(max(1, k * k)), count: pairs.count)
  }

  /// What `bound` makes of the weights on the path: the first number that is no more than `enough`, or else the least.
  ///
  /// The path does not depend on what is enough, and every step of it counts: whoever asks for what another search answered gets as much.
  ///
  /// - Complexity: some tens of steps of O(p³ + r³ + kr²) for p = k(k + 1)/2 pairs, and as many calls of `bound`.
  mutating func least(enough: Double, _ bound: (_ weights: Matrix) -> Double) -> Double {
    t = 1.5
    while factored() == nil, t < 1e3 { t *= 2 }
    var least = Double.infinity
    var barrier = 0.1
    let count = Double(pairs.count + rows.columns)
    while barrier * count > 1e-8 {
      for _ in 0..<8 {
        guard let step = step(barrier), take(step) else { break }
        least = min(least, bound(matrix))
        if least <= enough { return least }
        if step.decrement <= 0.05 { break }
      }
      barrier *= 0.15
    }
    return least
  }

  /// N, symmetric.
  private var matrix: Matrix {
    var matrix = Matrix(rows: rows.rows, columns: rows.rows)
    for (pair, weight) in zip(pairs, weights) {
      matrix[pair.i, pair.j] = weight
      matrix[pair.j, pair.i] = weight
    }
    return matrix
  }

  /// The Cholesky factor of S; nil where that is not positive definite.
  private func factored() -> Matrix? {
    let k = rows.rows
    var scaled = Matrix(rows: k, columns: rows.columns)
    for (pair, weight) in zip(pairs, weights) {
      for c in 0..<rows.columns {
        scaled[pair.i, c] += weight * rows[pair.j, c]
        if pair.i != pair.j { scaled[pair.j, c] += weight * rows[pair.i, c] }
      }
    }
    var s = rows.transposedTimes(scaled)
    for c in s.elements.indices { s.elements[c] = -s.elements[c] - q.elements[c] }
    for c in 0..<s.rows { s[c, c] += t }
    return BLAS.choleskyFactor(n: s.rows, &s.elements) ? s : nil
  }

  /// Newton's step, and how far from the path its start is.
  private func step(_ barrier: Double) -> (bound: Double, weights: [Double], decrement: Double)? {
    guard var inverse = factored(), BLAS.choleskyInverse(n: inverse.rows, &inverse.elements) else {
      return nil
    }
    for i in 0..<inverse.rows {
      for j in 0..<i { inverse[j, i] = inverse[i, j] }
    }
    // A·S⁻¹·Aᵀ and A·S⁻²·Aᵀ.
    let image = rows.times(inverse)
    let first = image.timesTransposed(rows)
    let second = image.timesTransposed(image)
    let count = pairs.count + 1
    var hessian = [Double](repeating: 0, count: count * count)
    var step = [Double](repeating: 0, count: count)
    let trace = (0..<inverse.rows).reduce(0) { $0 + inverse[$1, $1] }
    hessian[0] = dot(inverse.elements, inverse.elements)
    step[0] = -(1 / barrier - trace)
    for (a, pair) in pairs.enumerated() {
      let row = (a + 1) * count
      hessian[row] = -2 * pair.share * second[pair.i, pair.j]
      for b in 0...a {
        let other = pairs[b]
        hessian[row + b + 1] =
          2 * pair.share * other.share
          * (first[pair.i, other.i] * first[pair.j, other.j] + first[pair.i, other.j] * first[pair.j, other.i])
      }
      hessian[row + a + 1] += 1 / (weights[a] * weights[a])
      // A tiny price keeps weights of cones without an inside finite.
      step[a + 1] = 1 / weights[a] - 2 * pair.share * first[pair.i, pair.j] - 1e-10 / barrier
    }
    let downhill = step
    guard BLAS.choleskyFactor(n: count, &hessian) else { return nil }
    BLAS.choleskySolve(n: count, factor: hessian, x: &step)
    guard step.allSatisfy(\.isFinite) else { return nil }
    return (step[0], Array(step[1...]), dot(step, downhill).squareRoot())
  }

  /// Goes as far along a step as S and N stay positive; whether that was anywhere.
  private mutating func take(_ step: (bound: Double, weights: [Double], decrement: Double)) -> Bool {
    var share = step.decrement > 0.25 ? 1 / (1 + step.decrement) : 1
    let before = (t, weights)
    // Self-concordance allows the share; beyond it a longer step is tried first.
    share = min(1, 4 * share)
    while share > 1e-6 {
      t = before.0 + share * step.bound
      weights = zip(before.1, step.weights).map { $0 + share * $1 }
      if weights.allSatisfy({ $0 > 0 }), factored() != nil { return true }
      share *= 0.5
    }
    (t, weights) = before
    return false
  }
}
