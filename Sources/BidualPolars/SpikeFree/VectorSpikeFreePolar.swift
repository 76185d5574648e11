import BidualLinear

/// The polar κ(V) = max ‖Vᵀ(Xu)₊‖₂ over ‖u‖₂ = 1 of networks with c outputs on a spike-free design, at any rank, by the relaxation of
/// SEPP21 (20).
///
/// On the rays Y of the design atoms are t = Yu′ ≥ 0 with ‖u′‖ ≤ s, the design's stretch. So with W for the dual weights of the rays and any symmetric
/// matrix N ≥ 0
///
///     ‖Wᵀt‖² ≤ tᵀ(WWᵀ + N)t ≤ s²·λ_max(Yᵀ(WWᵀ + N)Y),
///
/// for the best N, which `LeastMatrixMajorant` looks for, with equality where the doubly non-negative relaxation is tight, as
/// for up to four rays. Bounds hold in real arithmetic: Guides/certificate.md has the argument.
///
/// Dual points are V row after row, n·c numbers.
struct VectorSpikeFreePolar: Sendable {
  /// Beyond this many rays only N = 0 is tried.
  static let largestCount = 300

  private let base: SpikeFreePolar
  private let space: RowSpace
  private let outputs: Int
  /// Steps of the search between two bounds, and how many bounds at most.
  private let stride = 20
  private let turns = 100

  /// A bound for coordinates whose closed form for one output is known.
  init(_ base: SpikeFreePolar, coordinates: Matrix, outputs: Int) {
    self.base = base
    self.outputs = outputs
    space = RowSpace(unreduced: coordinates)
  }

  /// Bounds κ(V) for the dual weights V, `outputs` a row, until the goal is reached or the search brings nothing more.
  ///
  /// - Complexity: O(m²c + m²r) for m rays, and O(m³) for each of up to 2000 steps.
  func bound(_ weights: [Double], goal: PolarGoal, isCancelled: () -> Bool) -> PolarBound {
    DualScaling.bound(weights, goal: goal) { scaling, goal in
      guard let objective = VectorObjective(base.rays.hyperplanes, scaling.weights, outputs: outputs) else {
        return PolarBound(upper: .infinity, maximizers: [], isComplete: false, nodes: 0)
      }
      return bound(scaling.weights, objective, goal: goal, isCancelled: isCancelled)
    }
  }

  private func bound(
    _ weights: [Double], _ objective: VectorObjective, goal: PolarGoal, isCancelled: () -> Bool
  ) -> PolarBound {
    let merged = merged(weights)
    let hidden = hidden(objective)
    var upper = spectralBound(merged) + hidden
    var best: PolarMaximizer?
    func isSettled() -> Bool {
      switch goal {
      case .prove(let threshold, _): upper <= threshold || best?.value ?? 0 > threshold
      case .maximize(let tolerance, let floor): upper <= max((best?.value ?? 0) * (1 + tolerance), floor)
      }
    }
    var (turn, stalled) = (0, 0)
    if base.rays.count <= Self.largestCount, !isSettled(),
      var search = LeastMatrixMajorant(above: merged.timesTransposed(merged), gram: base.gram)
    {
      while turn < turns, stalled < 10, !isSettled(),
        search.advance(steps: stride, isCancelled: isCancelled)
      {
        turn += 1
        let reached = bound(merged, excess: search.excess) + hidden
        stalled = reached < upper * (1 - 1e-7) ? 0 : stalled + 1
        upper = min(upper, reached)
        let found = maximizer(search, objective)
        if found.value > best?.value ?? 0 { best = found }
      }
    }
    var maximizers = best.map { [$0] } ?? []
    if case .prove(let threshold, _) = goal { maximizers = maximizers.filter { $0.value > threshold } }
    return PolarBound(
      upper: upper, maximizers: maximizers,
      isComplete: isSettled() && (maximizers.isEmpty || !goal.isProof), nodes: turn)
  }

  /// What an ascent from the search's direction reaches.
  private func maximizer(_ search: LeastMatrixMajorant, _ objective: VectorObjective) -> PolarMaximizer {
    let start = base.rays.rows.transposedTimes(search.coefficients(search.heights)).normalized
    let given = BoxValue(value: norm(objective.value(at: start)), direction: start, side: 0)
    return objective.climbed(from: given).maximizer(sign: 1, in: space, exponent: objective.exponent)
  }

  /// W, m×c.
  private func merged(_ weights: [Double]) -> Matrix {
    var merged = Matrix(rows: base.rays.count, columns: outputs)
    for k in 0..<outputs {
      let column = (0..<(weights.count / outputs)).map { weights[$0 * outputs + k] }
      for (j, weight) in base.rays.hyperplanes.merge(column, sign: 1).weights.enumerated() {
        merged[j, k] = weight * base.rays.scales[j]
      }
    }
    return merged
  }

  /// s·‖YᵀW‖, the bound with N = 0, rounded up.
  private func spectralBound(_ merged: Matrix) -> Double {
    let rows = base.rays.rows
    let size = norm(rows.elements) * norm(merged.elements)
    let total = merged.transposedTimes(rows).spectralNormBound + rounding(size)
    return rounded(base.stretch * total)
  }

  /// s·√λ̄ with λ̄ ≥ λ_max(Yᵀ(WWᵀ + N)Y), rounded up.
  private func bound(_ merged: Matrix, excess: Matrix) -> Double {
    let rows = base.rays.rows
    let image = merged.transposedTimes(rows)
    var form = image.transposedTimes(image)
    let added = rows.transposedTimes(excess.times(rows))
    for k in form.elements.indices { form.elements[k] += added.elements[k] }
    let size =
      dot(rows.elements, rows.elements) * (dot(merged.elements, merged.elements) + norm(excess.elements))
    let total = max(0, form.largestEigenvalueBound) + rounding(size)
    return rounded(base.stretch * total.squareRoot())
  }

  /// What sums of up to 2m + c products in a row lose, and what vanishes, of matrices whose product has this size.
  private func rounding(_ size: Double) -> Double {
    let terms = Double(2 * base.rays.count + outputs + 16)
    return terms * 0x1p-50 * size + (size > 0 ? terms * terms * 0x1p-500 * (1 + size) : 0)
  }

  private func rounded(_ bound: Double) -> Double { bound.isNaN ? .infinity : bound * (1 + 0x1p-45) }

  /// What merging rows and their weights can hide.
  private func hidden(_ objective: VectorObjective) -> Double {
    let rounding = 4 * Double(objective.lengths.count + 8) * 0x1p-53 * objective.size
    return MomentObjective.scaled(
      rounding + objective.hidden + objective.vanished, by: objective.exponent)
  }
}
