import BidualModels

/// The constraints of the dual that no scaling can meet: the domain of the conjugate and, where the network
/// has an offset, ΣVᵢ = 0, which must hold exactly, since an unbounded offset punishes any excess.
enum DualFeasibility {
  /// A dual point near `dualPoint` with −V in the conjugate's domain and, with an offset, ΣVᵢ = 0 exactly.
  ///
  /// - Complexity: O(n).
  static func restored(_ dualPoint: [Double], in problem: TrainingProblem) -> [Double] {
    let clipped = clip(dualPoint, shift: 0, in: problem)
    guard problem.hasOffset, clipped.allSatisfy(\.isFinite) else { return clipped }
    return balanced(shifted(dualPoint, in: problem))
  }

  /// Whether a dual point meets those constraints.
  static func holds(_ dualPoint: [Double], in problem: TrainingProblem) -> Bool {
    guard problem.hasOffset else { return true }
    let quantum = quantum(dualPoint)
    return dualPoint.allSatisfy { ($0 / quantum).rounded() * quantum == $0 } && sum(dualPoint) == 0
  }

  private static func clip(_ dualPoint: [Double], shift: Double, in problem: TrainingProblem) -> [Double] {
    dualPoint.indices.map { i in
      let domain = problem.dualDomain(i)
      // Samples give way in proportion to their weights.
      let wanted = dualPoint[i] + shift * problem.weights[i]
      return -min(max(-wanted, domain.lowerBound), domain.upperBound)
    }
  }

  /// The clipped point whose sum is zero to rounding: the shift is found by bisection, the sum rising in it.
  private static func shifted(_ dualPoint: [Double], in problem: TrainingProblem) -> [Double] {
    let least = problem.weights.min() ?? 1
    var reach = dualPoint.reduce(0) { $0 + abs($1) } / least
    for i in dualPoint.indices {
      for end in [problem.dualDomain(i).lowerBound, problem.dualDomain(i).upperBound] where end.isFinite {
        reach = max(reach, 2 * abs(end) / problem.weights[i])
      }
    }
    var low = -reach
    var high = reach
    for _ in 0..<200 {
      let middle = 0.5 * (low + high)
      guard middle > low, middle < high else { break }
      if clip(dualPoint, shift: middle, in: problem).reduce(0, +) < 0 { low = middle } else { high = middle }
    }
    return clip(dualPoint, shift: high, in: problem)
  }

  /// A power of two, coarse enough that n multiples of it up to the largest entry add up without rounding.
  private static func quantum(_ dualPoint: [Double]) -> Double {
    let largest = dualPoint.reduce(0x1p-900) { max($0, abs($1)) }
    let bits = 52 - (Double(dualPoint.count).exponent + 2)
    return Double(sign: .plus, exponent: largest.exponent - Int(bits), significand: 1)
  }

  /// The sum of multiples of the quantum, which is exact.
  private static func sum(_ dualPoint: [Double]) -> Double { dualPoint.reduce(0, +) }

  /// Rounds entries toward zero to multiples of a quantum and takes what the sum exceeds from the entries
  /// of its sign; moving toward zero never leaves the domain.
  private static func balanced(_ dualPoint: [Double]) -> [Double] {
    let quantum = quantum(dualPoint)
    var point = dualPoint.map { ($0 / quantum).rounded(.towardZero) * quantum }
    var excess = sum(point)
    for i in point.indices.sorted(by: { abs(point[$0]) > abs(point[$1]) }) {
      guard excess != 0 else { break }
      guard point[i] * excess > 0 else { continue }
      let part = abs(excess) <= abs(point[i]) ? excess : point[i]
      point[i] -= part
      excess -= part
    }
    return point
  }
}
