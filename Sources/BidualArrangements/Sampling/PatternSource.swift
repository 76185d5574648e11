import BidualLinear

/// Where activation patterns come from.
public protocol PatternSource: Sendable {
  /// Adds the source's patterns to a collection.
  ///
  /// A source that may take long asks `collection.shouldStop()` now and then and ends where it says so.
  /// - Parameters:
  ///   - collection: what they join; it holds the data.
  ///   - generator: the source of all randomness.
  /// - Throws: `PatternError`.
  func add(to collection: inout PatternCollection, using generator: inout SeededGenerator)
    throws(PatternError)
}

/// A source that needs no more than a number, under the name that users give it.
public struct CountedPatternSource: Sendable {
  /// The name, such as `gaussian` in `gaussian:500`.
  public let name: String
  /// What the number counts.
  public let counts: String
  /// The source for a number.
  public let make: @Sendable (Int) -> any PatternSource

  /// All such sources; a new one is registered here.
  public static let all: [CountedPatternSource] = [
    .init(name: "gaussian", counts: "gates drawn") { GaussianGates(draws: $0) },
    .init(name: "sparse", counts: "sparse gates drawn") { GaussianGates(draws: $0, density: 0.25) },
    .init(name: "clusters", counts: "clusters of rows") { ClusterGates(clusters: $0) },
    .init(name: "centres", counts: "clusters of rows, without bisectors") {
      ClusterGates(clusters: $0, bisects: false)
    },
    .init(name: "subset", counts: "chambers drawn evenly from all") { ChamberGates(draws: $0) },
    .init(name: "products", counts: "generalised cross products drawn") { ProductGates(draws: $0) },
    .init(name: "neighbours", counts: "hyperplanes crossed by each gate before it") {
      NeighbourGates(across: $0)
    },
  ]
}
