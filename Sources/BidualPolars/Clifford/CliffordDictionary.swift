import BidualArrangements
import BidualLinear
import BidualObjectives

/// The dictionary of the Clifford lasso: the rays of an arrangement, which are the generalised cross products
/// ⋆(x₁∧…∧x_{r−1}) of r−1 independent normals, with both signs (P23; W25 §3.2).
///
/// Under ℓ₁ (p = 1) the normals are the data rows and the d basis vectors: on a chamber inside an orthant the
/// objective Σ Vᵢ(xᵢᵀu)₊ and ‖u‖₁ are linear, so that the polar is taken at a ray and the lasso over the dictionary
/// is *exact*. Under ℓ₂ (p = 2) the normals are the data rows alone; then the lasso's optimum p_C is an upper
/// bound, p* ≤ p_C ≤ p*/(1 − ε) with ε the `ChamberDiameter`.
///
/// Rays are never stored: every call walks the 2-dimensional flats and prices all rays of each in one sweep.
package struct CliffordDictionary: Sendable {
  /// The norm in which directions have length 1.
  package let norm: FirstLayerNorm
  /// The hyperplanes whose rays are meant: the data rows and, under ℓ₁, the coordinate hyperplanes.
  package let hyperplanes: Hyperplanes
  private let rows: Int
  private let threads: Int

  /// The number r of coordinates.
  package var rank: Int { hyperplanes.rows.columns }

  /// The dictionary of `design`, n×r of rank r (in row-space coordinates) under ℓ₂, any n×d under ℓ₁.
  ///
  /// - Parameters:
  ///   - limit: the largest number of subsets of normals to accept, C(m, r−1) for m hyperplanes.
  ///   - threads: how many threads price.
  /// - Throws: `ArrangementError.tooManyRays` beyond the limit.
  package init(_ design: Matrix, norm: FirstLayerNorm, limit: Int = 20_000_000, threads: Int = 1)
    throws(ArrangementError)
  {
    try self.init(Geometry(design, keepsAxes: true), norm: norm, limit: limit, threads: threads)
  }

  /// The dictionary of a design's rows in the coordinates of its geometry.
  ///
  /// - Throws: `ArrangementError.tooManyRays` beyond `limit`.
  package init(_ geometry: Geometry, norm: FirstLayerNorm, limit: Int = 20_000_000, threads: Int = 1)
    throws(ArrangementError)
  {
    self.init(unlimited: geometry, norm: norm, threads: threads)
    let count = subsetCount
    guard count <= Double(limit) else { throw .tooManyRays(count: count, limit: limit) }
  }

  /// The dictionary of any size, for those who only ascend in it.
  package init(unlimited geometry: Geometry, norm: FirstLayerNorm, threads: Int) {
    self.norm = norm
    self.threads = threads
    rows = geometry.design.rows
    hyperplanes = norm.hyperplanes(of: geometry)
  }

  /// C(m, r−1), the number of subsets of normals that may have a ray.
  package var subsetCount: Double {
    guard rank > 1, hyperplanes.count >= rank - 1 else { return Double(min(rank, 1)) }
    return (0..<(rank - 1)).reduce(1) { $0 * Double(hyperplanes.count - $1) / Double($1 + 1) }
  }

  /// A sweep that prices by the dual weights V, one a row of the design.
  package func sweep(_ weights: [Double]) -> FlatSweep {
    precondition(weights.count == rows)
    let padding = Array(repeating: 0.0, count: norm.coordinateHyperplanes(rank: rank))
    return FlatSweep(hyperplanes, weights: weights + padding)
  }

  /// The rays u with the largest |Σᵢ Vᵢ(xᵢᵀu)₊| above `threshold`, best first and at most `limit` of them; the
  /// first is the exact maximum over the dictionary, to rounding.
  ///
  /// - Parameter isCancelled: asked now and then; the answer then lacks rays.
  /// - Complexity: O(C(m, r−2)·m(r + log m)).
  package func bestRays(
    for weights: [Double], above threshold: Double = 0, limit: Int,
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) -> [PolarMaximizer] {
    let empty = BestRays(above: threshold, limit: limit, norm: norm)
    let found: [BestRays]
    switch rank {
    case 0: return []
    case 1:
      var best = empty
      for side in [1.0, -1] {
        let value = sweep(weights).value(at: [side])
        best.insert(PolarMaximizer(direction: [side], sign: value < 0 ? -1 : 1, value: abs(value)))
      }
      return best.rays
    case 2:
      found = [priced(weights, from: FlatBasis(dimension: 2), after: -1, missing: 0, empty, isCancelled)]
    default:
      found = concurrentMap(hyperplanes.count, threads: threads) { first, _ in
        guard let basis = FlatBasis(dimension: rank).adding(hyperplanes.unitRows.row(first)) else {
          return empty
        }
        return priced(weights, from: basis, after: first, missing: rank - 3, empty, isCancelled)
      }
    }
    var best = empty
    for rays in found { for ray in rays.rays { best.insert(ray) } }
    return best.rays
  }

  /// The best rays in the flats that `missing` more hyperplanes behind `last` make of a flat.
  private func priced(
    _ weights: [Double], from basis: FlatBasis, after last: Int, missing: Int, _ empty: BestRays,
    _ isCancelled: () -> Bool
  ) -> BestRays {
    var best = empty
    let sweep = sweep(weights)
    func visit(_ basis: FlatBasis, after last: Int, missing: Int) {
      if isCancelled() { return }
      guard missing > 0 else {
        let plane = basis.complement()
        // Every set of normals is met as its largest member joins the others.
        sweep.run(first: plane[0], second: plane[1]) { ray in
          if ray.hyperplane > last { best.offer(ray, first: plane[0], second: plane[1]) }
        }
        return
      }
      for next in (last + 1)..<max(last + 1, hyperplanes.count) {
        // A dependent set has no ray, nor has any set around it.
        guard let larger = basis.adding(hyperplanes.unitRows.row(next)) else { continue }
        visit(larger, after: next, missing: missing - 1)
      }
    }
    visit(basis, after: last, missing: missing)
    return best
  }
}
