import BidualArrangements
import BidualLinear
import Testing

@Suite struct EnumerationTests {
  @Test(arguments: [
    (1, 1), (5, 1), (1, 2), (2, 2), (9, 2), (300, 2), (2, 3), (3, 3), (4, 3), (40, 3), (3, 4), (4, 4),
    (15, 4),
    (5, 5), (12, 5), (6, 6), (10, 6), (8, 8), (9, 8), (4, 9),
  ])
  func genericDataHaveCoversNumber(n: Int, d: Int) throws {
    let data = gaussianMatrix(n, d, seed: UInt64(n * 100 + d))
    let arrangement = try Arrangement(data)
    let hyperplanes = d == 1 ? 1 : n
    #expect(arrangement.rank == min(n, d))
    #expect(arrangement.hyperplaneCount == hyperplanes)
    let cover = CoverCount.chambers(hyperplanes: hyperplanes, rank: min(n, d))
    #expect(try arrangement.chamberCount() == cover)
    let tree = try arrangement.chambers()
    #expect(tree.count == cover)
    #expect(fault(in: tree, of: data) == nil)
    #expect(try coversRandomDirections(tree, of: data, draws: 2_000))
  }

  @Test func standardisedGridsKeepTheirDegeneracies() throws {
    for size in 2...4 {
      let grid = grid(side: size, dimension: 3)
      let plain = try Arrangement(withOnes(grid))
      let standard = try Arrangement(withOnes(standardised(grid)))
      #expect(plain.rank == 4)
      #expect(standard.hyperplaneCount == size * size * size)
      let count = try plain.chamberCount(limit: 3_000_000)
      #expect(try standard.chamberCount() == count)
      guard size < 4 else { continue }
      for (arrangement, data) in [(plain, withOnes(grid)), (standard, withOnes(standardised(grid)))] {
        let tree = try arrangement.chambers()
        #expect(tree.count == count)
        #expect(fault(in: tree, of: data) == nil)
      }
    }
  }

  @Test func thresholdFunctionsOfUpToFourBits() throws {
    // The chambers of the vertices of a cube with a column of ones are the threshold functions: 14, 104, 1882.
    for (bits, expected) in [(2, 14), (3, 104), (4, 1882)] {
      let vertices = (0..<(1 << bits)).map { v in (0..<bits).map { Double(v >> $0 & 1) } + [1] }
      let tree = try Arrangement(Matrix(vertices)).chambers()
      #expect(tree.count == expected)
    }
  }

  @Test func braidArrangementsHaveAChamberForEachPermutation() throws {
    for order in 2...6 {
      var rows: [[Double]] = []
      for i in 0..<order {
        for j in (i + 1)..<order {
          rows.append((0..<order).map { $0 == i ? 1 : $0 == j ? -1 : 0 })
        }
      }
      let data = Matrix(rows)
      let arrangement = try Arrangement(data)
      #expect(arrangement.rank == order - 1)
      let tree = try arrangement.chambers()
      #expect(tree.count == (1...order).reduce(1, *))
      #expect(fault(in: tree, of: data) == nil)
    }
  }

  @Test func scalesOfRowsAndColumnsDoNotMatter() throws {
    let data = gaussianMatrix(25, 3, seed: 5)
    var scaled = data
    for i in 0..<25 {
      for j in 0..<3 { scaled[i, j] *= [1e-9, 1, 1e12][j] * (i % 2 == 0 ? 1e20 : -1e-20) }
    }
    let tree = try Arrangement(scaled).chambers()
    #expect(tree.count == CoverCount.chambers(hyperplanes: 25, rank: 3))
    #expect(fault(in: tree, of: scaled) == nil)
  }

  @Test func yearsBesideOnesAndSquares() throws {
    let years: [Double] = (0..<30).map { 1990 + Double($0) }
    let data = Matrix(years.map { [$0, $0 * $0, 1] })
    let tree = try Arrangement(data).chambers()
    #expect(tree.count == CoverCount.chambers(hyperplanes: 30, rank: 3))
  }

  @Test(arguments: [(0, 0), (0, 3), (4, 0), (4, 3)])
  func dataOfRankZero(n: Int, d: Int) throws {
    let data = Matrix(rows: n, columns: d)
    let tree = try Arrangement(data).chambers()
    #expect(tree.count == 1)
    #expect(tree.pattern(0) == ActivationPattern(count: n))
    #expect(tree.interiorPoint(0).count == d)
  }

  @Test func limitAndCancellation() throws {
    let arrangement = try Arrangement(gaussianMatrix(30, 3, seed: 1))
    let count = try arrangement.chamberCount()
    #expect(try arrangement.chambers(limit: count).count == count)
    #expect(throws: ArrangementError.tooManyChambers(limit: count - 1)) {
      try arrangement.chambers(limit: count - 1)
    }
    #expect(throws: ArrangementError.tooManyChambers(limit: 1)) {
      try Arrangement(Matrix([[2.0]])).chambers(limit: 1)
    }
    #expect(throws: ArrangementError.cancelled) { try arrangement.chambers(isCancelled: { true }) }
  }

  @Test func theWalkCarriesAGradientAlong() throws {
    let data = gaussianMatrix(30, 3, seed: 8).selectingRows(Array(0..<30) + [3, 3, 7])
    let tree = try Arrangement(data).chambers()
    var pattern = tree.pattern(0)
    var crossings = 0
    var visited: [Int] = []
    var differences = 0
    tree.walk { hyperplane, entersPositive in
      crossings += 1
      for row in tree.arrangement.rows(ofHyperplane: hyperplane) {
        pattern[row] = entersPositive == (tree.arrangement.orientation(ofRow: row) > 0)
      }
    } visit: { chamber in
      visited.append(chamber)
      if tree.pattern(chamber) != pattern { differences += 1 }
    }
    #expect(differences == 0)
    #expect(visited == Array(0..<tree.count))
    #expect(crossings <= 2 * (tree.count - 1))
  }

  @Test func theSameDataGiveTheSameTree() throws {
    let data = gaussianMatrix(60, 3, seed: 4)
    let first = try Arrangement(data).chambers()
    let second = try Arrangement(data).chambers()
    #expect(first.count == second.count)
    #expect((0..<first.count).allSatisfy { first.innerPoint($0) == second.innerPoint($0) })
    #expect((0..<first.count).allSatisfy { first.parent($0) == second.parent($0) })
  }
}
