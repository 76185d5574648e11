import BidualLinear

/// Patterns of chambers that are drawn evenly from all there are: a wide chamber is no likelier than a narrow one, as it is among
/// Gaussian gates (PE20, remark 3.2).
public struct ChamberGates: PatternSource {
  /// How many chambers to draw; all of them where there are fewer.
  public let draws: Int

  /// Beyond so many chambers they are not listed.
  private static let limit = 1_000_000

  /// A source of the patterns of `draws` chambers.
  public init(draws: Int) {
    self.draws = draws
  }

  /// Lists the chambers and draws some; the time is that of the list.
  /// - Throws: `PatternError.badCount`, `.noList`.
  public func add(to collection: inout PatternCollection, using generator: inout SeededGenerator)
    throws(PatternError)
  {
    guard draws > 0 else { throw .badCount(source: "subset", count: draws) }
    let tree: ChamberTree
    do {
      tree = try Arrangement(collection.data).chambers(limit: Self.limit)
    } catch {
      throw .noList(error)
    }
    var chambers = Array(0..<tree.count)
    for place in 0..<min(draws, chambers.count) {
      chambers.swapAt(place, Int.random(in: place..<chambers.count, using: &generator))
      collection.insert(tree.pattern(chambers[place]))
    }
  }
}
