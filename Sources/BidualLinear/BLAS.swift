#if canImport(Accelerate)
  import Accelerate
#else
  import COpenBLAS
#endif
import Synchronization

/// The few dense routines that Bidual takes from BLAS and LAPACK, on raw row-major storage.
///
/// Callers own the storage, so that solvers can run their inner loops without allocating.
package enum BLAS {
  /// How many threads the library itself may use; Accelerate decides for itself.
  ///
  /// Results are reproducible for a fixed number of threads.
  package static func setThreads(_ count: Int) {
    #if !canImport(Accelerate)
      openblas_set_num_threads(Int32(clamping: max(1, count)))
    #endif
  }

  #if !canImport(Accelerate)
    /// How many callers want one thread now, and what there was before the first.
    private static let singles = Mutex<(callers: Int, before: Int32)>((0, 1))
  #endif

  /// Runs `body` with the library on one thread, as is best beneath threads of one's own, and sets it back when the last
  /// of several callers is done.
  package static func singleThreaded<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    #if !canImport(Accelerate)
      singles.withLock { singles in
        if singles.callers == 0 { singles.before = openblas_get_num_threads() }
        singles.callers += 1
        openblas_set_num_threads(1)
      }
      defer {
        singles.withLock { singles in
          singles.callers -= 1
          if singles.callers == 0 { openblas_set_num_threads(singles.before) }
        }
      }
    #endif
    return try body()
  }

  /// xᵀy.
  @inline(__always)
  package static func dot(_ count: Int, _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>) -> Double {
    cblas_ddot(numericCast(count), x, 1, y, 1)
  }

  /// y ← αx + y.
  @inline(__always)
  package static func axpy(
    _ count: Int, _ alpha: Double, _ x: UnsafePointer<Double>, _ y: UnsafeMutablePointer<Double>
  ) {
    cblas_daxpy(numericCast(count), alpha, x, 1, y, 1)
  }

  /// C ← α·op(A)·op(B) + β·C with op(A) m×k, op(B) k×n and C m×n, all row-major.
  ///
  /// Leading dimensions default to tightly packed rows.
  @inline(__always)
  package static func gemm(
    transposeA: Bool = false, transposeB: Bool = false, m: Int, n: Int, k: Int, alpha: Double = 1,
    a: UnsafePointer<Double>, lda: Int? = nil, b: UnsafePointer<Double>, ldb: Int? = nil,
    beta: Double = 0, c: UnsafeMutablePointer<Double>, ldc: Int? = nil
  ) {
    guard m > 0, n > 0 else { return }
    cblas_dgemm(
      CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans,
      numericCast(m), numericCast(n), numericCast(k), alpha, a, numericCast(lda ?? (transposeA ? m : k)),
      b, numericCast(ldb ?? (transposeB ? k : n)), beta, c, numericCast(ldc ?? n))
  }

  /// y ← α·op(A)·x + β·y with A m×n row-major.
  @inline(__always)
  package static func gemv(
    transpose: Bool = false, m: Int, n: Int, alpha: Double = 1, a: UnsafePointer<Double>, lda: Int? = nil,
    x: UnsafePointer<Double>, beta: Double = 0, y: UnsafeMutablePointer<Double>
  ) {
    guard m > 0, n > 0 else { return }
    cblas_dgemv(
      CblasRowMajor, transpose ? CblasTrans : CblasNoTrans, numericCast(m), numericCast(n), alpha, a,
      numericCast(lda ?? n), x, 1, beta, y, 1)
  }

  /// The lower triangle of C ← α·op(A)op(A)ᵀ + β·C with op(A) n×k; the upper triangle is left alone.
  @inline(__always)
  package static func syrk(
    transpose: Bool = false, n: Int, k: Int, alpha: Double = 1, a: UnsafePointer<Double>, beta: Double = 0,
    c: UnsafeMutablePointer<Double>
  ) {
    guard n > 0 else { return }
    cblas_dsyrk(
      CblasRowMajor, CblasLower, transpose ? CblasTrans : CblasNoTrans, numericCast(n), numericCast(k), alpha,
      a,
      numericCast(transpose ? n : k), beta, c, numericCast(n))
  }

  /// Overwrites the lower triangle of a symmetric n×n matrix by its Cholesky factor L, A = LLᵀ.
  ///
  /// - Returns: whether the matrix was numerically positive definite.
  @inline(__always)
  package static func choleskyFactor(n: Int, _ a: UnsafeMutablePointer<Double>) -> Bool {
    guard n > 0 else { return true }
    // Row-major lower is column-major upper, which is what LAPACK sees.
    #if canImport(Accelerate)
      var order = __LAPACK_int(n)
      var info = __LAPACK_int(0)
      var upper = Int8(UInt8(ascii: "U"))
      dpotrf_(&upper, &order, a, &order, &info)
    #else
      var order = Int32(n)
      var info = Int32(0)
      var upper = CChar(UInt8(ascii: "U"))
      dpotrf_(&upper, &order, a, &order, &info)
    #endif
    return info == 0
  }

  /// Overwrites a Cholesky factor L of A by the lower triangle of A⁻¹; the upper triangle is left alone.
  ///
  /// - Returns: whether the factor was regular.
  @inline(__always)
  package static func choleskyInverse(n: Int, _ factor: UnsafeMutablePointer<Double>) -> Bool {
    guard n > 0 else { return true }
    #if canImport(Accelerate)
      var order = __LAPACK_int(n)
      var info = __LAPACK_int(0)
      var upper = Int8(UInt8(ascii: "U"))
      dpotri_(&upper, &order, factor, &order, &info)
    #else
      var order = Int32(n)
      var info = Int32(0)
      var upper = CChar(UInt8(ascii: "U"))
      dpotri_(&upper, &order, factor, &order, &info)
    #endif
    return info == 0
  }

  /// x ← L⁻¹x, or L⁻ᵀx if `transpose`, for a lower triangular n×n factor.
  @inline(__always)
  package static func triangularSolve(
    transpose: Bool = false, n: Int, factor: UnsafePointer<Double>, x: UnsafeMutablePointer<Double>
  ) {
    guard n > 0 else { return }
    cblas_dtrsv(
      CblasRowMajor, CblasLower, transpose ? CblasTrans : CblasNoTrans, CblasNonUnit, numericCast(n), factor,
      numericCast(n), x, 1)
  }

  /// X ← L⁻¹X, or L⁻ᵀX if `transpose`, for a lower triangular n×n factor and an X of n×`columns`, both row-major.
  @inline(__always)
  package static func triangularSolve(
    transpose: Bool = false, n: Int, factor: UnsafePointer<Double>, columns: Int,
    x: UnsafeMutablePointer<Double>
  ) {
    guard n > 0, columns > 0 else { return }
    cblas_dtrsm(
      CblasRowMajor, CblasLeft, CblasLower, transpose ? CblasTrans : CblasNoTrans, CblasNonUnit,
      numericCast(n), numericCast(columns), 1, factor, numericCast(n), x, numericCast(columns))
  }

  /// x ← (LLᵀ)⁻¹x for a Cholesky factor L.
  @inline(__always)
  package static func choleskySolve(n: Int, factor: UnsafePointer<Double>, x: UnsafeMutablePointer<Double>) {
    triangularSolve(n: n, factor: factor, x: x)
    triangularSolve(transpose: true, n: n, factor: factor, x: x)
  }
}
