/// Bounds the polar κ(V), the largest value ⟨V, A⟩ over the unit atoms A of an architecture.
package protocol PolarOracle: Sendable {
  /// How far above a bound of these dual weights another search may end: by default by the rounding of one which goes on until its
  /// threshold is met.
  func room(_ weights: [Double]) -> ClaimRoom

  /// Bounds κ(V) for the dual weights V (one a row of the design).
  ///
  /// The answer is valid whenever the oracle stops: at the goal, after about `nodeLimit` cones or boxes, or when
  /// `isCancelled` says so.
  ///
  /// - Parameter progress: told now and then what is proven so far; by an oracle that answers at one go, never.
  func bound(
    _ weights: [Double], goal: PolarGoal, nodeLimit: Int, isCancelled: @Sendable () -> Bool,
    progress: (PolarProgress) -> Void
  ) -> PolarBound

  /// The oracle as one whose search can be divided; nil where it has no search over directions.
  var divisible: (any DivisiblePolar)? { get }
}

extension PolarOracle {
  /// None.
  package var divisible: (any DivisiblePolar)? { nil }

  /// Rounding alone.
  package func room(_ weights: [Double]) -> ClaimRoom { ClaimRoom(share: 0x1p-36) }

  /// The same without limits, where none are given.
  package func bound(
    _ weights: [Double], goal: PolarGoal, nodeLimit: Int = .max,
    isCancelled: @Sendable () -> Bool = { false }
  ) -> PolarBound {
    bound(weights, goal: goal, nodeLimit: nodeLimit, isCancelled: isCancelled, progress: { _ in })
  }
}

/// What a search that is under way has proven so far.
package struct PolarProgress: Sendable {
  /// An upper bound of κ(V) that holds in real arithmetic.
  package let upper: Double
  /// How many cones or boxes were looked at.
  package let nodes: Int
}

/// What an oracle is to do about values above a threshold.
package enum PolarGoal: Sendable, Equatable {
  /// Prove κ ≤ threshold; stop once `maximumViolators` directions above it are known.
  case prove(threshold: Double, maximumViolators: Int)
  /// Find κ to this relative accuracy, with no interest in bounds below `floor`.
  case maximize(relativeTolerance: Double, floor: Double)

  /// Whether a threshold is to be proven.
  var isProof: Bool { if case .prove = self { true } else { false } }

  /// The bound below which there is no interest in a better one.
  var enough: Double {
    switch self {
    case .prove(let threshold, _): threshold
    case .maximize(_, let floor): floor
    }
  }
}
