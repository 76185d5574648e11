import BidualModels

/// How a network stands to a bound that holds over given activation patterns only.
///
/// The bound of a certificate is cut at the network's objective, since a network that leaves the patterns may be
/// better than any that keeps to them. What the bound says of networks on the patterns, and whether it
/// says anything of the network at hand, is told here.
public struct RestrictedStanding: Sendable, Equatable {
  /// The number of patterns; of gated networks that of the gates.
  public let patterns: Int
  /// The proven lower bound of every network on the patterns, rounded down; it may be above the objective of a
  /// network that leaves them.
  public let lowerBound: Double
  /// Whether each neuron keeps to one of the patterns, to `tolerance`; gated networks always do.
  public let keepsToPatterns: Bool

  /// By how much of ‖u‖‖xᵢ‖ a neuron u may be on the wrong side of a sample's hyperplane and still keep to a pattern:
  /// neurons on facets of their cones are there to rounding only.
  public static let tolerance = 1e-9
}

extension Certifier {
  /// How `network` stands to the bound of `certificate`, one of this certifier's; nil where that is not restricted.
  ///
  /// - Complexity: O(nd(m + 100)) for the bound and the heights of m neurons, and O(mP) or more for P patterns.
  public func standing(of network: any Network, under certificate: Certificate) -> RestrictedStanding? {
    guard certificate.scope == .restricted, scope == .restricted,
      certificate.dualPoint.count == problem.targets.count
    else { return nil }
    let bound = lowerBound(certificate.dualPoint, polarBound: certificate.polarBound).value
    if let restriction, let atoms = problem.atoms as? any RestrictableAtoms {
      return RestrictedStanding(
        patterns: restriction.patterns.count, lowerBound: bound,
        keepsToPatterns: atoms.keeps(
          network, to: restriction.patterns, tolerance: RestrictedStanding.tolerance))
    }
    return problem.atoms.givenPatterns.map {
      RestrictedStanding(patterns: $0, lowerBound: bound, keepsToPatterns: true)
    }
  }
}
