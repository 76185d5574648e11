import BidualLinear

/// The polar κ(V) of two-layer ReLU atoms by the best means at hand: the convex problem of `SpikeFreePolar`
/// where the design is spike-free, the boxes of `MomentBranchAndBound` elsewhere, save at ranks so low that the cones of
/// `SphericalBranchAndBound` are quicker. At ranks where cones are of use at all they take turns with the boxes at a proof, since
/// cones settle at one go what boxes cluster around: maximisers where many concave kinks meet.
///
/// Beyond the ranks that can be searched, the smaller of the spectral bound and the bound by the design's
/// stretch is given; the latter is good for samples that are nearly orthogonal.
package struct TwoLayerPolar: DivisiblePolar {
  /// Nil at ranks where cones are taken.
  private let boxes: MomentBranchAndBound?
  private let cones: SphericalBranchAndBound
  private let spikeFree: SpikeFreePolar?
  private let rank: Int
  /// Up to this rank cones are taken.
  private static let coneRank = 3
  /// Up to this rank cones take turns with boxes at a proof, for a quarter of the boxes' bounds.
  private let sharedRank = 7
  /// The boxes' bounds of the first turn; each turn has ten times as many as the last.
  private let firstTurn = 50_000

  /// An oracle for the rows of `design`, n×r, whose search runs on `threads` threads.
  package init(_ design: Matrix, threads: Int = 1) {
    self.init(Geometry(design, keepsAxes: true), threads: threads)
  }

  /// An oracle in the coordinates of a design's row space.
  package init(_ geometry: Geometry, threads: Int = 1) {
    rank = geometry.rank
    boxes = rank > Self.coneRank ? MomentBranchAndBound(geometry, threads: threads) : nil
    cones = SphericalBranchAndBound(geometry, threads: threads)
    spikeFree = geometry.spikeFree
  }

  /// Bounds κ(V) for the dual weights V (one a row); see `MomentBranchAndBound.bound`.
  package func bound(
    _ weights: [Double], goal: PolarGoal, nodeLimit: Int, isCancelled: @Sendable () -> Bool,
    progress: (PolarProgress) -> Void
  ) -> PolarBound {
    guard let spikeFree else {
      return search(
        weights, goal: goal, nodeLimit: nodeLimit, isCancelled: isCancelled, progress: progress)
    }
    let closed = spikeFree.bound(weights, goal: goal)
    guard !spikeFree.isSpikeFree else { return closed }
    guard !isReached(goal, closed.upper) else {
      return PolarBound(upper: closed.upper, maximizers: [], isComplete: true, nodes: closed.nodes)
    }
    let found = search(
      weights, goal: goal, nodeLimit: nodeLimit, isCancelled: isCancelled, progress: progress)
    guard closed.upper < found.upper else { return found }
    return PolarBound(
      upper: closed.upper, maximizers: found.maximizers, isComplete: found.isComplete || closed.isComplete,
      nodes: found.nodes)
  }

  /// Boxes alone are divided, or at low ranks cones: the two divide directions otherwise, and can't take turns at a share.
  package func bound(
    on share: SearchShare, _ weights: [Double], goal: PolarGoal, kept: KeptSearch?,
    isCancelled: @Sendable () -> Bool, progress: (PolarProgress) -> Void
  ) -> ShareBound? {
    let closed = spikeFree?.bound(weights, goal: goal)
    if let closed, spikeFree?.isSpikeFree == true || closed.upper <= goal.enough {
      return ShareBound(bound: closed, division: [])
    }
    let search: any DivisiblePolar = boxes ?? cones
    return search.bound(
      on: share, weights, goal: goal, kept: kept, isCancelled: isCancelled, progress: progress
    )?.beside(closed)
  }

  private func search(
    _ weights: [Double], goal: PolarGoal, nodeLimit: Int, isCancelled: @Sendable () -> Bool,
    progress: (PolarProgress) -> Void
  ) -> PolarBound {
    guard let boxes else {
      return cones.bound(weights, goal: goal, nodeLimit: nodeLimit, isCancelled: isCancelled)
    }
    // Without a search the cones know the spectral bound.
    let ceiling = cones.bound(weights, goal: goal, nodeLimit: 0, isCancelled: { false }).upper
    let isReached = isReached(goal, ceiling)
    // A maximum in so many dimensions is out of reach, and a quick bound is better than none.
    guard !isReached, goal.isProof || rank <= SphericalBranchAndBound.largestRank else {
      return PolarBound(upper: ceiling, maximizers: [], isComplete: isReached, nodes: 0)
    }
    var best = PolarBound(upper: ceiling, maximizers: [], isComplete: false, nodes: 0)
    func take(_ found: PolarBound) {
      best = PolarBound(
        upper: min(best.upper, found.upper), maximizers: found.maximizers, isComplete: found.isComplete,
        nodes: best.nodes + found.nodes)
    }
    func isEnded() -> Bool {
      best.isComplete || !best.maximizers.isEmpty || best.nodes >= nodeLimit || isCancelled()
    }
    var turn = goal.isProof && rank <= sharedRank ? firstTurn : Int.max
    while turn < nodeLimit - best.nodes {
      take(boxes.bound(weights, goal: goal, nodeLimit: turn, isCancelled: isCancelled, progress: progress))
      if isEnded() { return best }
      take(cones.bound(weights, goal: goal, nodeLimit: turn / 4, isCancelled: isCancelled))
      if isEnded() { return best }
      turn *= 10
    }
    take(
      boxes.bound(
        weights, goal: goal, nodeLimit: nodeLimit - best.nodes, isCancelled: isCancelled, progress: progress))
    return best
  }

  private func isReached(_ goal: PolarGoal, _ upper: Double) -> Bool {
    if case .prove(let threshold, _) = goal { upper <= threshold } else { false }
  }
}
