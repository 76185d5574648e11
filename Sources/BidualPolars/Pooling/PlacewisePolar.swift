/// The polar κ(V) of atoms with outputs for each of the K rows of a sample, of which every row counts for its own: that of the
/// rows' atoms with K times as many outputs at the dual point that has a sample's weights at each row's own place and zeros elsewhere.
///
/// Linear convolutions have such atoms, Σₖ Xₖu·aₖᵀ, whose polar is ‖Σᵢ [xᵢ₁Vᵢ … xᵢ_KVᵢ]‖₂, Vᵢ a row of c numbers (PE20, eq. 12 and 19).
package struct PlacewisePolar: PolarOracle {
  private let base: any PolarOracle
  private let pooling: RowPooling
  private let outputs: Int

  /// An oracle from that of the rows' atoms with K times as many outputs as a sample has.
  package init(_ base: any PolarOracle, pooling: RowPooling, outputs: Int = 1) {
    self.base = base
    self.pooling = pooling
    self.outputs = outputs
  }

  /// Bounds κ(V) for the dual weights V (`outputs` a sample) as the oracle of the rows does.
  package func bound(
    _ weights: [Double], goal: PolarGoal, nodeLimit: Int, isCancelled: @Sendable () -> Bool,
    progress: (PolarProgress) -> Void
  ) -> PolarBound {
    base.bound(
      pooling.inOwnPlaces(weights, width: outputs), goal: goal, nodeLimit: nodeLimit,
      isCancelled: isCancelled,
      progress: progress)
  }

  /// That of the rows' atoms.
  package func room(_ weights: [Double]) -> ClaimRoom {
    base.room(pooling.inOwnPlaces(weights, width: outputs))
  }
}
