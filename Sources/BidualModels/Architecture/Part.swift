/// A neuron as convex programs have it: the vector v = |α|u of its first-layer weights u and its output weight α, with
/// the sign of α.
///
/// Predictions are Σ s·φ(Xv), and the penalty of neurons in balance is β Σ‖v‖ (PE20, Theorem 1). Deeper networks have
/// sub-networks in place of neurons, whose vectors v hold all their first-layer weights.
package struct Part: Sendable, Equatable {
  /// s, 1 or −1.
  package var sign: Double
  /// v.
  package var vector: [Double]
  /// Which of the families of atoms φ it is of; 0 for architectures with one.
  package var family: Int

  /// A part from its sign and vector.
  package init(sign: Double, vector: [Double], family: Int = 0) {
    self.sign = sign
    self.vector = vector
    self.family = family
  }
}

extension Part: Codable {
  private enum Field: CodingKey { case sign, vector, family }

  /// A part as `encode(to:)` writes it.
  package init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Field.self)
    self.init(
      sign: try fields.decode(Double.self, forKey: .sign),
      vector: try fields.decode([Double].self, forKey: .vector),
      family: try fields.decodeIfPresent(Int.self, forKey: .family) ?? 0)
  }

  /// Writes the sign and the vector, and the family where there are several.
  package func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: Field.self)
    try fields.encode(sign, forKey: .sign)
    try fields.encode(vector, forKey: .vector)
    if family != 0 { try fields.encode(family, forKey: .family) }
  }
}
