/// The bound max{qᵀλ : ‖Pλ‖ ≤ 1, λ ≥ 0} over a simplicial cone with unit generators P, a non-negative
/// least squares problem in as many unknowns as the rank.
///
/// Lawson and Hanson's active set on the Gram matrix PᵀP finds λ; the answer is then proven by weak
/// duality, so an inaccurate λ costs tightness and never validity: every w with wᵀρ_k ≥ q_k bounds
/// the maximum by ‖w‖, and w = Pλ is shifted along the cone's axis until that holds.
final class ConeSupport {
  private let rank: Int
  private let storage: UnsafeMutablePointer<Double>
  private let gram: UnsafeMutablePointer<Double>
  private let factor: UnsafeMutablePointer<Double>
  /// λ of the last bound.
  let solution: UnsafeMutablePointer<Double>
  private let trial: UnsafeMutablePointer<Double>
  private let axis: UnsafeMutablePointer<Double>
  private let passive: UnsafeMutablePointer<Int>
  private var count = 0

  /// The vector w of the last bound: wᵀρ_k ≥ q_k for all generators, and ‖w‖ is the bound.
  let w: UnsafeMutablePointer<Double>

  init(rank: Int) {
    self.rank = rank
    storage = .allocate(capacity: 2 * rank * rank + 4 * rank)
    gram = storage
    factor = gram + rank * rank
    solution = factor + rank * rank
    trial = solution + rank
    axis = trial + rank
    w = axis + rank
    passive = .allocate(capacity: rank + 1)
  }

  deinit {
    storage.deallocate()
    passive.deallocate()
  }

  /// An upper bound of max{qᵀλ : ‖Pλ‖ ≤ 1, λ ≥ 0}; `generators` holds the unit generators as rows.
  func bound(generators: UnsafePointer<Double>, q: UnsafePointer<Double>) -> Double {
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
    count = 0
    for _ in 0..<(3 * r) {
      var best = -1
      var worst = 0.0
      for a in 0..<r where !isPassive(a) {
        var slack = q[a]
        for k in 0..<count { slack -= gram[a * r + passive[k]] * solution[passive[k]] }
        if slack > worst {
          worst = slack
          best = a
        }
      }
      guard best >= 0, worst > 1e-15 * abs(q[best]) else { break }
      passive[count] = best
      count += 1
      if !solvePassive(q) { break }
    }
    return prove(generators: generators, q: q)
  }

  private func isPassive(_ a: Int) -> Bool {
    for k in 0..<count where passive[k] == a { return true }
    return false
  }

  /// Solves on the passive set and drops generators until the solution is non-negative.
  private func solvePassive(_ q: UnsafePointer<Double>) -> Bool {
    while count > 0 {
      guard factorPassive(q) else {
        count -= 1
        return false
      }
      var step = 1.0
      var blocking = -1
      for k in 0..<count where trial[k] <= 0 {
        let length = solution[passive[k]] - trial[k]
        let reach = length > 0 ? solution[passive[k]] / length : 0
        if reach < step || blocking < 0 {
          step = min(step, reach)
          blocking = k
        }
      }
      guard blocking >= 0 else {
        for k in 0..<count { solution[passive[k]] = trial[k] }
        return true
      }
      var kept = 0
      for k in 0..<count {
        let a = passive[k]
        solution[a] += step * (trial[k] - solution[a])
        // The generator that stopped the step leaves whatever rounding made of its coefficient.
        if k == blocking || (trial[k] <= 0 && solution[a] <= 0) {
          solution[a] = 0
        } else {
          passive[kept] = a
          kept += 1
        }
      }
      count = kept
    }
    return false
  }

  /// Cholesky on the passive part of the Gram matrix; the solution lands in `trial`.
  private func factorPassive(_ q: UnsafePointer<Double>) -> Bool {
    let m = count
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
    var i = m - 1
    while i >= 0 {
      var sum = trial[i]
      var k = i + 1
      while k < m {
        sum -= factor[k * rank + i] * trial[k]
        k += 1
      }
      trial[i] = sum / factor[i * rank + i]
      i -= 1
    }
    return true
  }

  /// Forms w = Pλ, shifts it until it dominates q, and returns its length.
  private func prove(generators: UnsafePointer<Double>, q: UnsafePointer<Double>) -> Double {
    let r = rank
    for k in 0..<r {
      w[k] = 0
      axis[k] = 0
      for a in 0..<r {
        w[k] += solution[a] * generators[a * r + k]
        axis[k] += generators[a * r + k]
      }
    }
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
    var square = 0.0
    for k in 0..<r {
      w[k] += shift / nearest * axis[k]
      square += w[k] * w[k]
    }
    return square.squareRoot()
  }
}
