/// All chambers of an arrangement, as a spanning tree of their adjacency graph.
///
/// Chamber 0 is the root. Every other chamber shares a facet with its parent, on `flippedHyperplane`, and is
/// separated from the root by one hyperplane more than its parent. Chambers stand in depth-first order: a
/// parent precedes its children, and a subtree is contiguous. A chamber costs 8 + 8r bytes; patterns and points
/// in original coordinates are made on demand.
public struct ChamberTree: Sendable {
  /// The arrangement whose chambers these are.
  public let arrangement: Arrangement

  private let parents: [Int32]
  private let crossings: [Int32]
  private let rootSides: [Bool]
  private let innerPoints: [Double]

  /// - Parameters:
  ///   - parents: −1 for the root, which comes first.
  ///   - rootSides: for each hyperplane whether the root lies on its normal's side.
  ///   - innerPoints: a point in each chamber, in inner coordinates.
  init(
    arrangement: Arrangement, parents: [Int32], crossings: [Int32], rootSides: [Bool], innerPoints: [Double]
  ) {
    self.arrangement = arrangement
    self.parents = parents
    self.crossings = crossings
    self.rootSides = rootSides
    self.innerPoints = innerPoints
  }

  /// The number of chambers.
  public var count: Int { parents.count }

  /// A chamber's parent, or nil for the root; O(1).
  public func parent(_ chamber: Int) -> Int? {
    parents[chamber] < 0 ? nil : Int(parents[chamber])
  }

  /// The one hyperplane that separates a chamber from its parent, or nil for the root; O(1).
  public func flippedHyperplane(_ chamber: Int) -> Int? {
    crossings[chamber] < 0 ? nil : Int(crossings[chamber])
  }

  /// A unit vector u ∈ R^d inside a chamber: sign(x_iᵀu) gives its pattern. O(d r).
  public func interiorPoint(_ chamber: Int) -> [Double] {
    arrangement.originalPoint(innerPoint(chamber))
  }

  /// The same point in the arrangement's r inner coordinates; O(1).
  public func innerPoint(_ chamber: Int) -> ArraySlice<Double> {
    innerPoints[(chamber * arrangement.rank)..<((chamber + 1) * arrangement.rank)]
  }

  /// For each hyperplane whether a chamber lies on its normal's side: O(m + depth).
  ///
  /// Read off the path to the root, so that no rounding is involved.
  public func sides(_ chamber: Int) -> [Bool] {
    var sides = rootSides
    var current = chamber
    while crossings[current] >= 0 {
      sides[Int(crossings[current])].toggle()
      current = Int(parents[current])
    }
    return sides
  }

  /// A chamber's activation pattern over the n rows of the data: O(n + depth).
  public func pattern(_ chamber: Int) -> ActivationPattern {
    arrangement.pattern(isPositive: sides(chamber))
  }

  /// Walks all chambers depth first, crossing one hyperplane a step.
  ///
  /// Anything that changes little when one hyperplane's rows change their activity, such as XᵀDv, can be carried
  /// along: there are 2(count − 1) crossings altogether, less the way back to the root at the end.
  /// - Parameters:
  ///   - cross: called with a hyperplane and whether the walk enters its normal's side.
  ///   - visit: called with each chamber once, parents first, in order.
  public func walk(
    cross: (_ hyperplane: Int, _ entersPositive: Bool) throws -> Void, visit: (_ chamber: Int) throws -> Void
  ) rethrows {
    var sides = rootSides
    var current = 0
    for chamber in 0..<count {
      if chamber > 0 {
        while current != Int(parents[chamber]) {
          try step(over: current)
          current = Int(parents[current])
        }
        try step(over: chamber)
        current = chamber
      }
      try visit(chamber)
    }

    func step(over chamber: Int) throws {
      let hyperplane = Int(crossings[chamber])
      sides[hyperplane].toggle()
      try cross(hyperplane, sides[hyperplane])
    }
  }

  /// Whether a chamber's interior point is on the chamber's side of every hyperplane, by more than products with
  /// it are rounded; O(m r + depth).
  func pointLiesInChamber(_ chamber: Int) -> Bool {
    let rank = arrangement.rank
    return sides(chamber).enumerated().allSatisfy { h, isPositive in
      var product = 0.0
      for k in 0..<rank { product += arrangement.normals[h, k] * innerPoints[chamber * rank + k] }
      return isPositive ? product > arrangement.rounding : product < -arrangement.rounding
    }
  }
}
