import BidualLinear

/// The span of a face of a polyhedral cone.
protocol ConeSpan: Sendable {
  /// The numbers of the active rows.
  var rows: [Int] { get }
  /// An orthonormal basis of the span, one vector after another.
  var directions: [Double] { get }
}

/// A face {u : sᵀu = 0 for the active rows s} of a polyhedral cone, with an orthonormal basis of the rows' span.
///
/// Row k is Σ_{l ≤ k} triangle[k][l]·e_l for the basis vectors e. Rows join by Gram–Schmidt, twice, and leave by
/// Givens rotations, O(kr) each.
struct ConeFace: ConeSpan {
  /// The dimension r of the space.
  let rank: Int
  /// The numbers of the active rows, in the order of joining.
  private(set) var rows: [Int] = []
  private var basis: [Double] = []
  private var triangle: [[Double]] = []

  /// The whole space.
  init(rank: Int) {
    self.rank = rank
  }

  /// Adds a unit row; false if the rows held already span it to working precision.
  mutating func append(_ row: Int, _ vector: [Double]) -> Bool {
    let count = rows.count
    var rest = vector
    var coefficients = [Double](repeating: 0, count: count)
    if count > 0 {
      var along = coefficients
      for _ in 0..<2 {
        BLAS.gemv(m: count, n: rank, a: basis, x: rest, y: &along)
        BLAS.gemv(transpose: true, m: count, n: rank, alpha: -1, a: basis, x: along, beta: 1, y: &rest)
        for l in 0..<count { coefficients[l] += along[l] }
      }
    }
    let length = norm(rest)
    guard count < rank, length > 1e-9 else { return false }
    basis += rest.map { $0 / length }
    triangle.append(coefficients + [length])
    rows.append(row)
    return true
  }

  /// Removes the row at a place.
  mutating func remove(at place: Int) {
    rows.remove(at: place)
    triangle.remove(at: place)
    for l in place..<rows.count {
      let radius = (triangle[l][l] * triangle[l][l] + triangle[l][l + 1] * triangle[l][l + 1]).squareRoot()
      let cosine = triangle[l][l] / radius
      let sine = triangle[l][l + 1] / radius
      for k in l..<rows.count {
        let (x, y) = (triangle[k][l], triangle[k][l + 1])
        triangle[k][l] = cosine * x + sine * y
        triangle[k][l + 1] = cosine * y - sine * x
      }
      triangle[l].removeLast()
      basis.withUnsafeMutableBufferPointer { basis in
        let upper = basis.baseAddress! + l * rank
        let lower = upper + rank
        for j in 0..<rank {
          let (x, y) = (upper[j], lower[j])
          upper[j] = cosine * x + sine * y
          lower[j] = cosine * y - sine * x
        }
      }
    }
    basis.removeLast(rank)
  }

  /// The point of the face's span nearest to `g`.
  func point(nearest g: [Double]) -> [Double] {
    guard !rows.isEmpty else { return g }
    var point = g
    var along = [Double](repeating: 0, count: rows.count)
    for _ in 0..<2 {
      BLAS.gemv(m: rows.count, n: rank, a: basis, x: point, y: &along)
      BLAS.gemv(transpose: true, m: rows.count, n: rank, alpha: -1, a: basis, x: along, beta: 1, y: &point)
    }
    return point
  }

  /// The multipliers μ with g + Σμs = the nearest point of the span.
  func multipliers(_ g: [Double]) -> [Double] {
    let count = rows.count
    var mu = [Double](repeating: 0, count: count)
    guard count > 0 else { return mu }
    BLAS.gemv(m: count, n: rank, alpha: -1, a: basis, x: g, y: &mu)
    mu.withUnsafeMutableBufferPointer { mu in
      for k in stride(from: count - 1, through: 0, by: -1) {
        triangle[k].withUnsafeBufferPointer { column in
          mu[k] /= column[k]
          for l in 0..<k { mu[l] -= column[l] * mu[k] }
        }
      }
    }
    return mu
  }

  /// An orthonormal basis of the face's span, one vector after another: r − k of them.
  var directions: [Double] {
    var all = basis
    // The squared rests of the axes; the longest one is the next direction.
    var rests = [Double](repeating: 1, count: rank)
    for l in 0..<rows.count {
      for j in 0..<rank { rests[j] -= all[l * rank + j] * all[l * rank + j] }
    }
    for count in rows.count..<rank {
      let axis = rests.indices.max { rests[$0] < rests[$1] }!
      var direction = [Double](repeating: 0, count: rank)
      var along = [Double](repeating: 0, count: max(1, count))
      direction[axis] = 1
      for _ in 0..<2 where count > 0 {
        BLAS.gemv(m: count, n: rank, a: all, x: direction, y: &along)
        BLAS.gemv(transpose: true, m: count, n: rank, alpha: -1, a: all, x: along, beta: 1, y: &direction)
      }
      direction = direction.normalized
      for j in 0..<rank { rests[j] -= direction[j] * direction[j] }
      all += direction
    }
    return Array(all.dropFirst(rows.count * rank))
  }
}
