extension Matrix {
  /// The product A·B.
  public func times(_ other: Matrix) -> Matrix {
    product(other, transposeSelf: false, transposeOther: false)
  }

  /// The product AᵀB.
  public func transposedTimes(_ other: Matrix) -> Matrix {
    product(other, transposeSelf: true, transposeOther: false)
  }

  /// The product ABᵀ.
  public func timesTransposed(_ other: Matrix) -> Matrix {
    product(other, transposeSelf: false, transposeOther: true)
  }

  /// The product A·x.
  public func times(_ vector: [Double]) -> [Double] {
    precondition(vector.count == columns)
    var result = [Double](repeating: 0, count: rows)
    BLAS.gemv(m: rows, n: columns, a: elements, x: vector, y: &result)
    return result
  }

  /// The product Aᵀx.
  public func transposedTimes(_ vector: [Double]) -> [Double] {
    precondition(vector.count == rows)
    var result = [Double](repeating: 0, count: columns)
    BLAS.gemv(transpose: true, m: rows, n: columns, a: elements, x: vector, y: &result)
    return result
  }

  private func product(_ other: Matrix, transposeSelf: Bool, transposeOther: Bool) -> Matrix {
    let m = transposeSelf ? columns : rows
    let k = transposeSelf ? rows : columns
    let n = transposeOther ? other.rows : other.columns
    precondition(k == (transposeOther ? other.columns : other.rows))
    var result = Matrix(rows: m, columns: n)
    BLAS.gemm(
      transposeA: transposeSelf, transposeB: transposeOther, m: m, n: n, k: k, a: elements,
      lda: max(1, columns),
      b: other.elements, ldb: max(1, other.columns), c: &result.elements)
    return result
  }
}
