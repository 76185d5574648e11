/// What a search of one share found.
package struct ShareBound: Sendable {
  /// A bound of the values of all atoms whose directions are in the share.
  package let bound: PolarBound
  /// What the search was divided by: the coordinates of the rows, and where the boxes or cones are that were dealt out. Shares
  /// whose numbers are the same make up all directions.
  package let division: [Double]

  /// With the least of its own bound and one over all directions.
  func beside(_ whole: PolarBound?) -> ShareBound {
    guard let whole, whole.upper < bound.upper else { return self }
    return ShareBound(
      bound: PolarBound(
        upper: whole.upper, maximizers: bound.maximizers, isComplete: bound.isComplete || whole.isComplete,
        nodes: bound.nodes), division: division)
  }
}
