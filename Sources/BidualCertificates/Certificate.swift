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
  public private(set) var objective: Double
  /// The proven lower bound, rounded down.
  public private(set) var lowerBound: Double
  /// Over what the bound holds.
  public let scope: Scope
  /// The dual point V before scaling, one number a sample and output, those of a sample together.
  public private(set) var dualPoint: [Double]
  /// A proven upper bound of the polar κ(V).
  public private(set) var polarBound: Double
  /// The factor s that scales the dual point into feasibility.
  public private(set) var dualScale: Double
  /// The patterns to which the bound of a ReLU network is restricted; nil for other scopes and architectures.
  package let restriction: PatternRestriction?

  /// What the best network without neurons costs, rounded down: the unit in which an objective counts as zero.
  public let reference: Double

  /// A certificate from its parts.
  ///
  /// - Throws: `ContradictoryBounds` if the lower bound is above the objective, or either is not a number.
  package init(
    objective: Double, lowerBound: Double, scope: Scope, dualPoint: [Double], polarBound: Double,
    dualScale: Double, restriction: PatternRestriction? = nil, reference: Double = 0
  ) throws(ContradictoryBounds) {
    guard lowerBound <= objective else {
      throw ContradictoryBounds(lowerBound: lowerBound, objective: objective)
    }
    self.objective = objective
    self.lowerBound = lowerBound
    self.scope = scope
    self.dualPoint = dualPoint
    self.polarBound = polarBound
    self.dualScale = dualScale
    self.restriction = restriction
    self.reference = reference
  }

  /// The same proof beside the objective of another network.
  ///
  /// Where the two contradict one another, one of them is false, and the proof is withdrawn: what is left is that
  /// no loss is negative, as the dual point 0 shows. A bound over given patterns contradicts nothing, since a ReLU
  /// network need not keep to them; it then becomes that objective.
  public func beside(objective: Double) -> Certificate {
    var certificate = self
    certificate.objective = objective
    guard !(lowerBound <= objective) else { return certificate }
    guard restriction == nil else {
      certificate.lowerBound = objective
      return certificate
    }
    certificate.lowerBound = objective >= 0 ? 0 : -.infinity
    certificate.dualPoint = dualPoint.map { _ in 0 }
    certificate.polarBound = 0
    certificate.dualScale = 0
    return certificate
  }

  /// The distance between the bounds, in units of the objective or, where that is larger, of 10⁻¹² of
  /// `reference`: (objective − lowerBound)/max(objective, 10⁻¹²·reference).
  ///
  /// It does not change with the scale of the problem.
  public var relativeGap: Double {
    Certificate.relativeGap(objective: objective, lowerBound: lowerBound, reference: reference)
  }

  /// The relative gap between an objective and a lower bound; 0 where they are equal.
  public static func relativeGap(objective: Double, lowerBound: Double, reference: Double = 0) -> Double {
    guard objective.isFinite, objective != lowerBound else { return objective.isFinite ? 0 : .infinity }
    return (objective - lowerBound) / gapUnit(objective: objective, reference: reference)
  }

  /// Whether the objective is so small beside `reference` that the gap is measured by the latter.
  public var isMeasuredByReference: Bool {
    Certificate.gapUnit(objective: objective, reference: reference) > objective
  }

  /// max(objective, 10⁻¹²·reference). A reference that is infinite, as that of interpolation is, tells no scale.
  static func gapUnit(objective: Double, reference: Double) -> Double {
    max(objective, reference.isFinite ? 1e-12 * reference : 0)
  }

  /// Whether the gap is at most `tolerance`, over all networks.
  public func isCertified(to tolerance: Double) -> Bool { scope == .global && relativeGap <= tolerance }
}
