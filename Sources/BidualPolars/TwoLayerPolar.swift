import BidualLinear

/// The polar κ(V) of two-layer ReLU atoms by the best means at hand: the convex problem of `SpikeFreePolar`
/// where the design is spike-free, the search of `SphericalBranchAndBound` elsewhere.
///
/// Beyond the ranks that can be searched, the smaller of the spectral bound and the bound by the design's
/// stretch is given; the latter is good for samples that are nearly orthogonal.
public struct TwoLayerPolar: PolarOracle {
  private let search: SphericalBranchAndBound
  private let spikeFree: SpikeFreePolar?

  /// An oracle for the rows of `design`, n×r, whose search runs on `threads` threads.
  public init(_ design: Matrix, threads: Int = 1) {
    search = SphericalBranchAndBound(design, threads: threads)
    spikeFree = SpikeFreePolar(design)
  }

  /// Bounds κ(V) for the dual weights V (one a row); see `SphericalBranchAndBound.bound`.
  public func bound(
    _ weights: [Double], goal: PolarGoal, nodeLimit: Int = .max,
    isCancelled: @Sendable () -> Bool = { false }
  ) -> PolarBound {
    guard let spikeFree else {
      return search.bound(weights, goal: goal, nodeLimit: nodeLimit, isCancelled: isCancelled)
    }
    let closed = spikeFree.bound(weights, goal: goal)
    guard !spikeFree.isSpikeFree else { return closed }
    let found = search.bound(weights, goal: goal, nodeLimit: nodeLimit, isCancelled: isCancelled)
    guard closed.upper < found.upper else { return found }
    return PolarBound(
      upper: closed.upper, maximizers: found.maximizers, isComplete: found.isComplete || closed.isComplete,
      nodes: found.nodes)
  }
}
