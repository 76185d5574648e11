import BidualLinear
import BidualModels
import BidualPolars

extension TrainingProblem {
  /// β_max = κ(−∇ℓ(b, Y)) at the best constant prediction b (0 without an offset): from this β on no neuron
  /// pays.
  ///
  /// The value is one that an atom takes, found by the convex problem of `SpikeFreePolar` on spike-free
  /// designs, by branch and bound where the rank allows, and by local ascent otherwise; it only sets the scale of β, and no proof rests on it.
  ///
  /// - Complexity: that of one polar.
  public func betaMax(seed: UInt64 = 0, threads: Int = 1, stop: StopSignal = StopSignal()) -> Double {
    let dualPoint = constantDualPoint
    if activation == .relu, let polar = SpikeFreePolar(design), polar.isSpikeFree {
      return polar.bound(dualPoint, goal: .maximize(relativeTolerance: 0, floor: 0)).maximizers.first?.value
        ?? 0
    }
    let coordinates = RowSpace(of: design).coordinates
    switch activation {
    case .relu: break
    case .linear: return norm(coordinates.transposedTimes(dualPoint))
    case .gated(let gates):
      let oracle = GatedPolar(coordinates, patterns: gates.patterns(over: design))
      return oracle.bound(dualPoint, goal: .maximize(relativeTolerance: 0, floor: 0)).maximizers.first?.value
        ?? 0
    }
    let hyperplanes = Hyperplanes(coordinates)
    let ascent = LocalAscent(hyperplanes, threads: threads)
    var starts = StartingPoints(rank: coordinates.columns, seed: seed)
    let local = ascent.maxima(of: dualPoint, from: starts.random(256), above: 0, limit: 30)
    let best = local.map(\.value).max() ?? 0
    // A cone costs at most one pass over the design: bound the work, not the number of cones.
    let nodeLimit = min(500_000, 1_000_000_000 / (coordinates.elements.count + 1))
    let proof = SphericalBranchAndBound(coordinates, threads: threads).bound(
      dualPoint, goal: .maximize(relativeTolerance: 1e-9, floor: best * (1 + 1e-9)), nodeLimit: nodeLimit,
      isCancelled: { stop.isRaised })
    return ascent.climb(dualPoint, from: Array(proof.maximizers.prefix(4))).map(\.value).reduce(best, max)
  }
}
