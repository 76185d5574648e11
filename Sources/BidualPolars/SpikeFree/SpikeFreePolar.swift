import BidualLinear

/// The polar κ(V) of a spike-free design, at any rank.
///
/// Atoms are (Xu)₊ = Xu′ ≥ 0 with ‖u′‖ ≤ c, the design's stretch. So for each sign s and any multipliers
/// μ ≥ 0
///
///     s·Vᵀ(Xu)₊ ≤ (sV + μ)ᵀXu′ ≤ c·‖Xᵀ(sV + μ)‖,
///
/// with equality (c = 1) for the best μ, which `LeastMajorant` finds. On whitened data, XXᵀ = I, it is
/// κ(V) = max(‖V₊‖, ‖V₋‖) (W25, Theorem 2.2). Bounds hold in real arithmetic; Guides/certificate.md has the
/// argument.
package struct SpikeFreePolar: Sendable {
  /// c: atoms lie in {Xu : ‖u‖ ≤ c, Xu ≥ 0}.
  package let stretch: Double
  private let design: Matrix
  /// The rays of the rows.
  let rays: Rays
  /// Their Gram matrix YYᵀ, m×m.
  let gram: Matrix

  /// Whether the design is spike-free to within rounding, so that bounds are tight.
  package var isSpikeFree: Bool { stretch <= SpikeFreeness.roundedStretch }

  /// An oracle for the rows of `design`, n×d; nil where the design's stretch can't be bounded: its
  /// rays are dependent, or XXᵀ is too far from an inverse M-matrix.
  ///
  /// - Complexity: O(nd), and O(m²d + m³) if there are m ≤ d rays, no two opposed.
  package init?(_ design: Matrix) { self.init(design, hyperplanes: Hyperplanes(design)) }

  /// An oracle for the rows of `design`, n×d, whose hyperplanes are known.
  init?(_ design: Matrix, hyperplanes: Hyperplanes) {
    Census.note(.spikeFreeness)
    let rays = Rays(hyperplanes)
    guard rays.opposed == nil else { return nil }
    self.design = design
    self.rays = rays
    guard rays.count > 0 else {
      stretch = 1
      gram = Matrix(rows: 0, columns: 0)
      return
    }
    guard let enclosure = GramInverse(of: rays.rows), enclosure.stretch.isFinite else { return nil }
    stretch = enclosure.stretch
    gram = enclosure.gram
  }

  /// Bounds κ(V) for the dual weights V (one a row), as tightly as it can whatever the goal; of a proof's
  /// maximisers those above the threshold are kept.
  ///
  /// - Complexity: O(nd + m³) a step of `LeastMajorant`.
  package func bound(_ weights: [Double], goal: PolarGoal) -> PolarBound {
    DualScaling.bound(weights, goal: goal) { scaled, goal in
      let bound = bound(scaled.weights)
      guard case .prove(let threshold, let limit) = goal else { return bound }
      let violators = bound.maximizers.prefix { $0.value > threshold }.prefix(limit)
      return PolarBound(
        upper: bound.upper, maximizers: Array(violators),
        isComplete: violators.isEmpty && (bound.isComplete || bound.upper <= threshold), nodes: bound.nodes)
    }
  }

  /// Bounds κ(V) for dual weights V of size 1 (one a row), with the maximisers of both signs.
  private func bound(_ weights: [Double]) -> PolarBound {
    precondition(weights.count == design.rows)
    let (merged, _) = rays.hyperplanes.merge(weights, sign: 1)
    let scaled = zip(merged, rays.scales).map(*)
    var longest = 0.0
    var maximizers: [PolarMaximizer] = []
    for sign in [1.0, -1.0] {
      let multipliers = LeastMajorant.multipliers(above: scaled.map { sign * $0 }, gram: gram)
      let point = rays.rows.transposedTimes(multipliers)
      let length = norm(point) + rounding(multipliers)
      // A length that is not a number proves nothing, and must not lose against one that is.
      longest = length.isFinite ? max(longest, length) : .infinity
      guard longest.isFinite else { break }
      let direction = point.normalized
      let value = sign * zip(weights, design.times(direction)).reduce(0) { $0 + $1.0 * max(0, $1.1) }
      if value > 0 { maximizers.append(PolarMaximizer(direction: direction, sign: sign, value: value)) }
    }
    let upper = longest * stretch * (1 + 0x1p-50) + merging(weights)
    return PolarBound(
      upper: upper.isFinite ? upper : .infinity, maximizers: maximizers.sorted { $0.value > $1.value },
      isComplete: isSpikeFree && upper.isFinite, nodes: 1)
  }

  /// What rounding can hide in ‖Yᵀa‖: d sums of m terms and a norm of d.
  private func rounding(_ multipliers: [Double]) -> Double {
    let total = zip(multipliers, rays.rows.rowNorms).reduce(0) { $0 + abs($1.0) * $1.1 }
    return 4 * Double(rays.count + rays.rows.columns + 8) * 0x1p-53 * total
      + (total > 0 ? Double(rays.rows.columns) * 0x1p-500 * (1 + total) : 0)
  }

  /// What merging the rows of a ray can hide: Σ|Vᵢ|‖xᵢ − c·row‖, and the rounding of the merged weights.
  private func merging(_ weights: [Double]) -> Double {
    let planes = rays.hyperplanes
    var total = 0.0
    var hidden = 0.0
    for i in weights.indices {
      total += abs(weights[i]) * planes.norms[i]
      hidden += abs(weights[i]) * planes.deviation[i]
    }
    let vanished =
      total > 0 ? Double(design.columns) * 0x1p-500 * (1 + weights.reduce(0) { $0 + abs($1) }) : 0
    return 4 * Double(weights.count + 8) * 0x1p-53 * total + 2 * hidden + vanished
  }
}
