/// The bound on a cone's part of the ℓ₁ ball.
///
/// Generators of ℓ₁ length 1 in one orthant give ‖Σλ_kρ_k‖₁ = Σλ_k, so that the part is a simplex with the
/// origin as a corner, and the maximum of qᵀλ over it is the largest q_k, or 0.
final class SimplexConeBound: ConeBound {
  private let rank: Int
  private var theta = Buffer<Double>()
  /// Cones with so few mixed rows may hold an edge on which the objective is as large as anywhere; there only
  /// a bound that is nearly exact ends the search, and sweeps are cheap.
  private let fewRows = 100

  init(rank: Int) { self.rank = rank }

  func bound(_ shape: UnsafePointer<Double>, q: UnsafePointer<Double>) -> Double {
    var largest = 0.0
    for k in 0..<rank { largest = max(largest, q[k]) }
    return largest
  }

  /// The bound with the lines above the concave kinks chosen to bring every q_k below the threshold.
  ///
  /// Coordinate descent on ½Σ_k(q_k − level)₊², a level between the value at the centre and the threshold;
  /// each step minimises the quadratic of full curvature that lies above.
  func balanced(
    _ shape: UnsafePointer<Double>, rows: MixedRows, q: UnsafeMutablePointer<Double>, threshold: Double
  ) -> Double {
    let r = rank
    theta.reserve(rows.count)
    let theta = theta.start
    var value = 0.0
    for i in 0..<rows.count {
      theta[i] = rows.center[i] > 0 ? 1 : 0
      value += rows.weights[i] * max(rows.center[i], 0)
    }
    for k in 0..<(r * r) { value += shape[k] * shape[r * r + k % r] }
    value /= Double(r)
    let level = threshold - 0.25 * max(0, threshold - value)
    rows.coefficients(shape, rank: r, theta: theta, q: q)
    var excess = excess(q, over: level)
    let hasFewRows = rows.count <= fewRows
    for _ in 0..<(hasFewRows ? 200 : 40) {
      for i in 0..<rows.count where rows.weights[i] < 0 {
        var slope = 0.0
        var curvature = 0.0
        for k in 0..<r {
          let d = rows.weights[i] * rows.dots[k * rows.count + i]
          slope += max(0, q[k] - level) * d
          curvature += d * d
        }
        let target = curvature > 0 ? min(1, max(0, theta[i] - slope / curvature)) : theta[i]
        let step = (target - theta[i]) * rows.weights[i]
        guard step != 0 else { continue }
        theta[i] = target
        for k in 0..<r { q[k] += step * rows.dots[k * rows.count + i] }
      }
      let next = self.excess(q, over: level)
      if bound(shape, q: q) <= threshold || next > (hasFewRows ? 0.999 : 0.98) * excess { break }
      excess = next
    }
    // What the descent carried along has drifted: the proof takes the coefficients afresh.
    rows.coefficients(shape, rank: r, theta: theta, q: q)
    return bound(shape, q: q)
  }

  private func excess(_ q: UnsafePointer<Double>, over level: Double) -> Double {
    var sum = 0.0
    for k in 0..<rank {
      let beyond = max(0, q[k] - level)
      sum += beyond * beyond
    }
    return sum
  }
}
