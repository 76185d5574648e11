import BidualArrangements
import BidualLinear
import Testing

@Suite struct SubnetworkCountTests {
  private func gaussian(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix {
    var random = SeededGenerator(seed: seed)
    return Matrix(
      rows: rows, columns: columns, elements: (0..<(rows * columns)).map { _ in random.nextGaussian() })
  }

  /// Every second-layer pattern that random weights have is one of those counted, and the bound holds.
  @Test(arguments: [(4, 2, 1), (4, 2, 2), (3, 1, 3), (5, 1, 2)]) func countsHoldAllPatternsOfRandomWeights(
    rows: Int, columns: Int, units: Int
  ) throws {
    let data = gaussian(rows, columns, seed: UInt64(10 * rows + units))
    let count = try SubnetworkCount(data, units: units)
    #expect(count.firstLayer == (try Arrangement(data).chamberCount(limit: 1000)))
    #expect(Double(count.secondLayer) <= count.bound && count.largest <= count.secondLayer)
    #expect(count.pairs >= count.choices)
    var random = SeededGenerator(seed: 5)
    var met: Set<[Bool]> = []
    for _ in 0..<3000 {
      var inputs = [Double](repeating: 0, count: rows)
      for _ in 0..<units {
        let weights = (0..<columns).map { _ in random.nextGaussian() }
        let sign: Double = Bool.random(using: &random) ? 1 : -1
        for i in 0..<rows { inputs[i] += sign * max(0, dot(data.row(i), weights)) }
      }
      met.insert(inputs.map { $0 > 0 })
    }
    #expect(met.count <= count.secondLayer)
  }

  /// A single unit's second layer is positive on its active samples, or negative: two patterns for each first-layer one that
  /// has active samples.
  @Test func oneSampleHasTwoPatterns() throws {
    let count = try SubnetworkCount(Matrix([[2]]), units: 1)
    #expect(count.firstLayer == 2 && count.choices == 4)
    #expect(count.secondLayer == 2 && count.largest == 2)
  }

  @Test func largeDataAreRefused() {
    #expect(throws: ArrangementError.self) {
      try SubnetworkCount(gaussian(30, 4, seed: 1), units: 4, limit: 1000)
    }
    #expect(throws: ArrangementError.self) {
      try SubnetworkCount(Matrix([[0, 0]]), units: .max, limit: 1000)
    }
  }
}
