import BidualArrangements
import BidualLinear
import Testing

@Suite struct ArrangementTests {
  @Test func multiplesShareAHyperplaneAndZeroRowsHaveNone() throws {
    let third = 1.0 / 3
    let data = Matrix([
      [0, 0, 0], [1, 2, 3], [-0.1, -0.2, -0.3], [0, 0, -1], [third, 2 * third, 1], [0, 0, 5], [1, 0, 0],
    ])
    let arrangement = try Arrangement(data)
    #expect(arrangement.rank == 3)
    #expect(arrangement.hyperplaneCount == 3)
    #expect((0..<7).map { arrangement.hyperplane(ofRow: $0) } == [nil, 0, 0, 1, 0, 1, 2])
    #expect((0..<7).map { arrangement.orientation(ofRow: $0) } == [0, 1, -1, 1, 1, -1, 1])
    #expect(Array(arrangement.rows(ofHyperplane: 0)) == [1, 2, 4])
    #expect(Array(arrangement.rows(ofHyperplane: 1)) == [3, 5])
    #expect(arrangement.pattern(isPositive: [true, true, false]).description == "0101100")
  }

  @Test func dependentColumnsAreDropped() throws {
    let narrow = gaussianMatrix(12, 2, seed: 3)
    let mix = gaussianMatrix(2, 5, seed: 4)
    var wide = Matrix(rows: 12, columns: 5)
    for i in 0..<12 {
      for j in 0..<5 { wide[i, j] = narrow[i, 0] * mix[0, j] + narrow[i, 1] * mix[1, j] }
    }
    let arrangement = try Arrangement(wide)
    #expect(arrangement.rank == 2)
    let tree = try arrangement.chambers()
    #expect(tree.count == 24)
    #expect(fault(in: tree, of: wide) == nil)
  }

  @Test func badInputIsNamed() {
    #expect(throws: ArrangementError.notFinite(row: 1, column: 0)) {
      try Arrangement(Matrix([[1, 2], [.nan, 3]]))
    }
    #expect(throws: ArrangementError.badTolerance(0)) { try Arrangement(Matrix([[1]]), tolerance: 0) }
    #expect(throws: ArrangementError.self) { try Arrangement(Matrix([[1]]), tolerance: .nan) }
  }
}
