import Algorithms
import BidualArrangements
import BidualLinear

/// The cones K = {u : (2D − I)Xu ≥ 0} of given patterns, and projections onto them that remember.
///
/// A cone of r dimensions among n rows has few facets. Those that a projection has needed are kept with the
/// cone and looked at first; a pass over all rows then confirms the point. The rows active in the last
/// projection of a block start the next one.
struct PatternCones {
  /// A projection and what it has learned.
  struct Projection {
    /// The nearest point p of the cone.
    let point: [Double]
    /// ‖p‖.
    let length: Double
    /// The face on which p lies.
    let face: any ConeSpan
    /// μ ≥ 0 for each row of the face.
    let multipliers: [Double]
    /// p − g = Σμs with μ ≥ 0: adding a multiple of it to any g' gives a bound of the length of g''s projection.
    let push: [Double]
    let learned: [Int]
  }

  /// The dimension up to which faces grow and shrink row by row.
  static let narrowRank = 150

  let unitRows: Matrix
  let patterns: PatternSet
  /// The rows that each pattern's cone has needed.
  var facets: [[Int]]
  /// The rows active in each block's last projection.
  var active: [[Int]]

  /// The cones of `patterns` for the rows of `design`, for `blocks` blocks of which block b has the cone
  /// of pattern b mod P.
  init(_ design: Matrix, patterns: PatternSet, blocks: Int) {
    unitRows = design.unitRows
    self.patterns = patterns
    facets = Array(repeating: [], count: patterns.count)
    active = Array(repeating: [], count: blocks)
  }

  private func normal(_ signs: [Double], _ row: Int) -> [Double] {
    unitRows.row(row).map { signs[row] * $0 }
  }

  /// Projects `g` onto the cone of a block by non-negative least squares (Lawson–Hanson, several rows at a
  /// time while that helps) from the rows that were active last.
  ///
  /// Iterates only get shorter. Once one is no longer than `cut`, the projection is not either, and it is
  /// returned in its place. So is the one of the moment when `isCancelled` says so, of which the length and the push are bounds
  /// all the same.
  func project(
    _ g: [Double], block: Int, cut: Double, isCancelled: () -> Bool = { false }
  ) -> Projection {
    let pattern = block % patterns.count
    let r = unitRows.columns
    if r > Self.narrowRank { return projectWide(g, block: block, cut: cut, isCancelled: isCancelled) }
    let tolerance = 1e-13 * norm(g)
    let signs = (0..<patterns.samples).map {
      patterns.isActive(pattern: pattern, sample: $0) ? 1.0 : -1
    }
    var candidates = facets[pattern]
    let known = candidates.count
    var face = ConeFace(rank: r)
    for row in active[block] { _ = face.append(row, normal(signs, row)) }
    var mu = face.multipliers(g)
    while let place = mu.indices.min(by: { mu[$0] < mu[$1] }), mu[place] <= 0 {
      face.remove(at: place)
      mu = face.multipliers(g)
    }
    var point = face.point(nearest: g)
    var length = norm(point)
    var banned: [Int] = []
    var isCareful = false
    for _ in 0..<(20 * r + 100) where length > cut && !isCancelled() {
      let entering = violated(
        signs, point, &candidates, tolerance, except: face.rows + banned,
        limit: isCareful ? 1 : max(1, (r - face.rows.count) / 3))
      guard !entering.isEmpty else { break }
      for row in entering {
        if face.append(row, normal(signs, row)) { mu.append(0) } else { banned.append(row) }
      }
      settle(&face, &mu, g)
      point = face.point(nearest: g)
      let next = norm(point)
      if next < length * (1 - 1e-14) {
        banned.removeAll()
      } else if isCareful {
        // Dependent on the active rows to working precision.
        for row in entering where !banned.contains(row) { banned.append(row) }
      } else {
        isCareful = true
      }
      length = next
    }
    return Projection(
      point: point, length: length, face: face, multipliers: mu, push: zip(point, g).map(-),
      learned: Array(candidates[known...]))
  }

  /// Up to `limit` rows that `point` violates, the worst first: candidates if any, or else rows of all, which
  /// then become candidates.
  private func violated(
    _ signs: [Double], _ point: [Double], _ candidates: inout [Int], _ tolerance: Double, except: [Int],
    limit: Int
  ) -> [Int] {
    let r = point.count
    var violations: [(row: Int, height: Double)] = []
    unitRows.elements.withUnsafeBufferPointer { rows in
      point.withUnsafeBufferPointer { point in
        for row in candidates {
          let height = signs[row] * dot(rows.baseAddress! + row * r, point.baseAddress!, count: r)
          if height < -tolerance { violations.append((row, height)) }
        }
      }
    }
    violations.removeAll { except.contains($0.row) }
    if violations.isEmpty {
      let heights = unitRows.times(point)
      for row in heights.indices where signs[row] * heights[row] < -tolerance {
        violations.append((row, signs[row] * heights[row]))
      }
      violations.removeAll { except.contains($0.row) || candidates.contains($0.row) }
      violations = violations.min(count: max(limit, 8)) { ($0.height, $0.row) < ($1.height, $1.row) }
      candidates += violations.map(\.row)
      return violations.prefix(limit).map(\.row)
    }
    return violations.min(count: limit) { ($0.height, $0.row) < ($1.height, $1.row) }.map(\.row)
  }

  /// Moves the multipliers to the least-squares solution on the face, dropping rows that reach zero.
  private func settle(_ face: inout ConeFace, _ mu: inout [Double], _ g: [Double]) {
    while true {
      let leaving = NonNegativeStep.advance(&mu, toward: face.multipliers(g))
      if leaving.isEmpty { return }
      for k in leaving.reversed() {
        mu.remove(at: k)
        face.remove(at: k)
      }
    }
  }

  /// Takes note of what a projection of `block` has learned.
  mutating func remember(_ projection: Projection, block: Int) {
    let pattern = block % patterns.count
    for row in projection.learned where !facets[pattern].contains(row) { facets[pattern].append(row) }
    active[block] = projection.face.rows
  }
}
