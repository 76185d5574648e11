import BidualLinear

/// The complements of the patterns found so far: those of −u for each gate u.
public struct ComplementGates: PatternSource {
  /// A source of complements.
  public init() {}

  /// Adds the complements of the patterns that sources before this one have found; O(Pnd).
  public func add(to collection: inout PatternCollection, using generator: inout SeededGenerator)
    throws(PatternError)
  {
    collection.insertComplements()
  }
}
