import BidualLinear

/// An orthonormal basis of the span of hyperplanes' normals, one added at a time, and of the flat in which
/// these hyperplanes meet.
package struct FlatBasis {
  private let dimension: Int
  /// The basis of the normals' span.
  private var normals: [[Double]] = []

  /// A basis of no normals.
  package init(dimension: Int) { self.dimension = dimension }

  /// The basis with one more unit normal; nil if it depends on those that are there.
  package func adding(_ normal: some Collection<Double>) -> FlatBasis? {
    guard let rest = remainder(Array(normal), least: 1e-9) else { return nil }
    var result = self
    result.normals.append(rest)
    return result
  }

  /// The part of a vector inside the flat, at length 1; nil if it is shorter than `least`.
  package func inside(_ vector: [Double], least: Double) -> [Double]? { remainder(vector, least: least) }

  /// An orthonormal basis of the flat, its first vectors given (orthonormal, inside the flat).
  package func complement(_ given: [[Double]] = []) -> [[Double]] {
    var span = self
    span.normals += given
    var basis = given
    while span.normals.count < dimension {
      // The axis that sticks out farthest is far from dependent.
      let axes = (0..<dimension).map { axis in (0..<dimension).map { $0 == axis ? 1.0 : 0.0 } }
      let left = axes.map { axis in 1 - span.normals.reduce(0) { $0 + dot($1, axis) * dot($1, axis) } }
      let farthest = left.indices.max { left[$0] < left[$1] } ?? 0
      guard let next = span.remainder(axes[farthest], least: 0) else { break }
      span.normals.append(next)
      basis.append(next)
    }
    return basis
  }

  /// What a vector has beyond the span, at length 1; two passes make it orthogonal to rounding.
  private func remainder(_ vector: [Double], least: Double) -> [Double]? {
    var rest = vector
    for pass in 0..<2 {
      for direction in normals {
        let along = dot(direction, rest)
        for k in rest.indices { rest[k] -= along * direction[k] }
      }
      let length = norm(rest)
      guard length > (pass == 0 ? least : 0) else { return nil }
      for k in rest.indices { rest[k] /= length }
    }
    return rest
  }
}
