/// The polar κ(V) of two-layer ReLU atoms with c outputs by the best means at hand: the relaxation of `VectorSpikeFreePolar` where the design
/// is spike-free or nearly so, the boxes of `VectorPolar` elsewhere and where it leaves a gap.
///
/// Dual points are V row after row, n·c numbers.
package struct TwoLayerVectorPolar: DivisiblePolar {
  private let spikeFree: VectorSpikeFreePolar?
  private let boxes: VectorPolar

  /// An oracle in the coordinates of a design's row space.
  package init(_ geometry: Geometry, outputs: Int, threads: Int = 1) {
    spikeFree = geometry.spikeFree.map {
      VectorSpikeFreePolar($0, coordinates: geometry.coordinates, outputs: outputs)
    }
    boxes = VectorPolar(geometry, outputs: outputs, threads: threads)
  }

  /// Bounds κ(V) for the dual weights V; see `VectorPolar.bound`.
  package func bound(
    _ weights: [Double], goal: PolarGoal, nodeLimit: Int, isCancelled: @Sendable () -> Bool,
    progress: (PolarProgress) -> Void
  ) -> PolarBound {
    func search() -> PolarBound {
      boxes.bound(weights, goal: goal, nodeLimit: nodeLimit, isCancelled: isCancelled, progress: progress)
    }
    guard let spikeFree else { return search() }
    let closed = spikeFree.bound(weights, goal: goal, isCancelled: isCancelled)
    if closed.isComplete || goal.isProof && !closed.maximizers.isEmpty { return closed }
    let found = search()
    return PolarBound(
      upper: min(closed.upper, found.upper),
      maximizers: found.maximizers.isEmpty ? closed.maximizers : found.maximizers,
      isComplete: found.isComplete, nodes: closed.nodes + found.nodes)
  }

  package func bound(
    on share: SearchShare, _ weights: [Double], goal: PolarGoal, kept: KeptSearch?,
    isCancelled: @Sendable () -> Bool, progress: (PolarProgress) -> Void
  ) -> ShareBound? {
    let closed = spikeFree?.bound(weights, goal: goal, isCancelled: isCancelled)
    if let closed, closed.isComplete { return ShareBound(bound: closed, division: []) }
    return boxes.bound(
      on: share, weights, goal: goal, kept: kept, isCancelled: isCancelled, progress: progress
    )?.beside(closed)
  }
}
