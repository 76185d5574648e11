import BidualLinear
import BidualPolars

/// The atoms (Xu)₊gᵀ with ‖u‖ ≤ 1 and ‖g‖ ≤ 1 of networks with several outputs (SEPP21).
package struct VectorReLUAtoms: Atoms {
  package let geometry: Geometry
  /// The number c of outputs.
  package let outputs: Int

  /// The atoms over the rows of a design.
  package init(_ geometry: Geometry, outputs: Int) {
    self.geometry = geometry
    self.outputs = outputs
  }

  package func oracle(threads: Int) -> any PolarOracle {
    TwoLayerVectorPolar(geometry, outputs: outputs, threads: threads)
  }
}
