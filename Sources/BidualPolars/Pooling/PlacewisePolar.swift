/// The polar κ(V) of atoms with an output for each of the K rows of a sample, of which every row counts for its own: that of the
/// rows' atoms with K outputs at the dual point that has a sample's weight at each row's own place and zeros elsewhere.
///
/// Linear convolutions have such atoms, Σₖ Xₖu·aₖ, whose polar is ‖Σᵢ Vᵢ[xᵢ₁ … xᵢ_K]‖₂ (PE20, eq. 12).
package struct PlacewisePolar: PolarOracle {
  private let base: any PolarOracle
  private let pooling: RowPooling

  /// An oracle from that of the rows' atoms with K outputs.
  package init(_ base: any PolarOracle, pooling: RowPooling) {
    self.base = base
    self.pooling = pooling
  }

  /// Bounds κ(V) for the dual weights V, one a sample, as the oracle of the rows does.
  package func bound(
    _ weights: [Double], goal: PolarGoal, nodeLimit: Int, isCancelled: @Sendable () -> Bool,
    progress: (PolarProgress) -> Void
  ) -> PolarBound {
    base.bound(
      pooling.inOwnPlaces(weights), goal: goal, nodeLimit: nodeLimit, isCancelled: isCancelled,
      progress: progress)
  }
}
