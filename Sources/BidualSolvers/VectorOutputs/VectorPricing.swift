import BidualLinear
import BidualModels
import BidualPolars

/// Finds directions u with large ‖Vᵀ(Xu)₊‖, for a dual point V with c outputs: fast, and proves nothing.
///
/// Many starts ascend at once by g ← Vᵀ(Xu)₊, u ← XᵀD(u)Vg, both brought to length 1. From the best of them a climb goes on:
/// for a fixed g the value is that of one output's dual point Vg, whose chambers `LocalAscent` climbs exactly; then g
/// is set anew, which never lowers the value. Where chambers have too many facets the climb is left out.
struct VectorPricing: Sendable {
  /// A direction and the value that it takes.
  struct Direction: Sendable {
    let vector: [Double]
    let value: Double
  }

  private let geometry: Geometry
  private let outputs: Int
  private let pooling: RowPooling
  private let ascent: LocalAscent
  private let threads: Int
  private let isCancelled: @Sendable () -> Bool
  /// Whether chambers have so few facets that climbing them is quick.
  let climbs: Bool

  /// Pricing of atoms.
  init(
    _ atoms: VectorReLUAtoms, threads: Int = 1, isCancelled: @escaping @Sendable () -> Bool = { false }
  ) {
    geometry = atoms.geometry
    outputs = atoms.outputs
    pooling = atoms.pooling
    self.threads = max(1, threads)
    self.isCancelled = isCancelled
    ascent = LocalAscent(geometry.hyperplanes, isCancelled: isCancelled)
    climbs = geometry.hyperplanes.count * geometry.rank <= 200_000
  }

  /// Local maxima above `threshold` that starts (unit rows) lead to, the largest first, at most `limit` of them and no two
  /// alike. The first start is followed even if there is no time.
  ///
  /// - Parameter steps: those of the ascents of all starts; after few of them ends are many and unlike.
  /// - Complexity: O(snr) a step for s starts, and that of the climbs.
  func maxima(
    of dualPoint: [Double], from starts: Matrix, above threshold: Double, limit: Int, steps: Int = 15
  ) -> [Direction] {
    guard starts.rows > 0, geometry.rank > 0 else { return [] }
    let block = 32
    let blocks = (starts.rows + block - 1) / block
    let ends = concurrentMap(blocks, threads: threads) { index, _ -> [Direction] in
      guard index == 0 || !isCancelled() else { return [] }
      let first = index * block
      return ascended(dualPoint, starts.selectingRows(first..<min(first + block, starts.rows)), steps)
    }.flatMap(\.self).sorted { $0.value > $1.value }
    guard climbs else {
      return distinct(ends.filter { $0.value > threshold }, limit: limit, closeness: 0.3)
    }
    let promising = distinct(ends.filter { $0.value > 0.6 * threshold }, limit: 3 * limit, closeness: 1e-3)
    return climbed(dualPoint, from: promising, above: threshold, limit: limit)
  }

  /// The local maxima uphill of given directions.
  func climbed(_ dualPoint: [Double], from points: [Direction], above threshold: Double, limit: Int)
    -> [Direction]
  {
    guard climbs else { return points.filter { $0.value > threshold } }
    let reached = concurrentMap(points.count, threads: threads) { index, _ in
      index == 0 || !isCancelled() ? climb(dualPoint, from: points[index]) : points[index]
    }
    return distinct(
      reached.filter { $0.value > threshold }.sorted { $0.value > $1.value }, limit: limit,
      closeness: 1e-6)
  }

  /// Vᵀ(Xu)₊ for directions given as rows, a row each.
  func gains(_ dualPoint: [Double], _ directions: Matrix) -> Matrix {
    rectified(directions).transposedTimes(dual(dualPoint))
  }

  /// SᵀV: what the rows weigh.
  private func dual(_ dualPoint: [Double]) -> Matrix {
    Matrix(
      rows: geometry.design.rows, columns: outputs, elements: pooling.spread(dualPoint, width: outputs))
  }

  private func rectified(_ directions: Matrix) -> Matrix {
    var heights = geometry.coordinates.timesTransposed(directions)
    for i in heights.elements.indices where heights.elements[i] <= 0 { heights.elements[i] = 0 }
    return heights
  }

  /// The best point that each start passes.
  private func ascended(_ dualPoint: [Double], _ starts: Matrix, _ steps: Int) -> [Direction] {
    let (n, count) = (geometry.design.rows, starts.rows)
    let dual = dual(dualPoint)
    var points = starts
    var best = (0..<count).map { Direction(vector: Array(starts.row($0)), value: 0) }
    for _ in 0..<steps {
      let heights = rectified(points)
      var gains = heights.transposedTimes(dual)
      for p in 0..<count {
        let value = norm(gains.row(p))
        if value > best[p].value { best[p] = Direction(vector: Array(points.row(p)), value: value) }
        for k in 0..<outputs where value > 0 { gains[p, k] /= value }
      }
      var slopes = dual.timesTransposed(gains)
      for k in 0..<(n * count) where heights.elements[k] <= 0 { slopes.elements[k] = 0 }
      let uphill = slopes.transposedTimes(geometry.coordinates)
      for p in 0..<count {
        let length = norm(uphill.row(p))
        guard length > 0 else { continue }
        for k in 0..<points.columns { points[p, k] = uphill[p, k] / length }
      }
    }
    return best
  }

  private func climb(_ dualPoint: [Double], from start: Direction) -> Direction {
    let dual = dual(dualPoint)
    var best = start
    for _ in 0..<30 where !isCancelled() {
      let gain = gains(dualPoint, Matrix([best.vector])).elements.normalized
      guard
        let reached = ascent.climb(
          dual.times(gain), from: [PolarMaximizer(direction: best.vector, sign: 1, value: best.value)]
        ).first
      else { break }
      let value = norm(gains(dualPoint, Matrix([reached.direction])).elements)
      guard value > best.value else { break }
      let isDone = value <= best.value * (1 + 1e-13)
      best = Direction(vector: reached.direction, value: value)
      if isDone { break }
    }
    return best
  }

  /// Directions no two of which are close; the first of close ones stay.
  private func distinct(_ directions: [Direction], limit: Int, closeness: Double) -> [Direction] {
    var kept: [Direction] = []
    for direction in directions where kept.count < limit {
      let isNew = kept.allSatisfy { dot($0.vector, direction.vector) < 1 - closeness * closeness }
      if isNew { kept.append(direction) }
    }
    return kept
  }
}
