/// The room that a claim κ(V) ≤ κ̄ needs to be proven again, by a search that begins otherwise or on another processor.
///
/// A claim that is larger than what was proven is true all the same.
package struct ClaimRoom: Sendable {
  /// As a share of the bound.
  package let share: Double
  /// Beside it, however small it is: what rounding is worth where weights cancel.
  package let beside: Double

  /// A room from its parts.
  package init(share: Double, beside: Double = 0) {
    self.share = share
    self.beside = beside
  }

  /// The claim that a proven bound makes.
  package func claim(_ upper: Double) -> Double { upper * (1 + share) + beside }

  /// A bound that makes a claim of no more than this; of claims that are hardly more than the room, half.
  package func bound(_ claim: Double) -> Double { max((claim - beside) * (1 - 2 * share), 0.5 * claim) }
}
