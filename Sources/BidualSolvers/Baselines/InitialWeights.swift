import BidualLinear

/// How a gradient method draws the weights that it begins with, layer by layer.
public enum InitialWeights: String, Sendable, Codable, CaseIterable {
  /// Normal, of variance 1/k for a layer of k inputs.
  case gaussian
  /// Uniform on ±1/√k, what PyTorch's linear layers begin with.
  case uniform
  /// Uniform on ±√(6/k), for layers before a ReLU (He et al., ICCV 2015, eq. 10, in its uniform form).
  case kaimingUniform = "kaiming-uniform"

  /// The weights of a layer.
  package func draw(_ count: Int, inputs: Int, using random: inout SeededGenerator) -> [Double] {
    let root = Double(max(1, inputs)).squareRoot()
    return (0..<count).map { _ in
      switch self {
      case .gaussian: random.nextGaussian() / root
      case .uniform: (2 * random.nextUniform() - 1) / root
      case .kaimingUniform: (2 * random.nextUniform() - 1) * 6.0.squareRoot() / root
      }
    }
  }
}
