import Algorithms
import BidualLinear

extension PatternCones {
  /// `project` in many dimensions, where rows enter and leave by the hundred: projected Newton steps on the
  /// multipliers (two-metric projection), a Cholesky factorisation each.
  ///
  /// Every step shortens the point g + Σμs, μ ≥ 0. Where a step fails, or rows entered in vain, rows enter one at
  /// a time as in Lawson and Hanson's method, which cannot fail.
  ///
  /// Source: D. P. Bertsekas, *Projected Newton methods for optimization problems with simple constraints*, SIAM J.
  /// Control Optim. 20 (1982).
  func projectWide(_ g: [Double], block: Int, cut: Double, isCancelled: () -> Bool) -> Projection {
    let pattern = block % patterns.count
    let (n, r) = (unitRows.rows, unitRows.columns)
    let tolerance = 1e-10 * norm(g)
    let signs = (0..<n).map { patterns.isActive(pattern: pattern, sample: $0) ? 1.0 : -1 }
    var candidates = facets[pattern]
    let known = candidates.count
    var isCandidate = [Bool](repeating: false, count: n)
    for row in candidates { isCandidate[row] = true }
    var held = ActiveRows(active[block], signs: signs, of: unitRows)
    var mu = [Double](repeating: 0, count: held.rows.count)
    var state = State(point: g, length: norm(g))
    var isCareful = false
    var banned: Set<Int> = []
    var entering: [Int] = []
    for _ in 0..<(20 * r + 100) where state.length > cut && !isCancelled() {
      let before = state.length
      settle(&held, &mu, &state, g, cut: cut, isCancelled: isCancelled)
      guard state.length > cut else { break }
      if state.length < before * (1 - 1e-12) {
        banned.removeAll()
        isCareful = false
      } else if !entering.isEmpty {
        // What entered was in vain: one at a time, and not that one again.
        if isCareful { banned.formUnion(entering) }
        isCareful = true
      }
      let limit = isCareful ? 1 : max(8, (r - held.rows.count) / 3)
      let taken = Set(held.rows)
      func worst(_ heights: [(row: Int, height: Double)]) -> [(row: Int, height: Double)] {
        heights.filter { $0.height < -tolerance && !taken.contains($0.row) && !banned.contains($0.row) }
      }
      var violations = worst(candidateHeights(candidates, signs, state.point))
      if violations.isEmpty {
        let heights = unitRows.times(state.point)
        violations = worst((0..<n).filter { !isCandidate[$0] }.map { ($0, signs[$0] * heights[$0]) })
        guard !violations.isEmpty else { break }
        violations = violations.min(count: 2 * r) { ($0.height, $0.row) < ($1.height, $1.row) }
        for violation in violations { isCandidate[violation.row] = true }
        candidates += violations.map(\.row)
      }
      entering = violations.min(count: limit) { ($0.height, $0.row) < ($1.height, $1.row) }.map(\.row)
      held.append(entering, signs: signs, of: unitRows)
      mu += Array(repeating: 0, count: held.rows.count - mu.count)
    }
    return Projection(
      point: state.point, length: state.length, face: WideFace(rows: held.rows, unitRows: unitRows),
      multipliers: mu, push: zip(state.point, g).map(-), learned: Array(candidates[known...]))
  }

  /// A point with its length.
  private struct State {
    var point: [Double]
    var length: Double
  }

  private func candidateHeights(_ candidates: [Int], _ signs: [Double], _ point: [Double]) -> [(
    row: Int, height: Double
  )] {
    let r = unitRows.columns
    return unitRows.elements.withUnsafeBufferPointer { rows in
      candidates.map { ($0, signs[$0] * BLAS.dot(r, rows.baseAddress! + $0 * r, point)) }
    }
  }

  /// Newton steps on the held rows' multipliers until all are positive, dropping those that reach zero.
  private func settle(
    _ held: inout ActiveRows, _ mu: inout [Double], _ state: inout State, _ g: [Double], cut: Double,
    isCancelled: () -> Bool
  ) {
    while !held.rows.isEmpty, state.length > cut, !isCancelled() {
      let target = held.multipliers(g)
      if target.allSatisfy({ $0 > 0 }) {
        let point = held.point(g, target)
        mu = target
        state = State(point: point, length: norm(point))
        return
      }
      var next = mu
      var point = state.point
      var length = Double.infinity
      var step = 1.0
      while step > 1e-4, !(length < state.length) {
        next = zip(mu, target).map { max(0, $0 + step * ($1 - $0)) }
        point = held.point(g, next)
        length = norm(point)
        step *= 0.5
      }
      if !(length < state.length) {
        // The longest step on which all stay non-negative; rows at zero that would fall leave at once.
        let reach = zip(mu, target).reduce(1.0) { $1.1 <= 0 && $1.0 > 0 ? min($0, $1.0 / ($1.0 - $1.1)) : $0 }
        let stuck = mu.indices.contains { mu[$0] == 0 && target[$0] <= 0 }
        let length = stuck ? 0 : reach
        next = zip(mu, target).map { $1 <= 0 && $0 <= 0 ? 0 : max(0, $0 + length * ($1 - $0)) }
        if !stuck,
          let blocking = mu.indices.first(where: {
            target[$0] <= 0 && mu[$0] / (mu[$0] - target[$0]) <= reach
          })
        {
          next[blocking] = 0
        }
        point = held.point(g, next)
      }
      let places = next.indices.filter { next[$0] > 0 || target[$0] > 0 }
      mu = places.map { next[$0] }
      held.keep(places)
      state = State(point: point, length: norm(point))
    }
  }
}
