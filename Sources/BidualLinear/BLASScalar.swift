#if canImport(Accelerate)
  import Accelerate
#else
  import COpenBLAS
#endif

/// A number type that BLAS computes with, `Double` or `Float`: what code that serves both is written in.
///
/// Kernels that are compiled for both types refine it by their entry points. What touches every number stands here or
/// there, in code for one type, since generic code may look up each operation as it runs.
package protocol BLASScalar: BinaryFloatingPoint, Sendable {
  /// C ← α·op(A)·op(B) + β·C with tightly packed row-major op(A) m×k, op(B) k×n and C m×n.
  static func gemm(
    transposeA: Bool, transposeB: Bool, m: Int, n: Int, k: Int, alpha: Self, a: UnsafePointer<Self>,
    b: UnsafePointer<Self>, beta: Self, c: UnsafeMutablePointer<Self>)

  /// The numbers in this type; doubles share the storage.
  static func rounded(_ numbers: [Double]) -> [Self]
  /// rounded ← numbers, `count` of them.
  static func round(_ count: Int, _ numbers: UnsafePointer<Double>, to rounded: UnsafeMutablePointer<Self>)
  /// doubles ← numbers, `count` of them.
  static func widen(_ count: Int, _ numbers: UnsafePointer<Self>, to doubles: UnsafeMutablePointer<Double>)
  /// sums ← sums + numbers, `count` of them.
  static func accumulate(
    _ count: Int, _ numbers: UnsafePointer<Self>, to sums: UnsafeMutablePointer<Double>
  )
}

extension Double: BLASScalar {
  /// Calls `cblas_dgemm`.
  @inline(__always)
  package static func gemm(
    transposeA: Bool, transposeB: Bool, m: Int, n: Int, k: Int, alpha: Double, a: UnsafePointer<Double>,
    b: UnsafePointer<Double>, beta: Double, c: UnsafeMutablePointer<Double>
  ) {
    BLAS.gemm(
      transposeA: transposeA, transposeB: transposeB, m: m, n: n, k: k, alpha: alpha, a: a, b: b, beta: beta,
      c: c)
  }

  /// The numbers themselves.
  package static func rounded(_ numbers: [Double]) -> [Double] { numbers }

  /// Copies.
  package static func round(
    _ count: Int, _ numbers: UnsafePointer<Double>, to rounded: UnsafeMutablePointer<Double>
  ) {
    rounded.update(from: numbers, count: count)
  }

  /// Copies.
  package static func widen(
    _ count: Int, _ numbers: UnsafePointer<Double>, to doubles: UnsafeMutablePointer<Double>
  ) {
    doubles.update(from: numbers, count: count)
  }

  /// Adds.
  package static func accumulate(
    _ count: Int, _ numbers: UnsafePointer<Double>, to sums: UnsafeMutablePointer<Double>
  ) {
    for k in 0..<count { sums[k] += numbers[k] }
  }
}

extension Float: BLASScalar {
  /// Calls `cblas_sgemm`.
  @inline(__always)
  package static func gemm(
    transposeA: Bool, transposeB: Bool, m: Int, n: Int, k: Int, alpha: Float, a: UnsafePointer<Float>,
    b: UnsafePointer<Float>, beta: Float, c: UnsafeMutablePointer<Float>
  ) {
    guard m > 0, n > 0 else { return }
    cblas_sgemm(
      CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans,
      numericCast(m), numericCast(n), numericCast(k), alpha, a, numericCast(transposeA ? m : k), b,
      numericCast(transposeB ? k : n), beta, c, numericCast(n))
  }

  /// The nearest floats; numbers beyond their range become infinite.
  package static func rounded(_ numbers: [Double]) -> [Float] { numbers.map { Float($0) } }

  /// Rounds to the nearest floats.
  package static func round(
    _ count: Int, _ numbers: UnsafePointer<Double>, to rounded: UnsafeMutablePointer<Float>
  ) {
    for k in 0..<count { rounded[k] = Float(numbers[k]) }
  }

  /// Converts exactly.
  package static func widen(
    _ count: Int, _ numbers: UnsafePointer<Float>, to doubles: UnsafeMutablePointer<Double>
  ) {
    for k in 0..<count { doubles[k] = Double(numbers[k]) }
  }

  /// Adds in double.
  package static func accumulate(
    _ count: Int, _ numbers: UnsafePointer<Float>, to sums: UnsafeMutablePointer<Double>
  ) {
    for k in 0..<count { sums[k] += Double(numbers[k]) }
  }
}
