import BidualLinear

/// Neighbours of the chambers that the gates found so far lie in, across the nearest hyperplanes of each.
///
/// A trained network's neurons lie at the facets of their chambers, so that the optimum over its own patterns is
/// hardly below the network; what lies behind those facets lets neurons move on. The neighbours
/// are those of `PatternCollection.insertNeighbours(across:)`.
public struct NeighbourGates: PatternSource {
  /// Across how many of its nearest hyperplanes each gate looks.
  public let hyperplanes: Int

  /// A source of neighbours across so many hyperplanes a gate.
  public init(across hyperplanes: Int) {
    self.hyperplanes = hyperplanes
  }

  /// Adds the neighbours of the patterns that sources before this one have found; O(P·hyperplanes·nd).
  /// - Throws: `PatternError.badCount`, `.tooMany`.
  public func add(to collection: inout PatternCollection, using generator: inout SeededGenerator)
    throws(PatternError)
  {
    guard hyperplanes > 0 else { throw .badCount(source: "neighbours", count: hyperplanes) }
    let found = Double(collection.count) * Double(1 + min(hyperplanes, collection.data.rows))
    try collection.requireMemory(found, source: "neighbours", count: hyperplanes)
    collection.insertNeighbours(across: hyperplanes)
  }
}
