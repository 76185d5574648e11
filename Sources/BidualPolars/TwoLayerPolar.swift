import BidualLinear

/// The polar κ(V) of two-layer ReLU atoms by the best means at hand: the convex problem of `SpikeFreePolar`
/// where the design is spike-free, the boxes of `MomentBranchAndBound` elsewhere, save at ranks so low that the cones of
/// `SphericalBranchAndBound` are as good: these find all digits, boxes four or five. In between the two take turns at a
/// proof, each with ten times as much work as the last, since nothing tells beforehand how many digits it needs.
///
/// Beyond the ranks that can be searched, the smaller of the spectral bound and the bound by the design's
/// stretch is given; the latter is good for samples that are nearly orthogonal.
public struct TwoLayerPolar: PolarOracle {
  private let boxes: MomentBranchAndBound
  private let cones: SphericalBranchAndBound
  private let spikeFree: SpikeFreePolar?
  private let rank: Int
  /// Up to this rank cones are taken.
  private let coneRank = 3
  /// Up to this rank cones are taken for maxima wanted to a relative accuracy below `boxAccuracy`.
  private let accurateConeRank = 5
  private let boxAccuracy = 1e-4
  /// Up to this rank cones take turns with boxes at a proof.
  private let sharedRank = 7
  /// The bounds of the first turn.
  private let firstTurn = 20_000

  /// An oracle for the rows of `design`, n×r, whose search runs on `threads` threads.
  public init(_ design: Matrix, threads: Int = 1) {
    boxes = MomentBranchAndBound(design, threads: threads)
    cones = SphericalBranchAndBound(design, threads: threads)
    spikeFree = SpikeFreePolar(design)
    rank = design.columns
  }

  /// Bounds κ(V) for the dual weights V (one a row); see `MomentBranchAndBound.bound`.
  public func bound(
    _ weights: [Double], goal: PolarGoal, nodeLimit: Int = .max,
    isCancelled: @Sendable () -> Bool = { false }
  ) -> PolarBound {
    bound(weights, goal: goal, nodeLimit: nodeLimit, isCancelled: isCancelled, progress: { _ in })
  }

  /// The same, with `progress` told now and then what the search has proven so far.
  public func bound(
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

  private func search(
    _ weights: [Double], goal: PolarGoal, nodeLimit: Int, isCancelled: @Sendable () -> Bool,
    progress: (PolarProgress) -> Void
  ) -> PolarBound {
    var takesCones = rank <= coneRank
    if case .maximize(let tolerance, _) = goal {
      // Beyond the cones' ranks an accurate maximum is out of reach, and a quick bound is better than none.
      takesCones =
        takesCones || (tolerance < boxAccuracy && rank <= accurateConeRank)
        || rank > SphericalBranchAndBound.largestRank
    }
    guard !takesCones else {
      return cones.bound(weights, goal: goal, nodeLimit: nodeLimit, isCancelled: isCancelled)
    }
    // Without a search the cones know the spectral bound.
    let ceiling = cones.bound(weights, goal: goal, nodeLimit: 0, isCancelled: { false }).upper
    guard !isReached(goal, ceiling) else {
      return PolarBound(upper: ceiling, maximizers: [], isComplete: true, nodes: 0)
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
    var turn = firstTurn
    if case .prove = goal, rank <= sharedRank {
      while turn < nodeLimit - best.nodes {
        take(
          boxes.bound(weights, goal: goal, nodeLimit: turn, isCancelled: isCancelled, progress: progress))
        if isEnded() { return best }
        take(
          cones.bound(
            weights, goal: goal, nodeLimit: min(turn, nodeLimit - best.nodes), isCancelled: isCancelled))
        if isEnded() { return best }
        turn *= 10
      }
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
