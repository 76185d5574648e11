/// Projection onto a polyhedral cone {u : σᵢsᵢᵀu ≥ 0} given by signed unit rows, by non-negative least squares.
///
/// The projection of g is p = g + Σμᵢσᵢsᵢ with μ ≥ 0 that makes p shortest (Moreau), and ‖p‖ is the
/// largest gᵀu over unit u in the cone. Any μ ≥ 0 gives an upper bound ‖g + Σμᵢσᵢsᵢ‖ of that largest
/// value, so the answer is useful even when the iteration is cut short.
///
/// - Complexity: O(iterations·(nr + k³)), k ≤ r rows in the active set; usually a few iterations.
package struct ConeProjection: Sendable {
  /// The projected point and the rows that hold it.
  package struct Result: Sendable {
    /// The projection p.
    package var point: [Double]
    /// The length of p.
    package var value: Double
    /// The rows with positive multipliers, each with its multiplier.
    package var active: [(row: Int, multiplier: Double)]
  }

  private let rows: Matrix

  /// A projector for the unit rows (or zero rows, which bind nothing) of a matrix.
  package init(unitRows: Matrix) {
    rows = unitRows
  }

  /// Projects `g` onto the cone with the given signs (±1, or 0 for a row without a say).
  package func project(_ g: [Double], signs: [Int8]) -> Result {
    let r = rows.columns
    var active: [Int] = []
    var multipliers: [Double] = []
    var point = g
    let length = norm(g)
    let tolerance = 1e-13 * length
    var banned: Set<Int> = []
    var heights = [Double](repeating: 0, count: rows.rows)
    rows.elements.withUnsafeBufferPointer { unit in
      for _ in 0..<(10 * r + 20) {
        var worst = -tolerance
        var entering = -1
        BLAS.gemv(m: rows.rows, n: r, a: unit.baseAddress!, x: point, y: &heights)
        for i in signs.indices {
          let along = Double(signs[i]) * heights[i]
          if along < worst, !active.contains(i), !banned.contains(i) {
            worst = along
            entering = i
          }
        }
        guard entering >= 0 else { return }
        active.append(entering)
        multipliers.append(0)
        var entered = true
        while let target = solve(active, signs, g) {
          let leaving = NonNegativeStep.advance(&multipliers, toward: target)
          if leaving.isEmpty { break }
          for k in leaving.reversed() {
            if active[k] == entering { entered = false }
            active.remove(at: k)
            multipliers.remove(at: k)
          }
          if active.isEmpty { break }
        }
        if active.last == entering, multipliers.last == 0 {
          // Dependent on the active rows to working precision.
          active.removeLast()
          multipliers.removeLast()
          entered = false
        }
        if entered { banned.removeAll() } else { banned.insert(entering) }
        point = g
        for (k, i) in active.enumerated() {
          for j in 0..<r { point[j] += multipliers[k] * Double(signs[i]) * unit[i * r + j] }
        }
      }
    }
    return Result(point: point, value: norm(point), active: zip(active, multipliers).map { ($0, $1) })
  }

  /// The multipliers that make g + Σμσs orthogonal to the active rows; nil if these are dependent.
  private func solve(_ active: [Int], _ signs: [Int8], _ g: [Double]) -> [Double]? {
    let m = active.count
    var gram = [Double](repeating: 0, count: m * m)
    var x = [Double](repeating: 0, count: m)
    for a in 0..<m {
      for b in 0...a {
        let sign = Double(signs[active[a]]) * Double(signs[active[b]])
        gram[a * m + b] = sign * dot(rows.row(active[a]), rows.row(active[b]))
      }
      x[a] = -Double(signs[active[a]]) * dot(rows.row(active[a]), g)
    }
    for a in 0..<m {
      for b in 0...a {
        var sum = gram[a * m + b]
        for k in 0..<b { sum -= gram[a * m + k] * gram[b * m + k] }
        if a == b {
          guard sum > 1e-14 else { return nil }
          gram[a * m + a] = sum.squareRoot()
        } else {
          gram[a * m + b] = sum / gram[b * m + b]
        }
      }
    }
    BLAS.choleskySolve(n: m, factor: gram, x: &x)
    // One step of refinement: the Gram matrix squares the rows' condition.
    var point = g
    for a in 0..<m {
      let weight = x[a] * Double(signs[active[a]])
      for (k, s) in rows.row(active[a]).enumerated() { point[k] += weight * s }
    }
    var correction = active.map { -Double(signs[$0]) * dot(rows.row($0), point) }
    BLAS.choleskySolve(n: m, factor: gram, x: &correction)
    return zip(x, correction).map(+)
  }
}
