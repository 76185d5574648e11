import BidualLinear

/// Unit rows s of a cone, with signs, that hold a point, and the Cholesky factor of their Gram matrix.
///
/// Rows that the ones before span to working precision are not taken. The Gram matrix has 10⁻¹² added to its
/// diagonal; solutions are refined against the rows themselves.
struct ActiveRows {
  private(set) var rows: [Int] = []
  /// The signed rows, k×r.
  private var vectors: Matrix
  private var gram: [Double] = []
  private var factor: [Double] = []

  init(_ rows: [Int], signs: [Double]?, of unitRows: Matrix) {
    vectors = Matrix(rows: 0, columns: unitRows.columns)
    append(rows, signs: signs, of: unitRows)
  }

  /// Adds rows that are independent; O(k·r) a row, and O(k³) for the factor.
  mutating func append(_ new: [Int], signs: [Double]?, of unitRows: Matrix) {
    let r = unitRows.columns
    let old = rows.count
    let count = old + new.count
    var elements = vectors.elements
    elements.reserveCapacity(count * r)
    for row in new {
      let sign = signs?[row] ?? 1
      for j in 0..<r { elements.append(sign * unitRows.elements[row * r + j]) }
    }
    vectors = Matrix(rows: count, columns: r, elements: elements)
    var grown = [Double](repeating: 0, count: count * count)
    for k in 0..<old {
      for l in 0...k { grown[k * count + l] = gram[k * old + l] }
    }
    elements.withUnsafeBufferPointer { a in
      grown.withUnsafeMutableBufferPointer { c in
        guard let a = a.baseAddress, let c = c.baseAddress else { return }
        BLAS.gemm(
          transposeB: true, m: new.count, n: count, k: r, a: a + old * r, b: a, c: c + old * count)
      }
    }
    for k in old..<count { grown[k * count + k] += 1e-12 }
    gram = grown
    rows += new
    refactor()
    keep(rows.indices.filter { factor[$0 * count + $0] * factor[$0 * count + $0] > 1e-11 })
  }

  /// Keeps the rows at some places, in order.
  mutating func keep(_ places: [Int]) {
    guard places.count < rows.count else { return }
    let (old, r) = (rows.count, vectors.columns)
    var kept = [Double](repeating: 0, count: places.count * places.count)
    for (k, from) in places.enumerated() {
      for (l, other) in places[...k].enumerated() { kept[k * places.count + l] = gram[from * old + other] }
    }
    var elements: [Double] = []
    elements.reserveCapacity(places.count * r)
    for place in places { elements += vectors.elements[(place * r)..<((place + 1) * r)] }
    vectors = Matrix(rows: places.count, columns: r, elements: elements)
    gram = kept
    rows = places.map { rows[$0] }
    refactor()
  }

  private mutating func refactor() {
    factor = gram
    let isRegular = BLAS.choleskyFactor(n: rows.count, &factor)
    precondition(isRegular, "unit rows have a Gram matrix without negative eigenvalues")
  }

  /// The multipliers μ that make g + Σμs shortest.
  func multipliers(_ g: [Double]) -> [Double] {
    guard !rows.isEmpty else { return [] }
    var mu = vectors.times(g).map { -$0 }
    BLAS.choleskySolve(n: rows.count, factor: factor, x: &mu)
    var change = vectors.times(point(g, mu)).map { -$0 }
    BLAS.choleskySolve(n: rows.count, factor: factor, x: &change)
    for k in mu.indices { mu[k] += change[k] }
    return mu
  }

  /// g + Σμs.
  func point(_ g: [Double], _ mu: [Double]) -> [Double] {
    guard !rows.isEmpty else { return g }
    var point = g
    BLAS.gemv(
      transpose: true, m: rows.count, n: g.count, a: vectors.elements, x: mu, beta: 1, y: &point)
    return point
  }

  /// Moves each row of a matrix to the nearest point orthogonal to the active rows.
  func project(_ points: inout Matrix) {
    let k = rows.count
    var along = vectors.timesTransposed(points)
    BLAS.triangularSolve(n: k, factor: factor, columns: points.rows, x: &along.elements)
    BLAS.triangularSolve(transpose: true, n: k, factor: factor, columns: points.rows, x: &along.elements)
    BLAS.gemm(
      transposeA: true, m: points.rows, n: points.columns, k: k, alpha: -1, a: along.elements,
      b: vectors.elements, beta: 1, c: &points.elements)
  }
}
