import BidualArrangements
import BidualLinear
import BidualPolars

/// Gated ReLU networks (MSP22), f(x) = b + Σⱼ αⱼuⱼᵀx over the neurons whose gate is open at x.
package struct Gated: Architecture {
  /// `gated`.
  package static let name = "gated"
  /// The gates that neurons may have.
  package let gates: Gates
  /// In words.
  package var networks: String { "gated ReLU network on these \(gates.count) gates" }

  /// Networks on the given gates.
  package init(_ gates: Gates) { self.gates = Gates(vectors: gates.vectors) }

  /// Any number.
  package func allows(outputs: Int) -> Bool { outputs > 0 }

  /// The atoms over the rows of a design.
  package func atoms(of design: Matrix, outputs: Int) -> any Atoms {
    GatedAtoms(Geometry(design), gates: gates, outputs: outputs)
  }

  /// The same along few directions; gates see the rows as they are.
  package func atoms(of design: Matrix, outputs: Int, rank: Int) -> (any Atoms)? {
    GatedAtoms(Geometry(design, rank: rank), gates: gates, outputs: outputs)
  }

  /// The network without neurons.
  package func constant(inputs: Int, outputs: Int, offsets: [Double]) -> any Network {
    TwoLayerNetwork.zero(inputs: inputs, outputs: outputs, offsets: offsets, activation: .gated(gates))
  }

  /// What β multiplies; infinite for a network of another kind.
  package func penalty(of network: any Network) -> Double {
    TwoLayerNetwork(network, .gated(gates))?.weightDecay ?? .infinity
  }

  /// Where predictions and penalty are in real arithmetic; nil for a network of another kind.
  package func enclosure(of network: any Network, over design: Matrix) -> Enclosure? {
    TwoLayerNetwork(network, .gated(gates))?.enclosure(over: design, .l2)
  }
}

/// The atoms D(Xu)gᵀ with ‖u‖ ≤ 1 and ‖g‖ ≤ 1 of the patterns D of gates.
package struct GatedAtoms: PatternedAtoms {
  package let geometry: Geometry
  package let outputs: Int
  private let gates: Gates
  private let cached = Once<PatternSet>()
  package var givenPatterns: Int? { gates.count }

  /// The atoms of gates over the rows of a design.
  package init(_ geometry: Geometry, gates: Gates, outputs: Int = 1) {
    self.geometry = geometry
    self.outputs = outputs
    self.gates = gates
  }

  package var patterns: PatternSet {
    cached {
      PatternSet(rows: gates.patterns(over: geometry.design), samples: geometry.design.rows)
    }
  }

  package func activation(owners: [Int]) -> Activation {
    .gated(Gates(vectors: gates.vectors, owner: owners))
  }
}
