import BidualLinear
import Testing

@Suite struct SingularValuesTests {
  private func check(_ matrix: Matrix) throws {
    let found = try #require(SingularValues(of: matrix))
    let k = min(matrix.rows, matrix.columns)
    #expect(found.values.count == k)
    #expect(found.values == found.values.sorted(by: >))
    #expect(found.values.allSatisfy { $0 >= 0 })
    let largest = max(found.values.first ?? 0, 1e-300)
    for i in 0..<matrix.rows {
      for j in 0..<matrix.columns {
        var sum = 0.0
        for s in 0..<k { sum += found.left[i, s] * found.values[s] * found.rightTransposed[s, j] }
        #expect(abs(sum - matrix[i, j]) <= 1e-13 * largest)
      }
    }
    for a in 0..<k {
      for b in 0..<k {
        let left = naiveDot(found.left.column(a), found.left.column(b))
        let right = naiveDot(Array(found.rightTransposed.row(a)), Array(found.rightTransposed.row(b)))
        #expect(abs(left - (a == b ? 1 : 0)) <= 1e-13)
        #expect(abs(right - (a == b ? 1 : 0)) <= 1e-13)
      }
    }
  }

  @Test(arguments: [(1, 1), (1, 7), (7, 1), (5, 5), (12, 4), (4, 12), (40, 9)])
  func factorsAreOrthonormalAndRebuildTheMatrix(rows: Int, columns: Int) throws {
    var random = SeededGenerator(seed: UInt64(100 * rows + columns))
    for scale in [1e-150, 1, 1e150] {
      let elements = (0..<(rows * columns)).map { _ in scale * random.nextGaussian() }
      try check(Matrix(rows: rows, columns: columns, elements: elements))
    }
  }

  @Test func rankDeficientMatricesHaveZeroValues() throws {
    var random = SeededGenerator(seed: 3)
    for rank in 0...4 {
      let a = Matrix(rows: 9, columns: rank, elements: (0..<(9 * rank)).map { _ in random.nextGaussian() })
      let b = Matrix(rows: rank, columns: 6, elements: (0..<(rank * 6)).map { _ in random.nextGaussian() })
      let product = a.times(b)
      try check(product)
      let values = try #require(SingularValues(of: product)).values
      #expect(values.count { $0 > 1e-12 } == rank)
    }
  }

  @Test func valuesOfADiagonalMatrixAreItsEntries() throws {
    let found = try #require(SingularValues(of: Matrix([[0, -3, 0], [0.5, 0, 0], [0, 0, 2], [0, 0, 0]])))
    for (value, expected) in zip(found.values, [3, 2, 0.5]) { #expect(abs(value - expected) <= 1e-15 * 4) }
  }

  @Test func emptyMatricesHaveNone() throws {
    #expect(try #require(SingularValues(of: Matrix(rows: 0, columns: 3))).values.isEmpty)
    #expect(try #require(SingularValues(of: Matrix(rows: 3, columns: 0))).values.isEmpty)
  }
}
