import BidualLinear

/// The span of the face of a cone of many dimensions, by its active rows alone: bases are made when asked for.
struct WideFace: ConeSpan {
  let rows: [Int]
  /// All unit rows, of which some are active.
  let unitRows: Matrix

  /// An orthonormal basis of {u : sᵀu = 0 for the active rows s}, one vector after another: random vectors,
  /// projected by the rows' Gram matrix and orthonormalised by Cholesky factors, each twice.
  ///
  /// - Complexity: O(k²r) for k active rows, all in matrix products.
  var directions: [Double] {
    let r = unitRows.columns
    let count = max(0, r - rows.count)
    guard !rows.isEmpty else { return Matrix.identity(r).elements }
    var random = SeededGenerator(seed: 1)
    var basis = Matrix(
      rows: count, columns: r, elements: (0..<(count * r)).map { _ in random.nextGaussian() })
    guard count > 0 else { return [] }
    let active = ActiveRows(rows, signs: nil, of: unitRows)
    for _ in 0..<2 {
      active.project(&basis)
      guard orthonormalise(&basis) else { return [] }
    }
    return basis.elements
  }

  /// B ← L⁻¹B with BBᵀ = LLᵀ, twice.
  private func orthonormalise(_ basis: inout Matrix) -> Bool {
    let (count, r) = (basis.rows, basis.columns)
    for _ in 0..<2 {
      var gram = [Double](repeating: 0, count: count * count)
      BLAS.syrk(n: count, k: r, a: basis.elements, c: &gram)
      guard BLAS.choleskyFactor(n: count, &gram) else { return false }
      BLAS.triangularSolve(n: count, factor: gram, columns: r, x: &basis.elements)
    }
    return true
  }
}
