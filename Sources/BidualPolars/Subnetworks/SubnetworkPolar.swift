import BidualLinear
import HeapModule

/// The polar κ(V) = max |Σᵢ Vᵢ(Σⱼ sⱼ(xᵢᵀwⱼ)₊)₊| over Σⱼ‖wⱼ‖ ≤ 1 and signs sⱼ of parallel three-layer networks, by branch and
/// bound on simplicial cones of the units' weights together. Cones are cut along the hyperplanes of units and samples on which the
/// bound is weak, so that it ends after finitely many.
///
/// Bounds hold in real arithmetic: what rounding can hide, derived in Guides/three-layers.md, is added to what floating
/// point found.
///
/// - Complexity: O(nodes·n·(mr)²) for m units and rank r. The number of nodes grows with m·r and with the accuracy.
package struct SubnetworkPolar: PolarOracle {
  /// Beyond so many variables m·r only a bound in closed form is given.
  static let largestDimension = 12
  /// Cones are not cut more often than this; the rounding analysis relies on it.
  static let largestDepth = 1000

  private let geometry: Geometry
  private let width: Int
  private let threads: Int
  /// Cones that are cut at a time.
  private let batch = 32

  /// An oracle in the coordinates of a design's row space, for m₁ units, whose arithmetic runs on `threads` threads.
  package init(_ geometry: Geometry, width: Int, threads: Int) {
    self.geometry = geometry
    self.width = width
    self.threads = max(1, threads)
  }

  /// Bounds κ(V) for the dual weights V (one a row).
  ///
  /// The answer is valid whenever the search stops, and the same for every run and any number of threads unless it was
  /// cancelled.
  package func bound(
    _ weights: [Double], goal: PolarGoal, nodeLimit: Int, isCancelled: @Sendable () -> Bool,
    progress: (PolarProgress) -> Void
  ) -> PolarBound {
    let scaling = DualScaling(weights)
    let found = search(
      scaling.weights, goal: scaling.lowered(goal), nodeLimit: nodeLimit, isCancelled: isCancelled
    ) {
      progress(PolarProgress(upper: scaling.raised($0.upper), nodes: $0.nodes))
    }
    return scaling.raised(found)
  }

  /// Twice the 10⁻⁹ within which `SubnetworkBound` takes a cone's bound for exact, and twice what rounding may hide.
  package func room(_ weights: [Double]) -> ClaimRoom {
    let scaling = DualScaling(weights)
    let slack = roundingSlack(scaling.weights)
    return ClaimRoom(share: 0x1p-29, beside: slack < 1e290 ? scaling.raised(2 * slack) : 0)
  }

  private func search(
    _ weights: [Double], goal: PolarGoal, nodeLimit: Int, isCancelled: @Sendable () -> Bool,
    progress: (PolarProgress) -> Void
  ) -> PolarBound {
    let slack = roundingSlack(weights)
    let ceiling = ceiling(weights)
    guard slack < 1e290, ceiling < 1e290 else {
      return PolarBound(upper: .infinity, maximizers: [], isComplete: false, nodes: 0)
    }
    guard ceiling > 0 else {
      return PolarBound(upper: slack, maximizers: [], isComplete: true, nodes: 0)
    }
    guard isSearched, nodeLimit > 0 else {
      return PolarBound(upper: ceiling + slack, maximizers: [], isComplete: false, nodes: 0)
    }
    let objectives = SubnetworkSigns.families(width: width).flatMap { family in
      [1.0, -1].map {
        SubnetworkObjective(geometry.coordinates, weights, units: width, family: family, sign: $0)
      }
    }
    var search = SubnetworkSearch(objectives, goal: goal, slack: slack, ceiling: ceiling)
    let bounds = Lanes(objectives, threads: threads)
    while search.nodes < nodeLimit, !isCancelled(), let cones = search.next(batch) {
      let level = search.threshold
      let parts = cones.flatMap { cone in cone.parts(units: width).map { (cone, $0) } }
      let results = concurrentMap(parts.count, threads: threads) { index, lane in
        let (cone, part) = parts[index]
        return bounds[lane, cone.objective].evaluate(part, threshold: level)
      }
      for ((cone, part), result) in zip(parts, results) { search.take(result, on: part, of: cone) }
      if search.tellsProgress() { progress(PolarProgress(upper: search.upper, nodes: search.nodes)) }
    }
    return search.answer
  }

  /// Whether there are few enough variables for a search.
  var isSearched: Bool { dimension <= Double(Self.largestDimension) }

  /// The number m·r of variables, which a model from elsewhere may make larger than an integer.
  private var dimension: Double { Double(width) * Double(geometry.rank) }

  /// An upper bound of everything that rounding can hide.
  ///
  /// With S = Σ|Vᵢ|‖xᵢ‖, heights, second-layer inputs and the sums q carry at most (n + r + m)·u·S of error each, u = 2⁻⁵³;
  /// a cone's generators are off by 8u a cut, and a point W of the ball has coefficients of at most √r·(1 + u) in all
  /// on generators in one orthant. The factor 64 covers the shift of `ConeSupport`, whose inner products do not depend on the
  /// scale of coordinates, and the evaluation of lengths. Heights that `SubnetworkLines` takes for zero add m·2⁻⁴³·S each way.
  private func roundingSlack(_ weights: [Double]) -> Double {
    let terms = Double(weights.count) + 16 * (Double(Self.largestDepth) + dimension)
    let total = weights.indices.reduce(0) { $0 + abs(weights[$1]) * length(of: $1) }
    let vanished = total > 0 ? dimension * 0x1p-500 * (1 + weights.reduce(0) { $0 + abs($1) }) : 0
    let zeros = 4 * Double(width) * SubnetworkLines.negligible
    return (64 * terms * 0x1p-53 + zeros) * dimension.squareRoot() * total + vanished
  }

  /// A bound valid for every m and r: with h the input of the second layer, |hᵢ| ≤ Σⱼ|xᵢᵀwⱼ|, so that
  /// Σ vᵢ(hᵢ)₊ ≤ Σ v₊ᵢ|hᵢ| ≤ min(Σ v₊ᵢ‖xᵢ‖, ‖v₊‖σ(X)).
  private func ceiling(_ weights: [Double]) -> Double {
    let bounds = [1.0, -1].map { sign -> Double in
      let positive = weights.map { max(sign * $0, 0) }
      let sum = positive.indices.reduce(0) { $0 + positive[$1] * length(of: $1) }
      return min(sum, norm(positive) * geometry.spectralNorm)
    }
    return (bounds.max() ?? 0) * (1 + Double(weights.count + 8) * 0x1p-50)
  }

  /// An upper bound of a row's length.
  func length(of row: Int) -> Double {
    norm(geometry.coordinates.row(row)) * (1 + Double(geometry.rank + 8) * 0x1p-51)
      + Double(geometry.rank) * 0x1p-500
  }
}

/// What bounds cones, for each thread and each objective.
private struct Lanes: @unchecked Sendable {
  private let bounds: [[SubnetworkBound]]

  init(_ objectives: [SubnetworkObjective], threads: Int) {
    bounds = (0..<threads).map { _ in objectives.map { SubnetworkBound($0) } }
  }

  subscript(lane: Int, objective: Int) -> SubnetworkBound { bounds[lane][objective] }
}
