#if canImport(Accelerate)
  import Accelerate
#else
  import COpenBLAS
#endif

/// The factors of a symmetric matrix that need not be definite, A = PLDLᵀPᵀ with pivots of order 1 and 2 (Bunch and
/// Kaufman), which is stable whatever the signs of its eigenvalues.
package final class SymmetricFactor {
  #if canImport(Accelerate)
    private typealias Index = __LAPACK_int
    private typealias Character = Int8
  #else
    private typealias Index = Int32
    private typealias Character = CChar
  #endif
  private let order: Int
  private var factor: [Double]
  private var pivots: [Index]
  private var work: [Double]

  /// Storage for matrices of one order.
  package init(order: Int) {
    self.order = order
    factor = Array(repeating: 0, count: order * order)
    pivots = Array(repeating: 0, count: order)
    work = Array(repeating: 0, count: max(1, 64 * order))
  }

  /// Factors `matrix`, of which both triangles are given; false if it is singular or not a number.
  ///
  /// - Complexity: O(n³).
  package func factor(_ matrix: [Double]) -> Bool {
    precondition(matrix.count == order * order)
    guard order > 0 else { return true }
    for k in matrix.indices { factor[k] = matrix[k] }
    var n = Index(order)
    var room = Index(work.count)
    var info = Index(0)
    var lower = Character(UInt8(ascii: "L"))
    dsytrf_(&lower, &n, &factor, &n, &pivots, &work, &room, &info)
    return info == 0
  }

  /// x ← A⁻¹x, by the last factors.
  ///
  /// - Complexity: O(n²).
  package func solve(_ x: inout [Double]) {
    precondition(x.count == order)
    guard order > 0 else { return }
    var n = Index(order)
    var one = Index(1)
    var info = Index(0)
    var lower = Character(UInt8(ascii: "L"))
    dsytrs_(&lower, &n, &one, &factor, &n, &pivots, &x, &n, &info)
  }
}
