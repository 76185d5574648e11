import BidualLinear

/// A bound of max ‖Mᵀu‖ over the unit vectors u of a cone {u : σᵢxᵢᵀu ≥ 0}.
///
/// For any weights N ≥ 0 of pairs of rows
///
///     ‖Mᵀu‖² ≤ uᵀ(MMᵀ + Σ Nᵢⱼ σᵢσⱼ xᵢxⱼᵀ)u ≤ λ_max(MMᵀ + Σ Nᵢⱼ σᵢσⱼ xᵢxⱼᵀ)
///
/// since every xᵢᵀu has the sign σᵢ. The weights are those of `ConeMajorant` over rows that are facets.
struct ConeComponentBound {
  private let gradient: Matrix
  private let design: Matrix
  private let projection: ConeProjection
  private let signs: [Int8]
  private let lengths: [Double]

  /// - Parameter lengths: upper bounds of ‖xᵢ‖.
  init(
    _ gradient: Matrix, _ design: Matrix, _ projection: ConeProjection, signs: [Int8], lengths: [Double]
  ) {
    self.gradient = gradient
    self.design = design
    self.projection = projection
    self.signs = signs
    self.lengths = lengths
  }

  /// The bound, rounded up; the search for it ends at one of at most `enough`.
  ///
  /// - Complexity: some tens of projections, and those of `ConeMajorant` for at most 24 facets.
  func bound(enough: Double) -> Double {
    let size = norm(gradient.elements)
    guard size > 0, size.isFinite else { return size }
    var square = gradient.timesTransposed(gradient)
    for k in square.elements.indices { square.elements[k] /= size * size }
    let facets = facets()
    let rows = Matrix(
      rows: facets.count, columns: design.columns,
      elements: facets.flatMap { i in design.row(i).map { Double(signs[i]) * ($0 / lengths[i]) } })
    var majorant = ConeMajorant(square, rows: rows)
    return majorant.least(enough: enough) {
      size * eigenvalue(of: square, facets: facets, weights: $0).squareRoot() * (1 + 0x1p-48)
    }
  }

  /// A bound of the largest eigenvalue of a matrix and the facets' weighted pairs, with what rounding may hide.
  ///
  /// The sum is one of the rows themselves: what is proven does not rest on their unit forms, any weights will do.
  private func eigenvalue(of square: Matrix, facets: [Int], weights: Matrix) -> Double {
    var mixed = Matrix(rows: facets.count, columns: design.columns)
    var total = 0.0
    for a in facets.indices {
      for b in facets.indices {
        let (i, j) = (facets[a], facets[b])
        let weight = weights[a, b] * Double(signs[i]) * Double(signs[j]) / lengths[i] / lengths[j]
        guard weight.isFinite else { return .infinity }
        for (k, x) in design.row(j).enumerated() { mixed[a, k] += weight * x }
        total += abs(weight) * lengths[i] * lengths[j]
      }
    }
    var sum = design.selectingRows(facets).transposedTimes(mixed)
    for k in sum.elements.indices { sum.elements[k] += square.elements[k] }
    let terms = Double(2 * facets.count + gradient.columns + design.columns + 16)
    return max(0, sum.symmetrised.largestEigenvalueBound + 0x1p-51 * terms * (1 + total))
  }

  /// Rows on which projections of the matrix's directions and of the axes lie: facets of the cone, at most 24.
  private func facets() -> [Int] {
    let limit = 24
    var found: [Int] = []
    func look(at vector: [Double]) {
      for (row, multiplier) in projection.project(vector, signs: signs).active
      where multiplier > 0 && found.count < limit && !found.contains(row) { found.append(row) }
    }
    guard let spectrum = SingularValues(of: gradient) else { return [] }
    for k in spectrum.values.indices {
      let direction = spectrum.left.column(k)
      look(at: direction)
      look(at: direction.map { -$0 })
    }
    for axis in 0..<design.columns where found.count < limit {
      for side in [1.0, -1.0] { look(at: (0..<design.columns).map { $0 == axis ? side : 0 }) }
    }
    return found
  }
}

extension Matrix {
  /// (A + Aᵀ)/2.
  fileprivate var symmetrised: Matrix {
    var result = self
    for i in 0..<rows {
      for j in 0..<i {
        result[i, j] = 0.5 * (self[i, j] + self[j, i])
        result[j, i] = result[i, j]
      }
    }
    return result
  }
}
