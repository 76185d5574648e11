import BidualLinear
import Testing

@Suite struct RowSpaceTests {
  private func product(_ n: Int, _ r: Int, _ d: Int, integers: Bool, _ random: inout SeededGenerator)
    -> Matrix
  {
    func factor(_ rows: Int, _ columns: Int) -> Matrix {
      Matrix(
        rows: rows, columns: columns,
        elements: (0..<(rows * columns)).map { _ in
          integers ? Double(Int.random(in: -3...3, using: &random)) : random.nextGaussian()
        })
    }
    return factor(n, r).times(factor(r, d))
  }

  /// The bounds against the same quantities in extended precision.
  private func check(_ design: Matrix) {
    let space = RowSpace(of: design)
    let d = design.columns
    #expect(space.coordinates.rows == design.rows)
    #expect(space.deviation.count == design.rows)
    guard let basis = space.basis else {
      #expect(space.coordinates == design)
      #expect(space.stretch == 1 && space.deviation.allSatisfy { $0 == 0 })
      return
    }
    #expect(basis.rows == d && basis.columns == space.rank)
    #if arch(x86_64)
      let largest = design.rowNorms.max() ?? 0
      for i in 0..<design.rows {
        var square: Float80 = 0
        for j in 0..<d {
          var rest = Float80(design[i, j])
          for k in 0..<space.rank { rest -= Float80(basis[j, k]) * Float80(space.coordinates[i, k]) }
          square += rest * rest
        }
        #expect(square.squareRoot() <= Float80(space.deviation[i]))
        #expect(space.deviation[i] <= 1e-11 * largest + 1e-140)
      }
    #endif
    let stretch = SingularValues(of: basis)?.values.first ?? 0
    #expect(stretch <= space.stretch * (1 + 1e-15))
    #expect(space.stretch <= 1 + 1e-12)
  }

  @Test(arguments: [false, true]) func boundsHoldForRankDeficientDesigns(integers: Bool) {
    var random = SeededGenerator(seed: 21)
    for trial in 0..<60 {
      let n = Int.random(in: 1...20, using: &random)
      let d = Int.random(in: 1...15, using: &random)
      let r = Int.random(in: 1...min(n, d), using: &random)
      var design = product(n, r, d, integers: integers, &random)
      if trial % 3 == 1 { design.elements = design.elements.map { $0 * 1e-9 } }
      if trial % 3 == 2 { design.elements = design.elements.map { $0 * 1e9 } }
      check(design)
      if !integers { #expect(RowSpace(of: design).rank == r) }
    }
  }

  @Test func columnsOfUnlikeSizeKeepTheirBounds() {
    var random = SeededGenerator(seed: 22)
    var design = product(12, 5, 5, integers: false, &random)
    for i in 0..<12 {
      design[i, 0] *= 1e-8
      design[i, 1] *= 1e8
      design[i, 2] = 2 * design[i, 1]
    }
    check(design)
  }

  @Test func fullColumnRankIsLeftAlone() {
    var random = SeededGenerator(seed: 23)
    let design = product(9, 4, 4, integers: false, &random)
    let space = RowSpace(of: design)
    #expect(space.basis == nil && space.coordinates == design)
    let weights = product(3, 4, 4, integers: false, &random)
    #expect(space.lifted(weights) == weights && space.reduced(weights) == weights)
  }

  @Test func fewerRowsThanColumnsReduceToTheRows() {
    var random = SeededGenerator(seed: 24)
    let design = product(3, 3, 8, integers: false, &random)
    let space = RowSpace(of: design)
    #expect(space.rank == 3)
    check(design)
    // Lifted weights give the design what the reduced ones give the coordinates.
    let weights = product(2, 3, 3, integers: false, &random)
    let outside = design.timesTransposed(space.lifted(weights))
    let inside = space.coordinates.timesTransposed(weights)
    for (a, b) in zip(outside.elements, inside.elements) { #expect(abs(a - b) <= 1e-12 * max(1, abs(b))) }
    let back = space.reduced(space.lifted(weights))
    for (a, b) in zip(back.elements, weights.elements) { #expect(abs(a - b) <= 1e-13 * max(1, abs(b))) }
  }

  /// A row space that was cut: what it misses of each row, and how near its own coordinates are.
  @Test(arguments: [1, 3, 5]) func cutSpacesKnowWhatTheyMiss(limit: Int) throws {
    var random = SeededGenerator(seed: 25)
    let design = product(12, 6, 6, integers: false, &random)
    let space = RowSpace.analysis(of: design, limit: limit).space
    let truncation = try #require(space.truncation)
    let missed = truncation.distances
    #expect(space.rank == limit && space.basis?.columns == limit)
    let rebuilt = space.lifted(space.coordinates)
    var square = 0.0
    for i in 0..<12 {
      let distance = norm(zip(design.row(i), rebuilt.row(i)).map { $0 - $1 })
      #expect(distance <= missed[i] && missed[i] <= distance + 1e-10)
      square += distance * distance
    }
    // No other directions miss less (Eckart and Young).
    let values = try #require(SingularValues(of: design)?.values)
    let least = values[limit...].reduce(0) { $0 + $1 * $1 }
    #expect(abs(square - least) <= 1e-9 * least)
    #expect(truncation.norm >= values[limit] * (1 - 1e-12) && truncation.norm <= values[limit] * (1 + 1e-6))
    for _ in 0..<20 {
      let weights = (0..<limit).map { _ in random.nextGaussian() }
      let unit = weights.map { $0 / norm(weights) }
      let lifted = space.lifted(Matrix([unit]))
      for i in 0..<12 {
        let off = abs(
          dot(Array(design.row(i)), Array(lifted.row(0))) - dot(Array(space.coordinates.row(i)), unit))
        #expect(off <= space.deviation[i] && space.deviation[i] < 1e-10)
      }
    }
    #expect(RowSpace.analysis(of: design, limit: 6).space.truncation == nil)
  }

  @Test func zeroDesignHasRankZero() {
    let space = RowSpace(of: Matrix(rows: 4, columns: 3))
    #expect(space.rank == 0)
    #expect(space.coordinates.rows == 4)
    #expect(space.lifted(Matrix(rows: 0, columns: 0)).rows == 0)
    check(Matrix(rows: 4, columns: 3))
  }

  /// Principal axes are taken at full rank too: columns of coordinates are orthogonal, the longest first.
  @Test func principalAxes() {
    var random = SeededGenerator(seed: 12)
    for (n, d) in [(1, 1), (30, 4), (4, 6), (50, 12)] {
      var design = Matrix(rows: n, columns: d, elements: (0..<(n * d)).map { _ in random.nextGaussian() })
      for i in 0..<n { design[i, 0] = 3 * design[i, 0] + design[i, d - 1] }
      let space = RowSpace(principalAxesOf: design)
      #expect(space.rank == min(n, d) && space.stretch < 1 + 1e-12)
      let gram = space.coordinates.transposedTimes(space.coordinates)
      for j in 0..<space.rank {
        for l in 0..<j {
          #expect(abs(gram[j, l]) < 1e-10 * gram[0, 0])
          #expect(gram[j, j] <= gram[l, l] * (1 + 1e-12))
        }
      }
      let rebuilt = space.lifted(space.coordinates)
      for i in 0..<n {
        let distance = norm(zip(design.row(i), rebuilt.row(i)).map { $0 - $1 })
        #expect(distance <= space.deviation[i] && space.deviation[i] < 1e-12)
      }
    }
    #expect(RowSpace(principalAxesOf: Matrix(rows: 3, columns: 2)).rank == 0)
  }
}
