import BidualArrangements
import BidualLinear
import Testing

@Suite struct PatternSourceTests {
  /// Repeated rows, opposite rows, a zero row and a constant column.
  private static let degenerate: Matrix = {
    let base = gaussianMatrix(40, 4, seed: 11)
    var data = withOnes(base.selectingRows(Array(0..<40) + [0, 1, 2]))
    for j in 0..<5 {
      data[40, j] = -data[3, j]
      data[41, j] = 0
    }
    return data
  }()
  private static let tall = gaussianMatrix(60, 3, seed: 12)

  private static func sources(features: Int) -> [any PatternSource] {
    let gates = gaussianMatrix(9, features, seed: 13)
    return CountedPatternSource.all.map { $0.make(12) }
      + [GivenGates(rows: gates), FlippedGates(rows: gates), FlippedGates(rows: gates, fraction: 1)]
  }

  private func collection(_ sources: [any PatternSource], _ data: Matrix, seed: UInt64 = 1) throws
    -> PatternCollection
  {
    try PatternCollection(sources, data: data, seed: seed)
  }

  /// Distinct patterns that are those of their gates.
  private func check(_ collection: PatternCollection) {
    #expect(Set(collection.patterns).count == collection.count)
    for (pattern, gate) in zip(collection.patterns, collection.gates) {
      guard let gate else { continue }
      #expect(ActivationPattern(preActivations: preActivations(collection.data, gate)) == pattern)
    }
  }

