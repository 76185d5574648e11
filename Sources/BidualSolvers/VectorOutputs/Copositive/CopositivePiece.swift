import BidualLinear

/// A chamber of the copositive program: what its neurons predict, and the cone that they keep to.
struct CopositivePiece {
  /// B = √Ω·D·X, n×r.
  let map: Matrix
  /// The facets of the cone K = {u : Gu ≥ 0} as unit rows, f×r.
  let facets: Matrix
  /// A unit vector inside K.
  let center: [Double]

  /// A symmetric matrix inside the doubly non-negative cone {U ≻ 0 : GUGᵀ > 0}, of trace about 1.
  var start: Matrix {
    let least = facets.times(center).reduce(1) { min($0, $1) }
    var matrix = Matrix(rows: center.count, columns: center.count)
    for a in center.indices {
      for b in center.indices { matrix[a, b] = center[a] * center[b] + (a == b ? 0.5 * least * least : 0) }
    }
    return matrix
  }

  /// Vectors of the cone whose squares uuᵀ add up to U, as far as there are such: the columns of Cholesky's factors in the order of
  /// the facets, each of which is along some Ug and so in the cone, but for the last ones, which are brought into it.
  ///
  /// Exact for cones with two facets, and where U is of rank 1.
  ///
  /// - Complexity: O(fr³).
  func factors(of block: Matrix) -> [[Double]] {
    let r = block.rows
    let projection = ConeProjection(unitRows: facets)
    let signs = [Int8](repeating: 1, count: facets.rows)
    var rest = block
    let whole = (0..<r).reduce(0) { $0 + block[$1, $1] }
    var found: [[Double]] = []
    for _ in 0..<r {
      let images = facets.times(rest)
      let squares = (0..<facets.rows).map { dot(images.row($0), facets.row($0)) }
      guard let a = squares.indices.max(by: { squares[$0] < squares[$1] }), squares[a] > 1e-14 * whole
      else { break }
      let root = squares[a].squareRoot()
      let column = images.row(a).map { $0 / root }
      for k in 0..<r {
        for l in 0..<r { rest[k, l] -= column[k] * column[l] }
      }
      // What is left of the rank may point either way.
      let inside = [1.0, -1].map { sign in projection.project(column.map { sign * $0 }, signs: signs) }
        .max { $0.value < $1.value }
      if let inside, inside.value > 0 { found.append(inside.point) }
    }
    return found
  }
}
