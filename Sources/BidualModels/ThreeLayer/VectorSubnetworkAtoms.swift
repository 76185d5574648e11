import BidualLinear
import BidualPolars

/// The atoms (Σⱼ sⱼ(Xwⱼ)₊)₊gᵀ with signs sⱼ, Σⱼ‖wⱼ‖ ≤ 1 and ‖g‖ ≤ 1, j ≤ m₁, of parallel three-layer networks with several outputs.
package struct VectorSubnetworkAtoms: ParallelAtoms {
  package let geometry: Geometry
  package let width: Int
  /// The number c of outputs.
  package let outputs: Int

  /// The atoms over the rows of a design.
  package init(_ geometry: Geometry, width: Int, outputs: Int) {
    self.geometry = geometry
    self.width = width
    self.outputs = outputs
  }

  package func oracle(threads: Int) -> any PolarOracle {
    SubnetworkVectorPolar(geometry, width: width, outputs: outputs, threads: threads)
  }
}
