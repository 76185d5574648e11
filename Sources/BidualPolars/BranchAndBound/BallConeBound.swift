import BidualLinear

/// The bound on a cone's part of the Euclidean ball, by `ConeSupport`.
final class BallConeBound: ConeBound {
  private let rank: Int
  private let support: ConeSupport
  private var theta = Buffer<Double>()
  /// How often the lines and w take turns.
  private let rounds = 12

  init(rank: Int) {
    self.rank = rank
    support = ConeSupport(rank: rank)
  }

  func bound(_ shape: UnsafePointer<Double>, q: UnsafePointer<Double>) -> Double {
    support.bound(generators: shape, q: q)
  }

  /// The bound with the lines above the concave kinks chosen to make w short.
  ///
  /// w moves with θ by vx and stays valid for any θ in the box. Coordinate descent on θ for a fixed
  /// remainder of w takes turns with the best w for a fixed θ.
  func balanced(
    _ shape: UnsafePointer<Double>, rows: MixedRows, q: UnsafeMutablePointer<Double>, threshold: Double
  ) -> Double {
    let r = rank
    theta.reserve(rows.count)
    let w = support.w
    // Start from the gradient at the centre: its shortest variant is exact where the cone cuts nothing off.
    w.update(from: shape + r * r, count: r)
    for i in 0..<rows.count {
      theta.start[i] = rows.center[i] > 0 ? 1 : 0
      guard rows.center[i] > 0 else { continue }
      let x = rows.row(i, rank: r)
      for k in 0..<r { w[k] += rows.weights[i] * x[k] }
    }
    var best = Double.infinity
    for _ in 0..<rounds {
      shorten(w, rows)
      rows.coefficients(shape, rank: r, theta: theta.start, q: q)
      let bound = support.bound(generators: shape, q: q)
      let progress = best - bound
      best = min(best, bound)
      if best <= threshold || progress < 0.1 * (best - threshold) { break }
    }
    return best
  }

  /// Coordinate descent on θ, in place, to make w short; w moves along.
  private func shorten(_ w: UnsafeMutablePointer<Double>, _ rows: MixedRows) {
    let r = rank
    let theta = theta.start
    let v = rows.weights
    for _ in 0..<4 {
      var moved = false
      for i in 0..<rows.count where v[i] < 0 {
        let x = rows.row(i, rank: r)
        let along = dot(w, x, count: r)
        let target = min(1, max(0, theta[i] - along * rows.design.inverseSquares[Int(rows.index[i])] / v[i]))
        let step = (target - theta[i]) * v[i]
        if step != 0 {
          moved = true
          theta[i] = target
          for k in 0..<r { w[k] += step * x[k] }
        }
      }
      if !moved { break }
    }
  }
}
