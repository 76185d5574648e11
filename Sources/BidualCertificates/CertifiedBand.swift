import BidualLinear
import BidualModels

/// Bounds of the optimum p*(β) for every β at once, from networks and proofs at some.
///
/// p*(β) = min_F L(F) + βP(F) is the least of functions that are linear in β and rise: it is concave and rises. So
///
/// - each network bounds it from above, by its own objective at β;
/// - each dual point V with a proven κ̄ ≥ κ(V) bounds it from below, since (β/κ̄)V is feasible at β;
/// - between two values of β it is above the chord of any two lower bounds there, and beyond the largest above the bound there.
///
/// - Source: the second is what makes paths safe in E. Ndiaye et al., *Safe grid search with optimal complexity* (ICML 2019).
public struct CertifiedBand: Sendable {
  /// A network at some β, and what was proven there.
  public struct Point: Sendable {
    /// The β.
    public let beta: Double
    /// The network.
    public let network: any Network
    /// What was proven of it, over all networks of its kind.
    public let certificate: Certificate

    /// A point of a path.
    public init(beta: Double, network: any Network, certificate: Certificate) {
      self.beta = beta
      self.network = network
      self.certificate = certificate
    }
  }

  private let problem: TrainingProblem
  private let points: [Point]
  /// What is proven at single values of β: at 0 by the loss alone, and at each point.
  private let proven: [(beta: Double, lowerBound: Double)]

  /// The band of a problem, whose own β plays no part, from some points.
  ///
  /// Certificates of other scopes than `global` bound nothing here; their networks do.
  public init(_ problem: TrainingProblem, points: [Point]) {
    self.problem = problem
    self.points = points
    let floor = Certifier(problem).lowerBound(problem.targets.map { _ in 0 }, polarBound: 0).value
    proven =
      [(0, floor)]
      + points.filter { $0.certificate.scope == .global }.map { ($0.beta, $0.certificate.lowerBound) }
  }

  /// Numbers between which the optimum at β is.
  ///
  /// - Throws: `DataError` of kind `badData` if β is no positive number in range.
  /// - Complexity: O(nK(m + 60) + K²) for K points with networks of m neurons.
  public func bounds(at beta: Double) throws(DataError) -> (lower: Double, upper: Double) {
    let certifier = Certifier(try problem.replacing(beta: beta))
    var upper = Double.infinity
    var lower = chords(at: beta)
    for point in points {
      upper = min(upper, certifier.objective(of: point.network))
      guard point.certificate.scope == .global else { continue }
      lower = max(
        lower,
        certifier.lowerBound(point.certificate.dualPoint, polarBound: point.certificate.polarBound).value)
    }
    return (lower, upper)
  }

  /// The highest chord above β, or the highest bound at a smaller β.
  private func chords(at beta: Double) -> Double {
    var best = -Double.infinity
    for left in proven where left.beta <= beta {
      best = max(best, left.lowerBound)
      for right in proven where right.beta > beta {
        let share = (beta - left.beta) / (right.beta - left.beta)
        let height = left.lowerBound * (1 - share) + right.lowerBound * share
        // The share and the sum are each off by some roundings.
        let lost = 0x1p-48 * max(abs(left.lowerBound), abs(right.lowerBound))
        best = max(best, height - lost)
      }
    }
    return best
  }
}
