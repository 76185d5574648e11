#if canImport(Accelerate)
  import Accelerate
#else
  import COpenBLAS
#endif

/// The triangular factor of a matrix whose columns are put in order, A·P = Q·Lᵀ with Q orthonormal and L lower
/// triangular: each column is the one of which those before leave most.
///
/// - Complexity: O(mn·min(m, n)).
package struct PivotedFactor: Sendable {
  /// For each row of L the column of A that it belongs to.
  package let columns: [Int]
  /// L, n×min(m, n). Its diagonal tells, up to the sign, what the columns before leave of each, and falls.
  package let lower: Matrix

  /// Factors `matrix` (m×n), whose entries must be finite.
  package init(of matrix: Matrix) {
    #if canImport(Accelerate)
      typealias Index = __LAPACK_int
    #else
      typealias Index = Int32
    #endif
    let m = matrix.rows
    let n = matrix.columns
    let k = min(m, n)
    guard k > 0 else {
      columns = Array(0..<n)
      lower = Matrix(rows: n, columns: 0)
      return
    }
    var a = matrix.transposed.elements
    var rows = Index(m)
    var order = Index(n)
    var pivots = [Index](repeating: 0, count: n)
    var reflections = [Double](repeating: 0, count: k)
    // What LAPACK asks for with its blocks of 32 columns.
    var length = 2 * order + 32 * (order + 1)
    var work = [Double](repeating: 0, count: Int(length))
    var info = Index(0)
    dgeqp3_(&rows, &order, &a, &rows, &pivots, &reflections, &work, &length, &info)
    precondition(info == 0)
    columns = pivots.map { Int($0) - 1 }
    // LAPACK's columns are rows here; the reflections that make Q stand beside L.
    var lower = Matrix(rows: n, columns: k)
    for i in 0..<n {
      for j in 0..<min(i + 1, k) { lower[i, j] = a[i * m + j] }
    }
    self.lower = lower
  }
}
