import BidualLinear

/// A polar that is bounded by a search of boxes, whole or in shares.
package protocol BoxPolar: DivisiblePolar {
  /// The row space whose coordinates boxes are in.
  var space: RowSpace { get }

  /// Bounds the polar on a share, or along all directions, and says where the boxes were that were dealt out, if it came to that.
  ///
  /// The answer is valid whenever the search stops: at the goal, after about `nodeLimit` bounds, or when
  /// `isCancelled` says so (asked every few boxes, by all threads). It is the same for every run and any number
  /// of threads unless it was cancelled. One that goes on from a kept state ends as if it had never been interrupted. `progress` is told each time that a twentieth of what was above the goal is gone.
  func search(
    _ share: SearchShare?, _ weights: [Double], goal: PolarGoal, nodeLimit: Int, kept: KeptSearch?,
    isCancelled: @Sendable () -> Bool, progress: (PolarProgress) -> Void
  ) -> (bound: PolarBound, places: [Double]?)
}

extension BoxPolar {
  /// Along all directions.
  package func bound(
    _ weights: [Double], goal: PolarGoal, nodeLimit: Int, isCancelled: @Sendable () -> Bool,
    progress: (PolarProgress) -> Void
  ) -> PolarBound {
    search(
      nil, weights, goal: goal, nodeLimit: nodeLimit, kept: nil, isCancelled: isCancelled,
      progress: progress
    ).bound
  }

  /// On a share of the directions.
  package func bound(
    on share: SearchShare, _ weights: [Double], goal: PolarGoal, kept: KeptSearch?,
    isCancelled: @Sendable () -> Bool, progress: (PolarProgress) -> Void
  ) -> ShareBound? {
    let found = search(
      share, weights, goal: goal, nodeLimit: .max, kept: kept, isCancelled: isCancelled, progress: progress)
    return found.places.map { ShareBound(bound: found.bound, division: space.coordinates.elements + $0) }
  }
}
