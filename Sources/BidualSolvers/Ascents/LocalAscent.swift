import BidualLinear
import BidualPolars

/// Finds chambers with large polar values by local ascent: fast, finds columns, proves nothing.
///
/// Many starts ascend at once by u ← normalise(XᵀD(u)V), which is two matrix products a step; the best
/// chambers that they reach are then maximised exactly, by projection of XᵀDV onto the chamber and
/// crossing of every facet beyond which the value rises, until none is left.
package struct LocalAscent: Sendable {
  /// The hyperplanes of the design; chambers are named by their sides.
  package let hyperplanes: Hyperplanes
  private let norms: [Double]
  private let projection: ConeProjection
  private let threads: Int
  private let isCancelled: @Sendable () -> Bool

  /// An ascent over the chambers of the given hyperplanes, on `threads` threads.
  ///
  /// - Parameter isCancelled: asked now and then; all but the first starts and the best chamber are then left
  ///   out, so that there is some answer at any time.
  package init(
    _ hyperplanes: Hyperplanes, threads: Int = 1,
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) {
    self.hyperplanes = hyperplanes
    self.threads = threads
    self.isCancelled = isCancelled
    norms = hyperplanes.rows.rowNorms
    projection = ConeProjection(unitRows: hyperplanes.unitRows)
  }

  /// The local maxima above `threshold` that ascents from `starts` (unit rows, s×r) lead to, best first,
  /// one a chamber and at most `limit` of them.
  package func maxima(of weights: [Double], from starts: Matrix, above threshold: Double, limit: Int)
    -> [ChamberMaximum]
  {
    guard starts.rows > 0, hyperplanes.count > 0 else { return [] }
    let objective = Objective(hyperplanes.merge(weights, sign: 1))
    let ends = ascend(objective, from: starts).sorted { $0.value > $1.value }
    var tried: Set<ChamberMaximum.Key> = []
    var keys: [ChamberMaximum.Key] = []
    for end in ends where end.value > 0.7 * threshold && keys.count < 3 * limit {
      let key = ChamberMaximum.Key(sign: end.sign, sides: hyperplanes.sides(at: end.direction))
      if tried.insert(key).inserted { keys.append(key) }
    }
    var reached: Set<ChamberMaximum.Key> = []
    return climb(objective, from: keys)
      .filter { $0.value > threshold && reached.insert($0.key).inserted }
      .sorted { $0.value > $1.value }.prefix(limit).map(\.self)
  }

  /// The local maxima that lie uphill of single directions, each with its own sign.
  package func climb(_ weights: [Double], from points: [PolarMaximizer]) -> [ChamberMaximum] {
    let objective = Objective(hyperplanes.merge(weights, sign: 1))
    return climb(
      objective,
      from: points.map { .init(sign: $0.sign, sides: hyperplanes.sides(at: $0.direction)) })
  }

  /// The maximum over one chamber of s·Σᵢ Vᵢ(xᵢᵀu)₊.
  package func maximum(of weights: [Double], in chamber: ChamberMaximum.Key) -> ChamberMaximum {
    maximize(Objective(hyperplanes.merge(weights, sign: 1)), chamber).maximum
  }

  /// Σ_h w_h(x_hᵀu)₊ + gᵀu.
  private struct Objective {
    let weights: [Double]
    let linear: [Double]

    init(_ merged: (weights: [Double], linear: [Double])) {
      weights = merged.weights
      linear = merged.linear
    }
  }

  private struct End {
    var sign: Double
    var value: Double
    var direction: [Double]
  }

  /// The best point that each start passes, for both signs, in blocks of starts.
  private func ascend(_ objective: Objective, from starts: Matrix) -> [End] {
    let block = 32
    let blocks = (starts.rows + block - 1) / block
    return concurrentMap(2 * blocks, threads: threads) { index, _ -> [End] in
      let first = index % blocks * block
      let points = starts.selectingRows(first..<min(first + block, starts.rows))
      return index % blocks > 0 && isCancelled()
        ? [] : ascend(objective, from: points, sign: index < blocks ? 1 : -1)
    }.flatMap(\.self)
  }

  private func ascend(_ objective: Objective, from starts: Matrix, sign: Double) -> [End] {
    let m = hyperplanes.count
    let r = starts.columns
    var points = starts
    var ends = (0..<starts.rows).map { End(sign: sign, value: 0, direction: Array(points.row($0))) }
    for _ in 0..<12 {
      var heights = points.timesTransposed(hyperplanes.rows)
      heights.elements.withUnsafeMutableBufferPointer { h in
        objective.weights.withUnsafeBufferPointer { weights in
          for p in 0..<starts.rows {
            let row = h.baseAddress! + p * m
            for i in 0..<m { row[i] = row[i] > 0 ? weights[i] : 0 }
          }
        }
      }
      var gradients = heights.times(hyperplanes.rows)
      for p in 0..<starts.rows {
        for k in 0..<r { gradients[p, k] = sign * (gradients[p, k] + objective.linear[k]) }
        let value = dot(gradients.row(p), points.row(p))
        if value > ends[p].value {
          ends[p].value = value
          ends[p].direction = Array(points.row(p))
        }
        let length = norm(gradients.row(p))
        guard length > 0 else { continue }
        for k in 0..<r { points[p, k] = gradients[p, k] / length }
      }
    }
    return ends
  }

  private func maximize(_ objective: Objective, _ chamber: ChamberMaximum.Key)
    -> (maximum: ChamberMaximum, forces: [(row: Int, multiplier: Double)])
  {
    let active = zip(objective.weights, chamber.sides).map { $1 > 0 ? $0 : 0 }
    let gradient = zip(hyperplanes.rows.transposedTimes(active), objective.linear).map {
      chamber.sign * ($0 + $1)
    }
    let projected = projection.project(gradient, signs: chamber.sides)
    let maximum = ChamberMaximum(
      key: chamber, value: projected.value, direction: projected.point.normalized,
      facets: projected.active.map(\.row).sorted())
    return (maximum, projected.active)
  }

  /// A direction that leaves the chamber through the given facets.
  private func outward(_ chamber: ChamberMaximum.Key, _ facets: [Int]) -> [Double] {
    var course = [Double](repeating: 0, count: hyperplanes.rows.columns)
    for h in facets {
      for (k, x) in hyperplanes.unitRows.row(h).enumerated() { course[k] -= Double(chamber.sides[h]) * x }
    }
    return course
  }

  private func climb(_ objective: Objective, from chambers: [ChamberMaximum.Key]) -> [ChamberMaximum] {
    concurrentMap(chambers.count, threads: threads) { index, _ -> ChamberMaximum? in
      index > 0 && isCancelled() ? nil : climb(objective, from: chambers[index])
    }.compactMap(\.self)
  }

  /// Climbs from chamber to chamber until no facet of the maximiser leads further up.
  private func climb(_ objective: Objective, from chamber: ChamberMaximum.Key) -> ChamberMaximum {
    var (best, forces) = maximize(objective, chamber)
    for _ in 0..<50 where !isCancelled() {
      // Beyond a facet the gradient gains the row's kink. A convex kink always leads up; a concave one
      // only if it is weaker than the force that presses the maximiser against the facet.
      let rising = forces.filter { row, force in
        chamber.sign * objective.weights[row] > 0
          || force > abs(objective.weights[row]) * norms[row] * (1 + 1e-9)
      }
      guard !rising.isEmpty else { break }
      let across = ChamberMaximum.Key(
        sign: chamber.sign,
        sides: hyperplanes.sides(at: best.direction, toward: outward(best.key, rising.map(\.row))))
      let next = maximize(objective, across)
      guard next.maximum.value > best.value * (1 + 1e-12) else { break }
      (best, forces) = next
    }
    return best
  }
}
