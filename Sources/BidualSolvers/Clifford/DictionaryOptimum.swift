import BidualCertificates
import BidualPolars

/// What is known about the optimum p_C of the Clifford lasso with p = 2, and by it about the optimum p* of
/// training: p* ≤ p_C ≤ p*/(1 − ε).
///
/// These are numbers of floating point, good to rounding; what is proven is in the certificate.
public struct DictionaryOptimum: Sendable, Equatable {
  /// The lasso's objective: an upper bound of p_C. The network's, its neurons merged, may be smaller.
  public let objective: Double
  /// A lower bound of p_C, from the largest value that a ray takes against the dual point.
  public let lowerBound: Double
  /// The maximum chamber diameter ε, or an upper bound of it.
  public let diameter: ChamberDiameter

  /// (objective − lowerBound)/objective: whether the lasso itself was solved.
  public var relativeGap: Double {
    Certificate.relativeGap(objective: objective, lowerBound: lowerBound)
  }

  /// What p* is at least by p_C ≤ p*/(1 − ε²/2), which is sharper than p*/(1 − ε); 0 where ε is too large to say.
  public var optimumAtLeast: Double { max(0, lowerBound / diameter.inflation) }
}
