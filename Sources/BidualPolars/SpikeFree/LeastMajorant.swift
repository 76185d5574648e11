import BidualLinear

/// The multipliers a ≥ w that make Yᵀa shortest, given the Gram matrix A = YYᵀ of rows Y whose inverse
/// has no positive off-diagonal entry.
///
/// Its conditions are t = Aa ≥ 0, a ≥ w, tᵀ(a − w) = 0: a linear complementarity problem with the M-matrix
/// A⁻¹, whose solution is the least t ≥ 0 with A⁻¹t ≥ w. Rows that once have t > 0 keep it, so the set of
/// such rows grows from {w > 0} until it fits, in at most m steps and usually two or three.
enum LeastMajorant {
  /// The multipliers: the shortest up to rounding if A is as required, and never below w.
  ///
  /// - Complexity: O(m³) a step.
  static func multipliers(above w: [Double], gram: Matrix) -> [Double] {
    let m = w.count
    let tolerance = 1e-14 * w.reduce(0) { max($0, abs($1)) }
    var isHeld = w.map { $0 > 0 }
    var result = w.map { max($0, 0) }
    for _ in 0...m {
      let held = isHeld.indices.filter { isHeld[$0] }
      let free = isHeld.indices.filter { !isHeld[$0] }
      guard let solution = shortest(w, held: held, free: free, gram: gram) else { break }
      var isSettled = true
      for (k, i) in free.enumerated() where solution[k] < w[i] - tolerance {
        isHeld[i] = true
        isSettled = false
      }
      if isSettled {
        for i in held { result[i] = w[i] }
        for (k, i) in free.enumerated() { result[i] = max(w[i], solution[k]) }
        break
      }
    }
    return result
  }

  /// The free multipliers that make Yᵀa shortest with the others at w; nil if the rows are dependent.
  private static func shortest(_ w: [Double], held: [Int], free: [Int], gram: Matrix) -> [Double]? {
    let k = free.count
    var factor = [Double](repeating: 0, count: k * k)
    var solution = [Double](repeating: 0, count: k)
    for (a, i) in free.enumerated() {
      for (b, j) in free[...a].enumerated() { factor[a * k + b] = gram[i, j] }
      for j in held { solution[a] -= gram[i, j] * w[j] }
    }
    guard BLAS.choleskyFactor(n: k, &factor) else { return nil }
    BLAS.choleskySolve(n: k, factor: factor, x: &solution)
    return solution
  }
}
