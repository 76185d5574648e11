/// The bound max{qᵀλ : ‖Pλ‖ ≤ 1, λ ≥ 0} over a simplicial cone with unit generators P, a non-negative
/// least squares problem in as many unknowns as the rank.
///
/// Lawson and Hanson's active set on the Gram matrix PᵀP finds λ; the answer is then proven by weak
/// duality, so an inaccurate λ costs tightness and never validity: every w with wᵀρ_k ≥ q_k bounds
/// the maximum by ‖w‖, and w = Pλ is shifted along the cone's axis until that holds.
struct ConeSupport {
  private let rank: Int
  private var gram: [Double]
  private var factor: [Double]
  private var solution: [Double]
  private var trial: [Double]
  private var passive: [Int] = []

  init(rank: Int) {
    self.rank = rank
    gram = Array(repeating: 0, count: rank * rank)
    factor = gram
    solution = Array(repeating: 0, count: rank)
    trial = solution
    passive.reserveCapacity(rank)
  }

  /// An upper bound of max{qᵀλ : ‖Pλ‖ ≤ 1, λ ≥ 0}; `generators` holds the unit generators as rows.
  mutating func bound(generators: UnsafePointer<Double>, q: UnsafePointer<Double>) -> Double {
    let r = rank
    for a in 0..<r {
      for b in 0...a {
        var sum = 0.0
        for k in 0..<r { sum += generators[a * r + k] * generators[b * r + k] }
        gram[a * r + b] = sum
        gram[b * r + a] = sum
      }
      solution[a] = 0
    }
    passive.removeAll(keepingCapacity: true)
    for _ in 0..<(3 * r) {
      var best = -1
      var worst = 0.0
      for a in 0..<r where !passive.contains(a) {
        var slack = q[a]
        for b in passive { slack -= gram[a * r + b] * solution[b] }
        if slack > worst {
          worst = slack
          best = a
        }
      }
      guard best >= 0, worst > 1e-15 * abs(q[best]) else { break }
      passive.append(best)
      if !solvePassive(q) { break }
    }
    return provenNorm(generators: generators, q: q)
  }

  /// Solves on the passive set and drops generators until the solution is non-negative.
  private mutating func solvePassive(_ q: UnsafePointer<Double>) -> Bool {
    while true {
      guard factorPassive(q) else {
        passive.removeLast()
        return false
      }
      var step = 1.0
      for (k, a) in passive.enumerated() where trial[k] <= 0 {
        let length = solution[a] - trial[k]
        if length > 0 { step = min(step, solution[a] / length) } else { step = 0 }
      }
      if step >= 1 {
        for (k, a) in passive.enumerated() { solution[a] = trial[k] }
        return true
      }
      for (k, a) in passive.enumerated() { solution[a] += step * (trial[k] - solution[a]) }
      let before = passive.count
      let negative = passive.indices.filter { trial[$0] <= 0 && solution[passive[$0]] <= 1e-300 }
      for k in negative.reversed() {
        solution[passive[k]] = 0
        passive.remove(at: k)
      }
      if passive.count == before || passive.isEmpty { return false }
    }
  }

  /// Cholesky on the passive part of the Gram matrix; the solution lands in `trial`.
  private mutating func factorPassive(_ q: UnsafePointer<Double>) -> Bool {
    let m = passive.count
    for i in 0..<m {
      for j in 0...i {
        var sum = gram[passive[i] * rank + passive[j]]
        for k in 0..<j { sum -= factor[i * rank + k] * factor[j * rank + k] }
        if i == j {
          guard sum > 1e-15 else { return false }
          factor[i * rank + i] = sum.squareRoot()
        } else {
          factor[i * rank + j] = sum / factor[j * rank + j]
        }
      }
    }
    for i in 0..<m {
      var sum = q[passive[i]]
      for k in 0..<i { sum -= factor[i * rank + k] * trial[k] }
      trial[i] = sum / factor[i * rank + i]
    }
    for i in stride(from: m - 1, through: 0, by: -1) {
      var sum = trial[i]
      for k in (i + 1)..<max(m, i + 1) { sum -= factor[k * rank + i] * trial[k] }
      trial[i] = sum / factor[i * rank + i]
    }
    return true
  }

  private func provenNorm(generators: UnsafePointer<Double>, q: UnsafePointer<Double>) -> Double {
    let r = rank
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * r) { scratch in
      let w = scratch.baseAddress!
      let axis = w + r
      var axisNorm = 0.0
      var wNorm = 0.0
      for k in 0..<r {
        w[k] = 0
        axis[k] = 0
        for a in 0..<r {
          w[k] += solution[a] * generators[a * r + k]
          axis[k] += generators[a * r + k]
        }
        axisNorm += axis[k] * axis[k]
        wNorm += w[k] * w[k]
      }
      axisNorm = axisNorm.squareRoot()
      var shift = 0.0
      var nearest = Double.infinity
      for a in 0..<r {
        var along = 0.0
        var height = 0.0
        for k in 0..<r {
          along += w[k] * generators[a * r + k]
          height += axis[k] * generators[a * r + k]
        }
        shift = max(shift, q[a] - along)
        nearest = min(nearest, height)
      }
      // Generators lie in one orthant, so the axis makes an acute angle with each of them.
      return wNorm.squareRoot() + shift * axisNorm / nearest
    }
  }
}
