/// A Householder reflection of R^k that takes a given vector to a multiple of the first axis.
///
/// The last k−1 coordinates of a reflected vector are orthonormal coordinates on the hyperplane normal to
/// the given vector; the reflection is its own inverse. O(k) for each vector.
struct Reflection {
  /// The reflection is the identity minus `axis` `axis`ᵀ, with ‖axis‖² = 2.
  private let axis: [Double]

  init(_ vector: [Double]) {
    let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    var axis = vector.map { $0 / length }
    // Adding with the same sign avoids cancellation.
    axis[0] += axis[0] < 0 ? -1 : 1
    let scale = (2 / axis.reduce(0) { $0 + $1 * $1 }).squareRoot()
    self.axis = axis.map { $0 * scale }
  }

  /// Appends coordinates 1…k−1 of the reflection of the vector that starts at `start`.
  func appendReflectedTail(of vectors: [Double], at start: Int, to result: inout [Double]) {
    var share = 0.0
    for k in axis.indices { share += axis[k] * vectors[start + k] }
    for k in 1..<axis.count { result.append(vectors[start + k] - share * axis[k]) }
  }

  /// The vector of R^k with first reflected coordinate 0 and the given others.
  func lifted(_ tail: [Double]) -> [Double] {
    var share = 0.0
    for k in tail.indices { share += axis[k + 1] * tail[k] }
    return axis.indices.map { k in (k == 0 ? 0 : tail[k - 1]) - share * axis[k] }
  }
}
