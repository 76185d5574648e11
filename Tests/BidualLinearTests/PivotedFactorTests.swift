import BidualLinear
import Testing

@Suite struct PivotedFactorTests {
  /// A's columns in their order give the Gram matrix LLᵀ.
  @Test(arguments: [(7, 4), (4, 7), (5, 5), (1, 3), (3, 1), (200, 70)])
  func theGramMatrixIsThatOfTheColumns(m: Int, n: Int) {
    var generator = SeededGenerator(seed: 5)
    let matrix = Matrix(rows: m, columns: n, elements: (0..<(m * n)).map { _ in generator.nextGaussian() })
    let factor = PivotedFactor(of: matrix)
    #expect(factor.columns.sorted() == Array(0..<n))
    #expect(factor.lower.rows == n && factor.lower.columns == min(m, n))
    for i in 0..<n {
      for j in 0..<n {
        let expected = dot(matrix.column(factor.columns[i]), matrix.column(factor.columns[j]))
        let found = dot(factor.lower.row(i), factor.lower.row(j))
        #expect(abs(found - expected) <= 1e-13 * Double(m))
      }
    }
    let pivots = (0..<min(m, n)).map { abs(factor.lower[$0, $0]) }
    #expect(zip(pivots, pivots.dropFirst()).allSatisfy { $0 >= $1 * (1 - 1e-12) })
  }

  /// Columns that are zero, equal or multiples of others leave nothing.
  @Test func dependentColumnsComeLast() {
    let matrix = Matrix([[0, 2, 2, 4, 1], [0, -1, -1, -2, 5], [0, 3, 3, 6, -2]])
    let factor = PivotedFactor(of: matrix)
    #expect(Set(factor.columns.prefix(2)) == [3, 4])
    #expect(abs(factor.lower[1, 1]) > 1)
    #expect(abs(factor.lower[2, 2]) < 1e-15)
  }

  /// Of ties the first column comes first.
  @Test func tiesAreBrokenByIndex() {
    #expect(PivotedFactor(of: .identity(4)).columns == [0, 1, 2, 3])
  }

  @Test func emptyMatrices() {
    let rowless = PivotedFactor(of: Matrix(rows: 0, columns: 3))
    #expect(rowless.columns == [0, 1, 2] && rowless.lower == Matrix(rows: 3, columns: 0))
    #expect(PivotedFactor(of: Matrix(rows: 3, columns: 0)).columns == [])
  }
}
