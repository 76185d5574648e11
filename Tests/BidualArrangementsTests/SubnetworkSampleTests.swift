import BidualArrangements
import BidualLinear
import Testing

@Suite struct SubnetworkSampleTests {
  private static func gaussian(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix {
    var random = SeededGenerator(seed: seed)
    return Matrix(
      rows: rows, columns: columns, elements: (0..<(rows * columns)).map { _ in random.nextGaussian() })
  }

  /// All sub-networks, by the chambers of the joint arrangement of each unit's rows and the second layer's: those whose units
  /// are in the patterns that the second layer was made of.
  private func all(_ data: Matrix, units: Int) throws -> Set<SampledSubnetwork> {
    let (n, d) = (data.rows, data.columns)
    let tree = try Arrangement(data).chambers(limit: 1000)
    let patterns = (0..<tree.count).map(tree.pattern)
    var found: Set<SampledSubnetwork> = []
    let count = (0..<units).reduce(1) { product, _ in product * 2 * patterns.count }
    for choice in 0..<count {
      var rest = choice
      let signed = (0..<units).map { _ -> (pattern: ActivationPattern, adds: Bool) in
        let number = rest % (2 * patterns.count)
        rest /= 2 * patterns.count
        return (patterns[number / 2], number % 2 == 0)
      }
      var rows = Matrix(rows: (units + 1) * n, columns: units * d)
      for (j, unit) in signed.enumerated() {
        for i in 0..<n {
          for k in 0..<d {
            rows[j * n + i, j * d + k] = data[i, k]
            if unit.pattern[i] { rows[units * n + i, j * d + k] = unit.adds ? data[i, k] : -data[i, k] }
          }
        }
      }
      let joint = try Arrangement(rows).chambers(limit: 100_000)
      for chamber in 0..<joint.count {
        let bits = joint.pattern(chamber)
        guard
          signed.indices.allSatisfy({ j in (0..<n).allSatisfy { bits[j * n + $0] == signed[j].pattern[$0] } })
        else { continue }
        found.insert(
          SampledSubnetwork(
            adding: signed.filter(\.adds).map(\.pattern),
            subtracting: signed.filter { !$0.adds }.map(\.pattern),
            secondLayer: ActivationPattern(preActivations: (0..<n).map { bits[units * n + $0] ? 1 : -1 })))
      }
    }
    return found
  }

  private static let small: [(Matrix, Int)] = [
    (gaussian(3, 2, seed: 1), 1), (gaussian(3, 2, seed: 2), 2), (gaussian(4, 1, seed: 3), 3),
    // Repeated rows, multiples, a zero row; rank one in two columns.
    (Matrix([[1, 2], [1, 2], [-2, -4], [0, 0], [1, -1]]), 2), (Matrix([[1, 1], [2, 2], [-1, -1]]), 2),
    (Matrix([[0, 0]]), 2), (Matrix([[2]]), 1),
  ]

  /// Every draw is among all sub-networks, and many draws meet them all.
  @Test(arguments: small) func manyDrawsMeetAllSubnetworks(data: Matrix, units: Int) throws {
    let all = try all(data, units: units)
    let few = try SubnetworkSample(data, units: units, draws: 50, seed: 1)
    #expect(all.isSuperset(of: few.subnetworks))
    let many = try SubnetworkSample(data, units: units, draws: 40_000, seed: 2)
    #expect(Set(many.subnetworks) == all)
    #expect(many.subnetworks.count == all.count, "a sub-network stands twice")
    let count = try SubnetworkCount(data, units: units)
    #expect(many.firstLayer == count.firstLayer && many.choices == count.choices)
    #expect(many.secondLayer <= count.secondLayer && many.subnetworks.count <= count.pairs)
    #expect(many.secondLayer == Set(all.map(\.secondLayer)).count)
  }

  @Test func oneSeedGivesTheSameSubnetworksAndMoreDrawsGoOn() throws {
    let data = Self.gaussian(30, 6, seed: 4)
    let sample = try SubnetworkSample(data, units: 4, draws: 300, seed: 7)
    #expect(sample == (try SubnetworkSample(data, units: 4, draws: 300, seed: 7)))
    #expect(sample != (try SubnetworkSample(data, units: 4, draws: 300, seed: 8)))
    let more = try SubnetworkSample(data, units: 4, draws: 600, seed: 7)
    #expect(more.subnetworks.starts(with: sample.subnetworks) && more.subnetworks.count > 300)
    for drawn in sample.subnetworks {
      #expect(drawn.firstLayer.count == 4 && drawn.signs.count { $0 > 0 } == drawn.adding)
      #expect(drawn.adding > 0 || drawn.secondLayer.activeCount == 0)
    }
  }

  @Test func badRequestsAreRefused() throws {
    let data = Self.gaussian(3, 2, seed: 1)
    #expect(throws: PatternError.badCount(source: "of sub-networks", count: 0)) {
      try SubnetworkSample(data, units: 2, draws: 0, seed: 0)
    }
    #expect(throws: PatternError.dataNotFinite(row: 0, column: 1)) {
      try SubnetworkSample(Matrix([[1, .infinity]]), units: 2, draws: 1, seed: 0)
    }
    #expect(throws: PatternError.self) {
      try SubnetworkSample(data, units: 2, draws: .max, seed: 0)
    }
    #expect(
      PatternError.badCount(source: "of sub-networks", count: 0).description
        == "patterns of sub-networks: 0 asked for; give at least 1")
  }
}
