/// Bounds the polar κ(V), the largest value ⟨V, A⟩ over the unit atoms A of an architecture.
public protocol PolarOracle: Sendable {
  /// Bounds κ(V) for the dual weights V (one a row of the design).
  ///
  /// The answer is valid whenever the oracle stops: at the goal, after `nodeLimit` cones, or when
  /// `isCancelled` says so.
  func bound(
    _ weights: [Double], goal: PolarGoal, nodeLimit: Int, isCancelled: @Sendable () -> Bool
  ) -> PolarBound
}

/// What an oracle is to do about values above a threshold.
public enum PolarGoal: Sendable, Equatable {
  /// Prove κ ≤ threshold; stop once `maximumViolators` directions above it are known.
  case prove(threshold: Double, maximumViolators: Int)
  /// Find κ to this relative accuracy, with no interest in bounds below `floor`.
  case maximize(relativeTolerance: Double, floor: Double)
}
