/// A neuron as convex programs have it: the vector v = |α|u of its first-layer weights u and its output weight α, with
/// the sign of α.
///
/// Predictions are Σ s·φ(Xv), and the penalty of neurons in balance is β Σ‖v‖ (PE20, Theorem 1).
public struct Part: Sendable, Equatable, Codable {
  /// s, 1 or −1.
  public var sign: Double
  /// v.
  public var vector: [Double]

  /// A part from its sign and vector.
  public init(sign: Double, vector: [Double]) {
    self.sign = sign
    self.vector = vector
  }
}
