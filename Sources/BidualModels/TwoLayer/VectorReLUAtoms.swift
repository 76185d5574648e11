import BidualArrangements
import BidualLinear
import BidualPolars

/// The atoms (Xu)₊gᵀ with ‖u‖ ≤ 1 and ‖g‖ ≤ 1 of networks with several outputs (SEPP21), pooled where samples have several rows.
package struct VectorReLUAtoms: RestrictableAtoms {
  package let geometry: Geometry
  package let pooling: RowPooling
  /// The number c of outputs.
  package let outputs: Int
  /// What makes networks of neurons.
  package let architecture: any RectifiedArchitecture

  /// The atoms over the rows of a design.
  package init(
    _ geometry: Geometry, outputs: Int, pooling: RowPooling = .none,
    of architecture: any RectifiedArchitecture
  ) {
    self.geometry = geometry
    self.outputs = outputs
    self.pooling = pooling
    self.architecture = architecture
  }

  package func oracle(threads: Int) -> any PolarOracle {
    PooledPolar(
      TwoLayerVectorPolar(geometry, outputs: outputs, threads: threads), pooling: pooling, outputs: outputs)
  }

  package func oracle(restrictedTo restriction: PatternRestriction, threads: Int) -> any PolarOracle {
    PooledPolar(
      VectorConePolar(geometry.design, patterns: restriction.patterns, outputs: outputs, threads: threads),
      pooling: pooling, outputs: outputs)
  }

  package func keeps(_ network: any Network, to patterns: PatternSet, tolerance: Double) -> Bool {
    architecture.neurons(of: network)?.keeps(to: patterns, over: geometry.design, tolerance: tolerance)
      ?? false
  }
}
