import BidualArrangements
import BidualLinear
import BidualModels
import BidualPolars

extension TrainingProblem {
  /// β_max = κ(−∇ℓ(b, Y)) at the best constant prediction b (0 without an offset): from this β on no neuron
  /// pays.
  ///
  /// The value is one that an atom takes, found by the convex problem of `SpikeFreePolar` on spike-free
  /// designs and by ascents from many starts otherwise, on small data with a branch and bound beside them; it only
  /// sets the scale of β, and no proof rests on it.
  ///
  /// - Complexity: that of one polar, or of some tens of passes over the design for each of up to 256 starts.
  public func betaMax(seed: UInt64 = 0, threads: Int = 1, stop: StopSignal = StopSignal()) -> Double {
    let dualPoint = constantDualPoint
    if norm == .l1 { return simplexBetaMax(dualPoint, seed: seed, threads: threads, stop: stop) }
    if activation == .relu, let polar = SpikeFreePolar(design), polar.isSpikeFree {
      return polar.bound(dualPoint, goal: .maximize(relativeTolerance: 0, floor: 0)).maximizers.first?.value
        ?? 0
    }
    let coordinates = RowSpace(of: design).coordinates
    switch activation {
    case .relu: break
    case .linear: return norm.length(coordinates.transposedTimes(dualPoint))
    case .gated(let gates):
      let oracle = PatternPolar(
        coordinates, patterns: PatternSet(rows: gates.patterns(over: design), samples: design.rows))
      return oracle.bound(dualPoint, goal: .maximize(relativeTolerance: 0, floor: 0)).maximizers.first?.value
        ?? 0
    }
    let ascent = LocalAscent(
      Hyperplanes(coordinates), threads: threads, isCancelled: { stop.isRaised })
    var starts = StartingPoints(rank: coordinates.columns, seed: seed)
    let size = coordinates.elements.count
    // The first starts are always climbed from: even a search that is stopped at once tells the scale.
    let first = BatchedAscent(coordinates, threads: threads).maxima(of: dualPoint, from: starts.random(16))
    let others = BatchedAscent(coordinates, threads: threads, isCancelled: { stop.isRaised })
      .maxima(of: dualPoint, from: starts.random(max(16, min(240, 5_000_000 / (size + 1)))))
    let ends = (first + others).sorted { $0.value > $1.value }
    guard size <= 1_000_000 else { return ends.first?.value ?? 0 }
    let best = ascent.climb(dualPoint, from: Array(ends.prefix(8))).map(\.value)
      .reduce(ends.first?.value ?? 0, max)
    guard nodeLimit >= 2000 else { return best }
    // On small data what ascents miss is cheap to find.
    let search = TwoLayerPolar(coordinates, threads: threads).bound(
      dualPoint, goal: .maximize(relativeTolerance: 1e-9, floor: best * (1 + 1e-9)), nodeLimit: nodeLimit,
      isCancelled: { stop.isRaised })
    return ascent.climb(dualPoint, from: Array(search.maximizers.prefix(4))).map(\.value).reduce(best, max)
  }

  private func simplexBetaMax(_ dualPoint: [Double], seed: UInt64, threads: Int, stop: StopSignal) -> Double {
    let ascent = RayAscent(design, norm: .l1, threads: threads)
    var starts = StartingPoints(rank: design.columns, seed: seed)
    func highest(from directions: [[Double]]) -> Double {
      ascent.maxima(of: dualPoint, from: directions, above: 0, limit: 1).first?.value ?? 0
    }
    let random = starts.random(64)
    let best = highest(from: (0..<random.rows).map { Array(random.row($0)) })
    let proof = SphericalBranchAndBound(design, norm: .l1, threads: threads).bound(
      dualPoint, goal: .maximize(relativeTolerance: 1e-9, floor: best * (1 + 1e-9)), nodeLimit: nodeLimit,
      isCancelled: { stop.isRaised })
    return max(best, highest(from: proof.maximizers.prefix(4).map(\.direction)))
  }

  /// A cone costs at most one pass over the design: bound the work, not the number of cones.
  private var nodeLimit: Int { min(50_000, 10_000_000 / (design.elements.count + 1)) }
}
