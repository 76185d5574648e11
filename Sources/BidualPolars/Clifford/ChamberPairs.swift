import BidualLinear
import HeapModule

/// A lower bound of vᵀw over unit v, w in the closure of one chamber, by branch and bound on pairs of
/// simplicial cones that start as orthants.
///
/// A row that is positive on one cone and negative on the other separates them: no chamber has points in both.
/// For v = Σλᵢρᵢ, w = Σμⱼσⱼ and c the smallest ρᵢᵀσⱼ, vᵀw ≥ cΣλΣμ, where Σλ ≥ 1, and Σλ ≤ 1/min aᵀρᵢ for any
/// unit a.
struct ChamberPairs {
  /// A cone with the rows that have one sign on it, and its halves once it was bisected.
  private struct Cone {
    var generators: [Double]
    /// An upper bound of Σλ over the cone's unit vectors.
    var stretch: Double
    /// The square of the longest edge, and its ends.
    var edge: (square: Double, from: Int, to: Int)
    var positive: [UInt64]
    var negative: [UInt64]
    var halves: (Int, Int)?
  }

  private struct Pair: Comparable {
    var cosine: Double
    var first: Int
    var second: Int

    static func < (a: Pair, b: Pair) -> Bool {
      (a.cosine, a.first, a.second) < (b.cosine, b.first, b.second)
    }
  }

  /// Beyond this rank the pairs of orthants alone are too many.
  private static let largestRank = 8
  /// More than the rounding of generators, rows and products together.
  private static let rounding = 1e-12

  private let unitRows: Matrix
  private let rank: Int
  private let nodeLimit: Int
  private var cones: [Cone] = []

  init(_ unitRows: Matrix, nodeLimit: Int) {
    self.unitRows = unitRows
    self.nodeLimit = nodeLimit
    rank = unitRows.columns
  }

  /// A number that no vᵀw falls below; −1 where nothing better was found.
  mutating func smallestCosine(isCancelled: () -> Bool) -> Double {
    guard rank <= Self.largestRank else { return -1 }
    let r = rank
    for corner in 0..<(1 << r) {
      cones.append(
        cone((0..<(r * r)).map { $0 / r == $0 % r ? (corner >> ($0 / r) & 1 == 0 ? 1.0 : -1) : 0 }))
    }
    var pool = Heap<Pair>()
    var nodes = 0
    func open(_ first: Int, _ second: Int) {
      nodes += 1
      guard !areSeparated(first, second) else { return }
      pool.insert(Pair(cosine: cosine(first, second), first: first, second: second))
    }
    // Opposite pairs are alike: the first coordinate of v may be taken positive.
    for first in stride(from: 0, to: 1 << r, by: 2) {
      for second in 0..<(1 << r) where second % 2 == 1 || second >= first { open(first, second) }
    }
    while let worst = pool.popMin() {
      let larger =
        cones[worst.first].edge.square >= cones[worst.second].edge.square ? worst.first : worst.second
      // Beyond a limit, or below what pairs of this size can tell, the bound stands.
      guard nodes < nodeLimit, cones[larger].edge.square > 1e-6, !(nodes % 1024 == 0 && isCancelled()) else {
        return worst.cosine
      }
      let (a, b) = bisect(larger)
      if worst.first == worst.second {
        open(a, a)
        open(a, b)
        open(b, b)
      } else {
        let other = larger == worst.first ? worst.second : worst.first
        open(a, other)
        open(b, other)
      }
    }
    return 1
  }

  private func cone(_ generators: [Double]) -> Cone {
    let r = rank
    let words = (unitRows.rows + 63) / 64
    var cone = Cone(
      generators: generators, stretch: .infinity, edge: (-1, 0, 0),
      positive: Array(repeating: 0, count: words), negative: Array(repeating: 0, count: words))
    let rows = (0..<r).map { Array(generators[($0 * r)..<(($0 + 1) * r)]) }
    let axis = rows.reduce(Array(repeating: 0.0, count: r)) { zip($0, $1).map(+) }.normalized
    let nearest = rows.map { dot($0, axis) }.min() ?? 0
    cone.stretch = 1 / (nearest - Self.rounding)
    for i in 0..<r {
      for j in 0..<i {
        let square = zip(rows[i], rows[j]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        if square > cone.edge.square { cone.edge = (square, j, i) }
      }
    }
    let heights = unitRows.timesTransposed(Matrix(rows))
    for h in 0..<unitRows.rows {
      let row = heights.row(h)
      let bit = UInt64(1) << UInt64(h % 64)
      if row.allSatisfy({ $0 > Self.rounding }) { cone.positive[h / 64] |= bit }
      if row.allSatisfy({ $0 < -Self.rounding }) { cone.negative[h / 64] |= bit }
    }
    return cone
  }

  private mutating func bisect(_ index: Int) -> (Int, Int) {
    if let halves = cones[index].halves { return halves }
    let r = rank
    let parent = cones[index]
    let middle = (0..<r).map {
      parent.generators[parent.edge.from * r + $0] + parent.generators[parent.edge.to * r + $0]
    }.normalized
    for replaced in [parent.edge.to, parent.edge.from] {
      var generators = parent.generators
      generators.replaceSubrange((replaced * r)..<((replaced + 1) * r), with: middle)
      cones.append(cone(generators))
    }
    let halves = (cones.count - 2, cones.count - 1)
    cones[index].halves = halves
    return halves
  }

  private func areSeparated(_ first: Int, _ second: Int) -> Bool {
    let (a, b) = (cones[first], cones[second])
    for k in a.positive.indices where a.positive[k] & b.negative[k] | a.negative[k] & b.positive[k] != 0 {
      return true
    }
    return false
  }

  /// A lower bound of vᵀw for unit v, w in the two cones.
  private func cosine(_ first: Int, _ second: Int) -> Double {
    let (a, b) = (cones[first], cones[second])
    let r = rank
    var least = 1.0
    for i in 0..<r {
      for j in 0..<r {
        var product = 0.0
        for k in 0..<r { product += a.generators[i * r + k] * b.generators[j * r + k] }
        least = min(least, product)
      }
    }
    least -= Self.rounding
    return max(-1, least < 0 ? least * a.stretch * b.stretch : least)
  }
}
