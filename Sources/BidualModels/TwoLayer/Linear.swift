import BidualArrangements
import BidualLinear
import BidualPolars

/// Two-layer linear networks, f(x) = b + Σⱼ αⱼuⱼᵀx.
public struct Linear: Architecture {
  /// `linear`.
  public static let name = "linear"
  /// In words.
  public var networks: String { "two-layer linear network of any width" }

  /// Linear networks.
  public init() {}

  /// The atoms over the rows of a design.
  public func atoms(of design: Matrix) -> any Atoms { LinearAtoms(Geometry(design)) }

  /// The network without neurons.
  public func constant(inputs: Int, offset: Double?) -> any Network {
    TwoLayerNetwork.zero(inputs: inputs, offset: offset, activation: .linear)
  }

  /// What β multiplies; infinite for a network of another kind.
  public func penalty(of network: any Network) -> Double {
    TwoLayerNetwork(network, .linear)?.weightDecay ?? .infinity
  }

  /// Where predictions and penalty are in real arithmetic; nil for a network of another kind.
  public func enclosure(of network: any Network, over design: Matrix) -> Enclosure? {
    TwoLayerNetwork(network, .linear)?.enclosure(over: design, .l2)
  }
}

/// The atoms Xu with ‖u‖ ≤ 1: those of one pattern with everything open.
package struct LinearAtoms: PatternedAtoms {
  package let geometry: Geometry

  /// The atoms over the rows of a design.
  package init(_ geometry: Geometry) { self.geometry = geometry }

  package var patterns: PatternSet {
    let samples = geometry.design.rows
    return PatternSet(rows: [Array(repeating: true, count: samples)], samples: samples)
  }

  package func activation(owners: [Int]) -> Activation { .linear }
}
