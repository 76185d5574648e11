import BidualArrangements
import BidualLinear
import BidualObjectives
import BidualPolars

/// Two-layer ReLU networks, f(x) = b + Σⱼ αⱼ(uⱼᵀx)₊, under weight decay (PE20; with several outputs SEPP21) or with
/// β Σⱼ‖uⱼ‖₁|αⱼ| (W25, Theorem 3.1).
package struct TwoLayer: Architecture {
  /// `two-layer`.
  package static let name = "two-layer"
  /// How the penalty measures first-layer weights.
  package let norm: FirstLayerNorm
  /// In words.
  package var networks: String { "two-layer ReLU network of any width" }

  /// Networks whose penalty measures first-layer weights by `norm`.
  package init(_ norm: FirstLayerNorm = .l2) { self.norm = norm }

  /// Any number under weight decay.
  package func allows(outputs: Int) -> Bool { outputs == 1 || (outputs > 1 && norm == .l2) }

  /// The atoms over the rows of a design.
  package func atoms(of design: Matrix, outputs: Int) -> any Atoms {
    norm == .l1
      ? SparseReLUAtoms(Geometry(design, keepsAxes: true)) : atoms(Geometry(design), outputs: outputs)
  }

  /// The same along few directions under the ℓ₂ norm; none under ℓ₁, which no rotation preserves.
  package func atoms(of design: Matrix, outputs: Int, rank: Int) -> (any Atoms)? {
    norm == .l1 ? nil : atoms(Geometry(design, rank: rank), outputs: outputs)
  }

  private func atoms(_ geometry: Geometry, outputs: Int) -> any Atoms {
    outputs == 1 ? ReLUAtoms(geometry) : VectorReLUAtoms(geometry, outputs: outputs, of: self)
  }

  /// The network without neurons.
  package func constant(inputs: Int, outputs: Int, offsets: [Double]) -> any Network {
    TwoLayerNetwork.zero(inputs: inputs, outputs: outputs, offsets: offsets)
  }

  /// What β multiplies; infinite for a network of another kind.
  package func penalty(of network: any Network) -> Double {
    TwoLayerNetwork(network, .relu)?.penalty(norm) ?? .infinity
  }

  /// Where predictions and penalty are in real arithmetic; nil for a network of another kind.
  package func enclosure(of network: any Network, over design: Matrix) -> Enclosure? {
    TwoLayerNetwork(network, .relu)?.enclosure(over: design, norm)
  }
}

extension TwoLayer: RectifiedArchitecture {
  package func network(_ neurons: TwoLayerNetwork) -> any Network { neurons }

  package func neurons(of network: any Network) -> TwoLayerNetwork? { TwoLayerNetwork(network, .relu) }

  package var heldNetworks: String { "two-layer ReLU network" }
}

/// The atoms (Xu)₊ with ‖u‖ ≤ 1.
package struct ReLUAtoms: RestrictableAtoms {
  package let geometry: Geometry

  /// The atoms over the rows of a design.
  package init(_ geometry: Geometry) { self.geometry = geometry }

  package func oracle(threads: Int) -> any PolarOracle { TwoLayerPolar(geometry, threads: threads) }

  package func oracle(restrictedTo restriction: PatternRestriction, threads: Int) -> any PolarOracle {
    PatternPolar(geometry.design, restriction: restriction)
  }

  package func keeps(_ network: any Network, to patterns: PatternSet, tolerance: Double) -> Bool {
    TwoLayerNetwork(network, .relu)?.keeps(to: patterns, over: geometry.design, tolerance: tolerance) ?? false
  }
}

/// The atoms (Xu)₊ with ‖u‖₁ ≤ 1.
package struct SparseReLUAtoms: Atoms {
  package let geometry: Geometry

  /// The atoms over the rows of a design, whose geometry keeps its axes.
  package init(_ geometry: Geometry) { self.geometry = geometry }

  package func oracle(threads: Int) -> any PolarOracle {
    SphericalBranchAndBound(geometry, norm: .l1, threads: threads)
  }
}
