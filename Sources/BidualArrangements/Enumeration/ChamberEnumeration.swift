import BidualLinear

extension Arrangement {
  /// Lists all open chambers, for data in any position, each with a point inside it and a neighbour nearer to a
  /// root chamber.
  ///
  /// The chambers are counted first, so that a limit is noticed before memory is spent and the listing is checked
  /// against an independent number; chambers near an undecided position have their points checked against every
  /// hyperplane. `RaySweep` finds them, in the time given there; the result is the same in every run. Memory: at
  /// most 75 + 16r bytes a chamber on the way, 8 + 8r in the result.
  ///
  /// - Parameters:
  ///   - limit: the largest number of chambers to list.
  ///   - isCancelled: asked now and then; the enumeration ends when it answers true.
  /// - Throws: `ArrangementError.tooManyChambers`, `.cancelled`, or `.ambiguous` if near-degenerate positions
  ///   make the listing contradict itself at this tolerance.
  public func chambers(
    limit: Int = 10_000_000, isCancelled: @escaping () -> Bool = { false }
  ) throws(ArrangementError) -> ChamberTree {
    let expected = try chamberCount(limit: min(limit, Int(Int32.max)), isCancelled: isCancelled)
    if rank == 0 {
      return ChamberTree(arrangement: self, parents: [-1], crossings: [-1], rootSides: [], innerPoints: [])
    }
    let rootSides = sidesOfRoot()
    let words = Fingerprint.words(count: hyperplaneCount)
    var outward = normals.elements
    for h in 0..<hyperplaneCount where rootSides[h] {
      for k in 0..<rank { outward[h * rank + k].negate() }
    }
    // Lines in the plane are all distinct by now; nothing is left to be decided.
    let sweepTolerance = rank == 2 ? 0 : tolerance
    let table = try RaySweep.chambers(
      of: RaySweep.Arrangement(rank: rank, normals: outward, words: words), tolerance: sweepTolerance,
      table: ChamberTable(dimension: rank, expectedCount: expected), isCancelled: isCancelled)
    guard table.count == expected, let root = table.index(of: Fingerprint()),
      let parents = Self.parents(in: table, words: words)
    else { throw .ambiguous(tolerance: tolerance) }
    let (tree, doubtful) = depthFirst(table, parents: parents, root: root, rootSides: rootSides)
    guard doubtful.allSatisfy({ tree.pointLiesInChamber($0) }) else { throw .ambiguous(tolerance: tolerance) }
    return tree
  }

  /// The sides of a point that keeps its distance from every hyperplane, the best of a few random ones.
  private func sidesOfRoot() -> [Bool] {
    var generator = SeededGenerator(seed: 1)
    var best: [Double] = []
    var bestMargin = -1.0
    for _ in 0..<32 {
      let point = (0..<rank).map { _ in generator.nextGaussian() }
      let values = (0..<hyperplaneCount).map { h in
        (0..<rank).reduce(0) { $0 + normals[h, $1] * point[$1] }
      }
      let margin = values.reduce(.infinity) { min($0, abs($1)) }
      if margin > bestMargin {
        best = values
        bestMargin = margin
      }
    }
    return best.map { $0 > 0 }
  }

  /// Each chamber's neighbour across its crossing, −1 for the root; nil if a neighbour is missing.
  private static func parents(in table: ChamberTable, words: [Fingerprint]) -> [Int32]? {
    var parents = [Int32](repeating: -1, count: table.count)
    var isWhole = true
    table.forEach { key, index in
      let crossing = table.crossings[index]
      if crossing >= 0, let parent = table.index(of: key ^ words[Int(crossing)]) {
        parents[index] = Int32(parent)
      } else if key != Fingerprint() {
        isWhole = false
      }
    }
    return isWhole ? parents : nil
  }

  /// The tree with its chambers renumbered in depth-first order, each point scaled to unit length, and the
  /// chambers whose points need checking.
  private func depthFirst(
    _ table: ChamberTable, parents: [Int32], root: Int, rootSides: [Bool]
  ) -> (tree: ChamberTree, doubtful: [Int]) {
    let count = table.count
    // Children as linked lists: first child of each chamber, next sibling of each chamber.
    var firstChild = [Int32](repeating: -1, count: count)
    var nextSibling = [Int32](repeating: -1, count: count)
    for chamber in stride(from: count - 1, through: 0, by: -1) where parents[chamber] >= 0 {
      nextSibling[chamber] = firstChild[Int(parents[chamber])]
      firstChild[Int(parents[chamber])] = Int32(chamber)
    }
    var newParents: [Int32] = []
    var newCrossings: [Int32] = []
    var points: [Double] = []
    var doubtful: [Int] = []
    newParents.reserveCapacity(count)
    newCrossings.reserveCapacity(count)
    points.reserveCapacity(count * rank)
    var pending: [(chamber: Int32, parent: Int32)] = [(Int32(root), -1)]
    while let (chamber, parent) = pending.popLast() {
      let old = Int(chamber)
      let new = Int32(newParents.count)
      newParents.append(parent)
      newCrossings.append(parent < 0 ? -1 : table.crossings[old])
      let sum = table.raySums[(old * rank)..<((old + 1) * rank)]
      let length = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
      for value in sum { points.append(value / length) }
      if table.isDoubtful[old] || (parent >= 0 && isThin(Int(new), points, newCrossings)) {
        doubtful.append(Int(new))
      }
      // The sibling waits below the child, so a subtree is finished before the next one starts.
      if nextSibling[old] >= 0, parent >= 0 { pending.append((nextSibling[old], parent)) }
      if firstChild[old] >= 0 { pending.append((firstChild[old], new)) }
    }
    let tree = ChamberTree(
      arrangement: self, parents: newParents, crossings: newCrossings, rootSides: rootSides,
      innerPoints: points)
    return (tree, doubtful)
  }

  /// Whether a chamber's point is within a thousand rounding errors of the facet towards its parent.
  private func isThin(_ chamber: Int, _ points: [Double], _ crossings: [Int32]) -> Bool {
    var product = 0.0
    for k in 0..<rank { product += normals[Int(crossings[chamber]), k] * points[chamber * rank + k] }
    return abs(product) < 1000 * rounding
  }
}
