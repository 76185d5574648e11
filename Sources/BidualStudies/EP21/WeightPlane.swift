import Bidual

/// A plane of three-layer networks through one of them, along random directions whose filters are as long as the network's own
/// (H. Li et al., NeurIPS 2018, §4).
struct WeightPlane {
  private let center: ThreeLayerNetwork
  private let first: ThreeLayerNetwork
  private let second: ThreeLayerNetwork

  init(through center: ThreeLayerNetwork, using random: inout SeededGenerator) {
    self.center = center
    first = Self.direction(of: center, &random)
    second = Self.direction(of: center, &random)
  }

  /// The network at a point of the plane; (0, 0) is the middle.
  func network(_ a: Double, _ b: Double) -> ThreeLayerNetwork {
    func moved(_ part: (ThreeLayerNetwork) -> [Double]) -> [Double] {
      let (x, u, v) = (part(center), part(first), part(second))
      return x.indices.map { x[$0] + a * u[$0] + b * v[$0] }
    }
    return ThreeLayerNetwork(
      hidden: Matrix(
        rows: center.hidden.rows, columns: center.inputs, elements: moved { $0.hidden.elements }),
      inner: moved { $0.inner }, output: moved { $0.output }, width: center.width)
  }

  /// Gaussian weights; each unit of the first layer, each second layer and the third one as long as in the network.
  private static func direction(of network: ThreeLayerNetwork, _ random: inout SeededGenerator)
    -> ThreeLayerNetwork
  {
    func filters(_ weights: [Double], _ size: Int) -> [Double] {
      stride(from: 0, to: weights.count, by: max(1, size)).flatMap { start in
        let drawn = (0..<size).map { _ in random.nextGaussian() }
        let scale = norm(weights[start..<(start + size)]) / max(norm(drawn), .leastNormalMagnitude)
        return drawn.map { scale * $0 }
      }
    }
    return ThreeLayerNetwork(
      hidden: Matrix(
        rows: network.hidden.rows, columns: network.inputs,
        elements: filters(network.hidden.elements, network.inputs)),
      inner: filters(network.inner, network.width), output: filters(network.output, network.output.count),
      width: network.width)
  }
}