  @Test(arguments: 0..<8) func patternsAreDistinctAndBelongToTheirGates(source: Int) throws {
    for data in [Self.tall, Self.degenerate] {
      // One of the sources needs others before it.
      let sources: [any PatternSource] = [
        GaussianGates(draws: 3), Self.sources(features: data.columns)[source],
      ]
      let first = try collection(sources, data)
      check(first)
      let again = try collection(sources, data)
      #expect(again.patterns == first.patterns && again.gates == first.gates)
      for pair in [(3, 40)] where data.rows == 43 {
        #expect(first.patterns.allSatisfy { !($0[pair.0] && $0[pair.1]) && !$0[41] })
      }
      if data.rows == 43 { #expect(first.patterns.allSatisfy { $0[2] == $0[42] }) }
    }
  }

  @Test func moreDrawsBeginWithTheSamePatterns() throws {
    let all = try collection([GaussianGates(draws: 500)], Self.tall, seed: 3)
    let fewer = try collection([GaussianGates(draws: 500, maximumCount: 20)], Self.tall, seed: 3)
    #expect(fewer.patterns == Array(all.patterns.prefix(20)))
    #expect(try collection([GaussianGates(draws: 500)], Self.tall, seed: 4).patterns != all.patterns)
  }

  @Test func neighboursLieAcrossOneHyperplaneOfThoseBefore() throws {
    let alone = try collection([GaussianGates(draws: 6)], Self.tall)
    let joined = try collection([GaussianGates(draws: 6), NeighbourGates(across: 4)], Self.tall)
    #expect(joined.patterns.prefix(alone.count) == alone.patterns[...])
    #expect(joined.count > 2 * alone.count)
    for pattern in joined.patterns.dropFirst(alone.count) {
      #expect(
        alone.patterns.contains { other in (0..<60).count { other[$0] != pattern[$0] } == 1 })
    }
    #expect(throws: PatternError.badCount(source: "neighbours", count: 0)) {
      try collection([NeighbourGates(across: 0)], Self.tall)
    }
    #expect(throws: PatternError.noPatterns) { try collection([NeighbourGates(across: 3)], Self.tall) }
  }

  @Test func chambersAreDrawnWithoutRepeat() throws {
    let data = gaussianMatrix(12, 3, seed: 4)
    let all = try Arrangement(data).chambers()
    let known = Set((0..<all.count).map { all.pattern($0) })
    let some = try collection([ChamberGates(draws: 20)], data, seed: 1)
    #expect(some.count == 20 && known.isSuperset(of: some.patterns))
    #expect(try Set(collection([ChamberGates(draws: 1000)], data).patterns) == known)
    #expect(try collection([ChamberGates(draws: 20)], data, seed: 2).patterns != some.patterns)
    #expect(throws: PatternError.badCount(source: "subset", count: 0)) {
      try collection([ChamberGates(draws: 0)], data)
    }
  }

  @Test func sparseGatesLookAtFewFeatures() throws {
    let data = gaussianMatrix(200, 30, seed: 5)
    let sample = try collection([GaussianGates(draws: 200, density: 0.1)], data)
    let counts = sample.gates.map { $0!.count { $0 != 0 } }
    #expect(counts.allSatisfy { $0 >= 1 } && counts.reduce(0, +) < 6 * counts.count)
  }

  @Test func gatesMayBeRowsOrColumns() throws {
    let gates = gaussianMatrix(6, 3, seed: 6)
    let rows = try collection([GivenGates(rows: gates)], Self.tall)
    let columns = try collection([GivenGates(columns: gates.transposed)], Self.tall)
    #expect(rows.patterns == columns.patterns && rows.count == 6)
    var dead = gates
    for j in 0..<3 { dead[2, j] = 0 }
    #expect(try collection([GivenGates(rows: dead)], Self.tall).count == 5)
  }

  @Test func unionsKeepTheOrderOfFindingAndNoPatternTwice() throws {
    let first = gaussianMatrix(6, 3, seed: 6)
    let second = gaussianMatrix(4, 3, seed: 7)
    let union = try collection(
      [GivenGates(rows: first), GivenGates(rows: second), GivenGates(rows: first)], Self.tall)
    let rows = (0..<6).map { Array(first.row($0)) } + (0..<4).map { Array(second.row($0)) }
    #expect(union.gates == rows)
  }

  @Test func smallPreActivationsAreFlipped() throws {
    let data = gaussianMatrix(50, 5, seed: 8)
    let gates = gaussianMatrix(7, 5, seed: 9)
    let sample = try collection([FlippedGates(rows: gates, fraction: 0.061)], data)
    #expect(sample.count == 14)
    for k in 0..<7 {
      let heights = preActivations(data, Array(gates.row(k)))
      let nearest = data.rowNorms.indices.sorted {
        abs(heights[$0]) / data.rowNorms[$0] < abs(heights[$1]) / data.rowNorms[$1]
      }.prefix(3)
      for i in nearest { #expect(sample.patterns[k][i] != sample.patterns[7 + k][i]) }
      // The rest of the neuron's pattern hardly changes.
      #expect((0..<50).count { sample.patterns[k][$0] != sample.patterns[7 + k][$0] } < 15)
    }
  }

  @Test func bisectorsSeparateClusters() throws {
    var data = gaussianMatrix(60, 3, seed: 10)
    for i in 0..<60 {
      data[i, 0] = 0.1 * data[i, 0] + Double(10 + 5 * (i % 3))
      data[i, 1] = 0.1 * data[i, 1] + (i % 3 == 1 ? 7 : 20)
      data[i, 2] = 2
    }
    let sample = try collection([ClusterGates(clusters: 3)], data)
    for (a, b) in [(0, 1), (0, 2), (1, 2)] {
      #expect(
        sample.patterns.contains { pattern in
          (0..<60).allSatisfy {
            $0 % 3 == a ? pattern[$0] != pattern[b] : $0 % 3 == b ? pattern[$0] == pattern[b] : true
          }
        })
    }
    // No more clusters than distinct rows.
    let few = try collection([ClusterGates(clusters: 50)], Matrix([[1, 2], [1, 2], [3, -1]]))
    #expect(few.count <= 3)
  }

  @Test func productsAreTheEdgesOfTheArrangement() throws {
    let data = gaussianMatrix(6, 3, seed: 21)
    let sample = try collection([ProductGates(draws: 2000)], data)
    var expected: Set<ActivationPattern> = []
    for i in 0..<6 {
      for j in 0..<i {
        let (x, y) = (Array(data.row(i)), Array(data.row(j)))
        let edge = [x[1] * y[2] - x[2] * y[1], x[2] * y[0] - x[0] * y[2], x[0] * y[1] - x[1] * y[0]]
        for sign in [1.0, -1] {
          var heights = preActivations(data, edge.map { sign * $0 })
          heights[i] = 0
          heights[j] = 0
          expected.insert(ActivationPattern(preActivations: heights))
        }
      }
    }
    #expect(Set(sample.patterns) == expected)
    // Rank 2 data in five features, and a single feature.
    let plane = gaussianMatrix(20, 2, seed: 22)
    let lines = try collection([ProductGates(draws: 500)], plane.times(gaussianMatrix(2, 5, seed: 23)))
    check(lines)
    let turned = (0..<40).map { edge in
      let sign = edge < 20 ? 1.0 : -1
      var heights = preActivations(plane, [-sign * plane[edge % 20, 1], sign * plane[edge % 20, 0]])
      heights[edge % 20] = 0
      return ActivationPattern(preActivations: heights)
    }
    #expect(Set(lines.patterns) == Set(turned))
    #expect(try collection([ProductGates(draws: 50)], Matrix([[1], [-2], [0]])).count == 2)
  }

  @Test func neighboursInThePlaneAreTheTwoNextChambers() throws {
    let data = gaussianMatrix(15, 2, seed: 31)
    let tree = try Arrangement(data).chambers()
    let chambers = (0..<tree.count).map { tree.pattern($0) }
    let gate = Matrix([[0.3, -0.8]])
    let sample = try PatternCollection(
      [GivenGates(rows: gate), NeighbourGates(across: 15)], data: data, seed: 0)
    let nextTo = chambers.filter { chamber in
      (0..<15).count { chamber[$0] != sample.patterns[0][$0] } == 1
    }
    #expect(sample.count == 3 && Set(sample.patterns.dropFirst()) == Set(nextTo))
    check(sample)
    let closed = try PatternCollection(
      [GivenGates(rows: gate), NeighbourGates(across: 15), ComplementGates()], data: data, seed: 0)
    #expect(closed.count == 6 && Set(closed.patterns).isSubset(of: chambers))
    check(closed)
  }

  @Test func complementsOfBareBits() throws {
    var bare = try PatternCollection(Matrix([[1, 0], [0, 0], [0, 1]]))
    bare.insert(ActivationPattern(preActivations: [1, 0, -1]))
    bare.insertComplements()
    #expect(bare.patterns.map(\.description) == ["100", "001"])
    bare.insertNeighbours(across: 2)
    #expect(bare.count == 2)
    try bare.insert(gates: Matrix([[3, -1]]))
    #expect(bare.count == 2 && bare.gates == [[3, -1], nil])
  }

  @Test func errorsNameObjectAndRemedy() throws {
    func message(_ sources: [any PatternSource], _ data: Matrix = Self.tall) -> String? {
      do {
        _ = try PatternCollection(sources, data: data, seed: 0)
        return nil
      } catch { return error.description }
    }
    #expect(
      message([GaussianGates(draws: 0)]) == "patterns gaussian: 0 asked for; give at least 1")
    #expect(message([ClusterGates(clusters: -2)]) == "patterns clusters: -2 asked for; give at least 1")
    #expect(message([ProductGates(draws: 0)]) == "patterns products: 0 asked for; give at least 1")
    #expect(
      message([GaussianGates(draws: 5, density: .nan)])
        == "patterns gaussian: fraction nan; give a number above 0 and at most 1")
    #expect(
      message([GivenGates(columns: Matrix(rows: 4, columns: 7))])
        == "gates: each has 4 entries, but the data have 3 features; give one column a gate and one row a feature"
    )
    #expect(
      message([GivenGates(rows: Matrix([[1, 2, 3], [1, .infinity, 3]]))])
        == "gate 1, entry 1: not finite; drop the gate")
    #expect(
      message([FlippedGates(rows: Matrix([[1, 2, 3]]), fraction: 0)])
        == "patterns flipped: fraction 0.0; give a number above 0 and at most 1")
    #expect(
      message([]) == "patterns: there are none; every gate is zero or there are no gates")
    #expect(
      message([GivenGates(rows: Matrix(rows: 3, columns: 3))])
        == "patterns: there are none; every gate is zero or there are no gates")
    #expect(
      message([GaussianGates(draws: 1)], Matrix([[1, 2], [.nan, 0]]))
        == "row 1, column 0: the entry is not finite; drop the row or replace the value")
  }
}
