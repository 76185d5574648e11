#if canImport(Accelerate)
  import Accelerate
#else
  import COpenBLAS
#endif

/// The thin singular value decomposition A = U·diag(σ)·Wᵀ of an m×n matrix.
///
/// - Complexity: O(mn·min(m, n)).
package struct SingularValues: Sendable {
  /// The singular values, largest first; there are min(m, n).
  package let values: [Double]
  /// The left singular vectors, m×min(m, n), one a column.
  package let left: Matrix
  /// The right singular vectors as rows, min(m, n)×n.
  package let rightTransposed: Matrix

  /// Decomposes `matrix`, whose entries must be finite; nil if LAPACK's iteration did not converge, or
  /// the matrix is larger than LAPACK can count.
  package init?(of matrix: Matrix) {
    let m = matrix.rows
    let n = matrix.columns
    let k = min(m, n)
    guard k > 0 else {
      values = []
      left = Matrix(rows: m, columns: 0)
      rightTransposed = Matrix(rows: 0, columns: n)
      return
    }
    // Row-major A is column-major Aᵀ = W·diag(σ)·Uᵀ, so LAPACK's factors come out exchanged and
    // already in row-major order for us.
    var a = matrix.elements
    var sigma = [Double](repeating: 0, count: k)
    var w = [Double](repeating: 0, count: n * k)
    var u = [Double](repeating: 0, count: k * m)
    #if canImport(Accelerate)
      typealias Integer = __LAPACK_int
      var job = Int8(UInt8(ascii: "S"))
    #else
      typealias Integer = Int32
      var job = CChar(UInt8(ascii: "S"))
    #endif
    var rows = Integer(n)
    var columns = Integer(m)
    var inner = Integer(k)
    var info = Integer(0)
    var integerWork = [Integer](repeating: 0, count: 8 * k)
    var query = 0.0
    var length = Integer(-1)
    dgesdd_(
      &job, &rows, &columns, &a, &rows, &sigma, &w, &rows, &u, &inner, &query, &length, &integerWork, &info)
    guard info == 0, query < Double(Integer.max) else { return nil }
    length = Integer(query)
    var work = [Double](repeating: 0, count: Int(length))
    dgesdd_(
      &job, &rows, &columns, &a, &rows, &sigma, &w, &rows, &u, &inner, &work, &length, &integerWork, &info)
    guard info == 0 else { return nil }
    values = sigma
    left = Matrix(rows: m, columns: k, elements: u)
    rightTransposed = Matrix(rows: k, columns: n, elements: w)
  }
}
