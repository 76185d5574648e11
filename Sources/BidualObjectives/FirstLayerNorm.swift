/// How the penalty measures a neuron's first-layer weights u.
///
/// The atoms are (Xu)₊ with ‖u‖ ≤ 1 in this norm, and the penalty of a network is β Σⱼ‖uⱼ‖|αⱼ|. Under ℓ₂
/// that is, for neurons in balance, weight decay: β/2 Σⱼ(‖uⱼ‖² + αⱼ²) (PE20, Lemma 2). Under ℓ₁ (W25,
/// Theorem 3.1) few features enter a neuron.
public enum FirstLayerNorm: String, Sendable, Codable, CaseIterable {
  /// The Euclidean norm.
  case l2
  /// The sum of absolute values.
  case l1

  /// ‖u‖ in this norm.
  public func length(_ u: some Sequence<Double>) -> Double {
    var sum = 0.0
    switch self {
    case .l2:
      for x in u { sum += x * x }
      return sum.squareRoot()
    case .l1:
      for x in u { sum += abs(x) }
      return sum
    }
  }

  /// u scaled to length 1 in this norm; a zero vector stays zero.
  public func normalized(_ u: [Double]) -> [Double] {
    let length = length(u)
    return length > 0 ? u.map { $0 / length } : u
  }
}
