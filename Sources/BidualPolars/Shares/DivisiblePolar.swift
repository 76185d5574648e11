/// An oracle whose search can be divided into shares, for processes that do not talk to one another.
package protocol DivisiblePolar: PolarOracle {
  /// Bounds the values that atoms with directions in a share take against the dual weights V; nil where `isCancelled` ended the
  /// search before it was divided.
  ///
  /// The answer is valid whenever the search stops. The largest bound of all shares of one division bounds κ(V).
  ///
  /// - Parameter kept: where the search begins and what becomes of its states.
  func bound(
    on share: SearchShare, _ weights: [Double], goal: PolarGoal, kept: KeptSearch?,
    isCancelled: @Sendable () -> Bool, progress: (PolarProgress) -> Void
  ) -> ShareBound?
}

extension DivisiblePolar {
  /// Itself.
  package var divisible: (any DivisiblePolar)? { self }
}
