/// The state of a search of directions between two batches.
package enum SearchState: Sendable {
  /// By boxes.
  case boxes(BoxSearchState)
  /// By cones.
  case cones(ConeSearchState)
}
