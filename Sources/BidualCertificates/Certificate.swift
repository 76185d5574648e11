import BidualPolars

/// What is proven about a network: bounds around the best training objective of any network of its kind.
///
/// `lowerBound ≤ optimum ≤ objective` holds in real arithmetic. The lower bound is the dual objective at
/// sV, s ≤ β/κ̄, where κ̄ = `polarBound` was proven to be at least κ(V) over the whole scope.
public struct Certificate: Sendable, Equatable {
  /// Over what the lower bound is proven. Only `global` may be called certified.
  public enum Scope: String, Sendable, Codable {
    /// No network of the architecture, of any width, has a smaller objective.
    case global
    /// No network with the given activation patterns has.
    case restricted
    /// Nothing is proven.
    case none
  }

  /// The training objective of the network, rounded up.
  public let objective: Double
  /// The proven lower bound, rounded down.
  public let lowerBound: Double
  /// Over what the bound holds.
  public let scope: Scope
  /// The dual point V before scaling, one number a sample.
  public let dualPoint: [Double]
  /// A proven upper bound of the polar κ(V).
  public let polarBound: Double
  /// The factor s that scales the dual point into feasibility.
  public let dualScale: Double
  /// The patterns to which the bound of a ReLU network is restricted; nil for other scopes and architectures.
  public let restriction: PatternRestriction?

  /// A certificate from its parts.
  public init(
    objective: Double, lowerBound: Double, scope: Scope, dualPoint: [Double], polarBound: Double,
    dualScale: Double, restriction: PatternRestriction? = nil
  ) {
    precondition(lowerBound <= objective, "a lower bound above an objective disproves itself")
    self.objective = objective
    self.lowerBound = lowerBound
    self.scope = scope
    self.dualPoint = dualPoint
    self.polarBound = polarBound
    self.dualScale = dualScale
    self.restriction = restriction
  }

  /// (objective − lowerBound)/max(objective, 10⁻¹²).
  public var relativeGap: Double {
    objective.isFinite ? (objective - lowerBound) / max(objective, 1e-12) : .infinity
  }

  /// Whether the gap is at most `tolerance`, over all networks.
  public func isCertified(to tolerance: Double) -> Bool { scope == .global && relativeGap <= tolerance }
}
