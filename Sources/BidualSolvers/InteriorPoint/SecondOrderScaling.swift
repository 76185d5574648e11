import BidualLinear

/// The Nesterov–Todd scaling of one block: primal x = (t, z) and dual λ = (β, ω) in the second-order cone.
///
/// With J = diag(1, −I) the scaling W = η·[[w₀, wᵀ], [w, I + wwᵀ/(1 + w₀)]] maps λ and, inverted, x to
/// one point Wλ = W⁻¹x. The first dual entry is fixed at β because t enters the objective as βt, which
/// lets t be eliminated in closed form: what is left of W⁻² on z is η⁻²(I − 2wwᵀ/(2w₀² − 1)).
struct SecondOrderScaling {
  let eta: Double
  let head: Double
  /// w, of the block's rank.
  let tail: UnsafeMutablePointer<Double>
  private let rank: Int

  /// The scaling at a strictly interior pair; `tail` is storage for w.
  init(
    rank: Int, t: Double, z: UnsafePointer<Double>, beta: Double, omega: UnsafePointer<Double>,
    tail: UnsafeMutablePointer<Double>
  ) {
    let zNorm = norm(z, count: rank)
    let omegaNorm = norm(omega, count: rank)
    let primal = ((t - zNorm) * (t + zNorm)).squareRoot()
    let dual = ((beta - omegaNorm) * (beta + omegaNorm)).squareRoot()
    let product = (t * beta + dot(z, omega, count: rank)) / (primal * dual)
    let gamma = ((1 + product) / 2).squareRoot()
    for k in 0..<rank { tail[k] = (z[k] / primal - omega[k] / dual) / (2 * gamma) }
    // w₀ from w, so that w₀² − ‖w‖² = 1 holds to rounding near the boundary too.
    head = (1 + dot(tail, tail, count: rank)).squareRoot()
    eta = (primal / dual).squareRoot()
    self.tail = tail
    self.rank = rank
  }

  /// 2w₀² − 1.
  var stretch: Double { 2 * head * head - 1 }

  /// (a₀, a) ← W(a₀, a).
  func apply(_ first: inout Double, _ rest: UnsafeMutablePointer<Double>) {
    transform(&first, rest, sign: 1, factor: eta)
  }

  /// (a₀, a) ← W⁻¹(a₀, a).
  func applyInverse(_ first: inout Double, _ rest: UnsafeMutablePointer<Double>) {
    transform(&first, rest, sign: -1, factor: 1 / eta)
  }

  private func transform(
    _ first: inout Double, _ rest: UnsafeMutablePointer<Double>, sign: Double, factor: Double
  ) {
    let along = dot(tail, rest, count: rank)
    let push = sign * first + along / (1 + head)
    first = factor * (head * first + sign * along)
    for k in 0..<rank { rest[k] = factor * (rest[k] + push * tail[k]) }
  }

  /// The largest step α with (t, z) + α(dt, dz) in the cone.
  static func longestStep(
    rank: Int, _ t: Double, _ z: UnsafePointer<Double>, _ dt: Double, _ dz: UnsafePointer<Double>
  ) -> Double {
    let zNorm = norm(z, count: rank)
    let c = (t - zNorm) * (t + zNorm)
    let b = t * dt - dot(z, dz, count: rank)
    let a = dt * dt - dot(dz, dz, count: rank)
    let discriminant = b * b - a * c
    guard discriminant >= 0 else { return .infinity }
    let denominator = -b + discriminant.squareRoot()
    return denominator > 0 ? c / denominator : .infinity
  }
}
