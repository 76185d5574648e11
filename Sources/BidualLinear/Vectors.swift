/// The inner product Σ aᵢbᵢ.
@inlinable
package func dot(_ a: some Sequence<Double>, _ b: some Sequence<Double>) -> Double {
  var sum = 0.0
  for (x, y) in zip(a, b) { sum += x * y }
  return sum
}

/// The inner product of two stretches of memory.
@inlinable @inline(__always)
package func dot(_ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, count: Int) -> Double {
  var sum = 0.0
  for i in 0..<count { sum += a[i] * b[i] }
  return sum
}

/// The Euclidean norm.
@inlinable
package func norm(_ a: some Sequence<Double>) -> Double {
  var sum = 0.0
  for x in a { sum += x * x }
  return sum.squareRoot()
}

/// The Euclidean norm of a stretch of memory.
@inlinable @inline(__always)
package func norm(_ a: UnsafePointer<Double>, count: Int) -> Double {
  dot(a, a, count: count).squareRoot()
}

extension [Double] {
  /// The vector scaled to Euclidean length 1; a zero vector stays zero.
  package var normalized: [Double] {
    let length = norm(self)
    return length > 0 ? map { $0 / length } : self
  }
}
