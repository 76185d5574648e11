import BidualLinear

/// Finds chambers with large polar values by local ascent: fast, finds columns, proves nothing.
///
/// Many starts ascend at once by u ← normalise(XᵀD(u)V), which is two matrix products a step; the best
/// chambers that they reach are then maximised exactly, by projection of XᵀDV onto the chamber and
/// crossing of every facet beyond which the value rises, until none is left.
public struct LocalAscent: Sendable {
  /// The hyperplanes of the design; chambers are named by their sides.
  public let hyperplanes: Hyperplanes
  private let norms: [Double]
  private let projection: ConeProjection

  /// An ascent over the chambers of the given hyperplanes.
  public init(_ hyperplanes: Hyperplanes) {
    self.hyperplanes = hyperplanes
    norms = hyperplanes.rows.rowNorms
    projection = ConeProjection(unitRows: hyperplanes.unitRows)
  }

  /// The local maxima above `threshold` that ascents from `starts` (unit rows, s×r) lead to, best first,
  /// one a chamber and at most `limit` of them.
  public func maxima(of weights: [Double], from starts: Matrix, above threshold: Double, limit: Int)
    -> [ChamberMaximum]
  {
    guard starts.rows > 0, hyperplanes.count > 0 else { return [] }
    let objective = Objective(hyperplanes.merge(weights, sign: 1))
    let ends = ascend(objective, from: starts).sorted { $0.value > $1.value }
    var tried: Set<ChamberMaximum.Key> = []
    var reached: Set<ChamberMaximum.Key> = []
    var result: [ChamberMaximum] = []
    for end in ends where end.value > 0.7 * threshold {
      let key = ChamberMaximum.Key(sign: end.sign, sides: hyperplanes.sides(at: end.direction))
      guard tried.insert(key).inserted else { continue }
      let maximum = climb(objective, from: key)
      if maximum.value > threshold, reached.insert(maximum.key).inserted { result.append(maximum) }
      if result.count == limit || tried.count == 3 * limit { break }
    }
    return result
  }

  /// The local maxima that lie uphill of single directions, each with its own sign.
  public func climb(_ weights: [Double], from points: [PolarMaximizer]) -> [ChamberMaximum] {
    let objective = Objective(hyperplanes.merge(weights, sign: 1))
    return points.map { point in
      climb(objective, from: .init(sign: point.sign, sides: hyperplanes.sides(at: point.direction)))
    }
  }

  /// The maximum over one chamber of s·Σᵢ Vᵢ(xᵢᵀu)₊.
  public func maximum(of weights: [Double], in chamber: ChamberMaximum.Key) -> ChamberMaximum {
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

  /// The best point that each start passes, for both signs.
  private func ascend(_ objective: Objective, from starts: Matrix) -> [End] {
    let m = hyperplanes.count
    let r = starts.columns
    let s = starts.rows
    var points = Matrix(rows: 2 * s, columns: r, elements: starts.elements + starts.elements)
    var ends = (0..<(2 * s)).map { End(sign: $0 < s ? 1 : -1, value: 0, direction: Array(points.row($0))) }
    for _ in 0..<12 {
      var heights = points.timesTransposed(hyperplanes.rows)
      heights.elements.withUnsafeMutableBufferPointer { h in
        for p in 0..<(2 * s) {
          for i in 0..<m { h[p * m + i] = h[p * m + i] > 0 ? objective.weights[i] : 0 }
        }
      }
      var gradients = heights.times(hyperplanes.rows)
      for p in 0..<(2 * s) {
        for k in 0..<r { gradients[p, k] = ends[p].sign * (gradients[p, k] + objective.linear[k]) }
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

  /// Climbs from chamber to chamber until no facet of the maximiser leads further up.
  private func climb(_ objective: Objective, from chamber: ChamberMaximum.Key) -> ChamberMaximum {
    var (best, forces) = maximize(objective, chamber)
    for _ in 0..<50 {
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
