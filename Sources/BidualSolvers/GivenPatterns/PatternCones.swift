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
    let face: ConeFace
    /// p − g = Σμs with μ ≥ 0: adding a multiple of it to any g' gives a bound of the length of g''s projection.
    let push: [Double]
    fileprivate let learned: [Int]
  }

  private let unitRows: Matrix
  private let patterns: PatternSet
  private var facets: [[Int]]
  private var active: [[Int]]

  /// The cones of `patterns` for the rows of `design`, for `blocks` blocks of which block b has the cone
  /// of pattern b mod P.
  init(_ design: Matrix, patterns: PatternSet, blocks: Int) {
    unitRows = design.unitRows
    self.patterns = patterns
    facets = Array(repeating: [], count: patterns.count)
    active = Array(repeating: [], count: blocks)
  }

  private func sign(_ pattern: Int, _ row: Int) -> Double {
    patterns.isActive(pattern: pattern, sample: row) ? 1 : -1
  }

  private func normal(_ pattern: Int, _ row: Int) -> [Double] {
    let sign = sign(pattern, row)
    return unitRows.row(row).map { sign * $0 }
  }

  /// Projects `g` onto the cone of a block by non-negative least squares (Lawson–Hanson) from the rows that
  /// were active last.
  func project(_ g: [Double], block: Int) -> Projection {
    let pattern = block % patterns.count
    let r = unitRows.columns
    let tolerance = 1e-13 * norm(g)
    var candidates = facets[pattern]
    let known = candidates.count
    var face = ConeFace(rank: r)
    for row in active[block] { _ = face.append(row, normal(pattern, row)) }
    var mu = face.multipliers(g)
    while let place = mu.indices.min(by: { mu[$0] < mu[$1] }), mu[place] <= 0 {
      face.remove(at: place)
      mu = face.multipliers(g)
    }
    var point = face.point(nearest: g)
    var banned: [Int] = []
    for _ in 0..<(10 * r + 50) {
      guard let entering = violated(pattern, point, &candidates, tolerance, except: face.rows + banned)
      else { break }
      guard face.append(entering, normal(pattern, entering)) else {
        banned.append(entering)
        continue
      }
      mu.append(0)
      settle(&face, &mu, g)
      if face.rows.contains(entering) { banned.removeAll() } else { banned.append(entering) }
      point = face.point(nearest: g)
    }
    return Projection(
      point: point, length: norm(point), face: face, push: zip(point, g).map(-),
      learned: Array(candidates[known...]))
  }

  /// The row that `point` violates most, among the candidates first; what a pass over all rows finds
  /// joins the candidates.
  private func violated(
    _ pattern: Int, _ point: [Double], _ candidates: inout [Int], _ tolerance: Double, except: [Int]
  ) -> Int? {
    var worst = -tolerance
    var found: Int?
    for row in candidates where !except.contains(row) {
      let height = sign(pattern, row) * dot(unitRows.row(row), point)
      if height < worst {
        worst = height
        found = row
      }
    }
    if found != nil { return found }
    let heights = unitRows.times(point)
    var violations: [(row: Int, height: Double)] = []
    for row in heights.indices {
      let height = sign(pattern, row) * heights[row]
      if height < -tolerance, !except.contains(row), !candidates.contains(row) {
        violations.append((row, height))
      }
    }
    violations.sort { ($0.height, $0.row) < ($1.height, $1.row) }
    candidates += violations.prefix(8).map(\.row)
    return violations.first?.row
  }

  /// Moves the multipliers to the least-squares solution on the face, dropping rows that reach zero.
  private func settle(_ face: inout ConeFace, _ mu: inout [Double], _ g: [Double]) {
    while true {
      let target = face.multipliers(g)
      var step = 1.0
      var blocking: Int?
      for k in target.indices where target[k] <= 0 {
        let reach = mu[k] > target[k] ? mu[k] / (mu[k] - target[k]) : 0
        if blocking == nil || reach < step {
          step = min(step, reach)
          blocking = k
        }
      }
      guard let blocking else {
        mu = target
        return
      }
      for k in mu.indices { mu[k] += step * (target[k] - mu[k]) }
      mu[blocking] = 0
      for k in mu.indices.reversed() where target[k] <= 0 && mu[k] <= 0 {
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
