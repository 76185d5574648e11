import BidualModels
import BidualPolars

extension Certifier {
  /// What is proven of a dual point along one share of all directions.
  public struct ShareProof: Sendable {
    /// The dual point, in the domain of the conjugate.
    public let dualPoint: [Double]
    /// A bound of what the share's atoms take against it, with room for another processor's rounding.
    public let polarBound: Double
    /// What all directions were divided by: shares make up all of them if these numbers are the same for all.
    public let division: [Double]
    /// Whether the bound is what the gap needs.
    public let isEnough: Bool
    /// The number of cones or boxes bounded.
    public let nodes: Int
  }

  /// How much of the gap shares need not leave to the oracle's own charges for rounding.
  private static let shareOfGap = 0.99

  /// Whether the proof of a polar bound is a search over directions, which can be divided.
  public var isDivisible: Bool { oracle.divisible != nil }

  /// Bounds the polar of a dual point along a share of all directions, as tightly as a relative gap of `network` needs, or where that
  /// can't be to this relative accuracy; nil where the effort ended before directions were divided.
  ///
  /// The largest bound of all shares of one division bounds κ(V). The oracle must be divisible.
  ///
  /// - Parameter kept: where the search begins and what becomes of its states. A state is taken at its word.
  package func proof(
    of share: SearchShare, dualPoint: [Double], beside network: any Network, gap: Double,
    kept: KeptSearch? = nil, effort: Effort = Effort()
  ) -> ShareProof? {
    guard let oracle = oracle.divisible else {
      preconditionFailure("the proof is no search over directions")
    }
    let dualPoint = feasibleDualPoint(dualPoint)
    let objective = objective(of: network)
    let floor = threshold(dualPoint, objective: objective, gap: Self.shareOfGap * gap)
    return polar(dualPoint, goal: .maximize(relativeTolerance: gap, floor: floor)) { goal, total in
      let found = oracle.bound(
        on: share, dualPoint, goal: goal, kept: kept, isCancelled: effort.isCancelled, progress: { _ in })
      guard let found else { return nil }
      let bound = room(dualPoint).claim(total(found.bound.upper))
      let lower = lowerBound(dualPoint, polarBound: bound).value
      return ShareProof(
        dualPoint: dualPoint, polarBound: bound, division: found.division,
        isEnough: relativeGap(objective: objective, lowerBound: lower) <= gap, nodes: found.bound.nodes)
    }
  }

  /// The certificate of a network by a dual point whose polar is taken to be at most `polarBound`, as proofs of all shares say.
  ///
  /// It claims what they proved, and `verify` proves it again; a claim that contradicts the network's objective is withdrawn.
  public func certificate(of network: any Network, dualPoint: [Double], polarBound: Double) -> Certificate {
    certificate(
      objective(of: network), lowerBound(dualPoint, polarBound: polarBound), dualPoint: dualPoint,
      polarBound: polarBound)
  }
}
