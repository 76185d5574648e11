import BidualLinear

/// Gates that are generalised cross products of r − 1 random rows of the data, r the rank.
///
/// The product ⋆(x_{j₁}∧…∧x_{j_{r−1}}) is orthogonal to these rows: an edge of the arrangement, where chambers
/// meet and where the Clifford dictionary has its atoms (W25 §3.2; P23). The gate is moved off the
/// edge into the chamber in which the drawn rows are inactive, so that its pattern does not hang on rounding.
public struct ProductGates: PatternSource {
  /// How many products to draw.
  public let draws: Int

  /// A source of `draws` products.
  public init(draws: Int) {
    self.draws = draws
  }

  /// Draws the products; O(draws·(r³ + nr)).
  /// - Throws: `PatternError.badCount`, `.tooMany`.
  public func add(to collection: inout PatternCollection, using generator: inout SeededGenerator)
    throws(PatternError)
  {
    guard draws > 0 else { throw .badCount(source: "products", count: draws) }
    try collection.requireMemory(Double(draws), source: "products", count: draws)
    let space = RowSpace(of: collection.data)
    let rows = space.coordinates.unitRows
    let sized = (0..<rows.rows).filter { rows.row($0).contains { $0 != 0 } }
    guard space.rank > 0, !sized.isEmpty else { return }
    var left = draws
    while left > 0, !collection.shouldStop() {
      let batch = min(left, PatternCollection.blockLength)
      var gates: [[Double]] = []
      for _ in 0..<batch { gates.append(Self.product(of: rows, among: sized, using: &generator)) }
      collection.insertFinite(space.lifted(Matrix(gates)))
      left -= batch
    }
  }

  private static func product(
    of rows: Matrix, among sized: [Int], using generator: inout SeededGenerator
  ) -> [Double] {
    let rank = rows.columns
    // Orthonormal q; the k-th row kept is Σ_{l ≤ k} factor[k][l]·q[l].
    var q: [[Double]] = []
    var factor: [[Double]] = []
    var order = sized
    var next = 0
    while q.count < rank - 1, next < order.count {
      order.swapAt(next, Int.random(in: next..<order.count, using: &generator))
      var rest = Array(rows.row(order[next]))
      var coefficients = [Double](repeating: 0, count: q.count)
      // Twice is enough.
      for _ in 0..<2 { remove(q, from: &rest, &coefficients) }
      let length = norm(rest)
      if length > 1e-8 {
        q.append(rest.map { $0 / length })
        factor.append(coefficients + [length])
      }
      next += 1
    }
    // The longest rest of an axis; its sign is drawn.
    var product = [Double](repeating: 0, count: rank)
    for axis in 0..<rank {
      var rest = [Double](repeating: 0, count: rank)
      var ignored = [Double](repeating: 0, count: q.count)
      rest[axis] = 1
      for _ in 0..<2 { remove(q, from: &rest, &ignored) }
      if norm(rest) > norm(product) { product = rest }
    }
    product = product.normalized
    if generator.next() & 1 == 1 { product = product.map { -$0 } }
    // The direction in which all kept rows fall at the same rate.
    var fall = [Double](repeating: 0, count: rank)
    var weights: [Double] = []
    for k in q.indices {
      var weight = -1.0
      for l in 0..<k { weight -= factor[k][l] * weights[l] }
      weights.append(weight / factor[k][k])
      for j in 0..<rank { fall[j] += weights[k] * q[k][j] }
    }
    let heights = rows.times(product)
    let falls = rows.times(fall)
    var reach = 1.0
    for i in sized where abs(heights[i]) > 1e-10 && falls[i] != 0 {
      reach = min(reach, abs(heights[i] / falls[i]))
    }
    return zip(product, fall).map { $0 + 0.5 * reach * $1 }
  }

  /// vector ← vector − Σ(qₗᵀvector)qₗ; the coefficients are added up.
  private static func remove(_ q: [[Double]], from vector: inout [Double], _ coefficients: inout [Double]) {
    for (l, direction) in q.enumerated() {
      let along = dot(direction, vector)
      coefficients[l] += along
      for j in vector.indices { vector[j] -= along * direction[j] }
    }
  }
}
