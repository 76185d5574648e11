import BidualLinear

/// Where local ascents start: random directions, and the neurons of the moment.
struct StartingPoints: Codable, Sendable {
  let rank: Int
  private var generator: SeededGenerator

  init(rank: Int, seed: UInt64) {
    self.rank = rank
    generator = SeededGenerator(seed: seed)
  }

  /// Unit vectors, uniform on the sphere.
  mutating func random(_ count: Int) -> Matrix {
    guard rank > 0 else { return Matrix(rows: 0, columns: 0) }
    var rows: [[Double]] = []
    while rows.count < count {
      let row = (0..<rank).map { _ in generator.nextGaussian() }
      if norm(row) > 0 { rows.append(row.normalized) }
    }
    return Matrix(rows)
  }

  /// A few directions: `count` random ones, and as many close to vectors drawn from those given.
  mutating func few(_ count: Int, around vectors: [[Double]]) -> Matrix {
    var rows = random(count)
    let sized = vectors.filter { norm($0) > 0 }.shuffled(using: &generator).prefix(count)
    for vector in sized {
      rows.elements += vector.normalized.map { $0 + 0.05 * generator.nextGaussian() }.normalized
    }
    return Matrix(rows: rows.rows + sized.count, columns: rank, elements: rows.elements)
  }

  /// The directions of the given vectors, some close to each, and random ones.
  mutating func around(_ vectors: [[Double]]) -> Matrix {
    var rows: [[Double]] = []
    for vector in vectors where norm(vector) > 0 {
      let direction = vector.normalized
      rows.append(direction)
      rows.append(direction.map { $0 + 0.05 * generator.nextGaussian() }.normalized)
    }
    let fresh = random(64)
    return Matrix(
      rows: rows.count + fresh.rows, columns: rank, elements: Array(rows.joined()) + fresh.elements)
  }
}
