import BidualArrangements
import BidualLinear
import BidualPolars

/// Two-layer linear networks, f(x) = b + Σⱼ αⱼuⱼᵀx.
package struct Linear: Architecture {
  /// `linear`.
  package static let name = "linear"
  /// In words.
  package var networks: String { "two-layer linear network of any width" }

  /// Linear networks.
  package init() {}

  /// Any number.
  package func allows(outputs: Int) -> Bool { outputs > 0 }

  /// The atoms over the rows of a design.
  package func atoms(of design: Matrix, outputs: Int) -> any Atoms {
    LinearAtoms(Geometry(design), outputs: outputs)
  }

  /// The same along few directions.
  package func atoms(of design: Matrix, outputs: Int, rank: Int) -> (any Atoms)? {
    LinearAtoms(Geometry(design, rank: rank), outputs: outputs)
  }

  /// The network without neurons.
  package func constant(inputs: Int, outputs: Int, offsets: [Double]) -> any Network {
    TwoLayerNetwork.zero(inputs: inputs, outputs: outputs, offsets: offsets, activation: .linear)
  }

  /// What β multiplies; infinite for a network of another kind.
  package func penalty(of network: any Network) -> Double {
    TwoLayerNetwork(network, .linear)?.weightDecay ?? .infinity
  }

  /// Where predictions and penalty are in real arithmetic; nil for a network of another kind.
  package func enclosure(of network: any Network, over design: Matrix) -> Enclosure? {
    TwoLayerNetwork(network, .linear)?.enclosure(over: design, .l2)
  }
}

/// The atoms Xugᵀ with ‖u‖ ≤ 1 and ‖g‖ ≤ 1: those of one pattern with everything open.
package struct LinearAtoms: PatternedAtoms {
  package let geometry: Geometry
  package let outputs: Int

  /// The atoms over the rows of a design.
  package init(_ geometry: Geometry, outputs: Int = 1) {
    self.geometry = geometry
    self.outputs = outputs
  }

  package var patterns: PatternSet {
    let samples = geometry.design.rows
    return PatternSet(rows: [Array(repeating: true, count: samples)], samples: samples)
  }

  package func activation(owners: [Int]) -> Activation { .linear }
}
