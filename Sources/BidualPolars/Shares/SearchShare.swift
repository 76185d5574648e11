/// One of the equal shares into which a search over all directions is divided.
///
/// A search is first opened in the same way for every share, until there are some boxes or cones for each; these are dealt out
/// in order, the largest bound first.
package struct SearchShare: Sendable, Equatable {
  /// Which share, from 0 on.
  package let index: Int
  /// How many shares there are.
  package let count: Int

  /// A share by its index.
  package init(_ index: Int, of count: Int) {
    precondition((0..<count).contains(index), "a share is one of all")
    self.index = index
    self.count = count
  }

  /// So many open boxes or cones are dealt out, or fewer after so many bounds.
  var opening: (regions: Int, nodes: Int) { (count == 1 ? 0 : 32 * count, 2000 * count) }
  /// How many bounds a search computes at a stretch while it opens: few, so that there are soon many boxes or cones.
  static let limitOfOpening = 64

  /// Whether a search with so many open boxes or cones, after so many bounds, is to be divided.
  func isDue(regions: Int, nodes: Int) -> Bool { regions >= opening.regions || nodes >= opening.nodes }

  /// The places of those that are this share's, among so many in order.
  func own(_ regions: Int) -> StrideTo<Int> { stride(from: index, to: regions, by: count) }
}
