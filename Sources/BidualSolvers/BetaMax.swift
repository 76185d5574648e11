import BidualLinear
import BidualModels
import BidualPolars

extension TrainingProblem {
  /// β_max = κ(−∇ℓ(0, Y)): from this β on the zero network is optimal.
  ///
  /// The value is one that an atom takes, found by branch and bound where the rank allows and by local
  /// ascent otherwise; it only sets the scale of β, and no proof rests on it.
  ///
  /// - Complexity: that of one polar.
  public static func betaMax(
    design: Matrix, dualPoint: [Double], seed: UInt64 = 0, threads: Int = 1, stop: StopSignal = StopSignal()
  ) -> Double {
    let coordinates = RowSpace(of: design).coordinates
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
