import BidualArrangements
import BidualLinear
import Testing

@testable import BidualPolars

/// The polar over given patterns against loops, enumeration and projections.
@Suite struct PatternPolarTests {
  /// Patterns of random gates and their complements.
  private func patterns(_ design: Matrix, draws: Int, _ random: inout SeededGenerator) -> [[Bool]] {
    var rows: [[Bool]] = []
    for _ in 0..<draws {
      let gate = (0..<design.columns).map { _ in random.nextGaussian() }
      let open = (0..<design.rows).map { dot(design.row($0), gate) > 0 }
      rows += [open, open.map { !$0 }]
    }
    return rows
  }

  private func gradient(_ design: Matrix, _ weights: [Double], _ pattern: [Bool]) -> [Double] {
    var g = [Double](repeating: 0, count: design.columns)
    for i in 0..<design.rows where pattern[i] {
      for k in g.indices { g[k] += weights[i] * design[i, k] }
    }
    return g
  }

  /// The projections' own multipliers, for the rows as they are.
  private func multipliers(_ design: Matrix, _ weights: [Double], _ patterns: [[Bool]]) -> (
    cones: [ConeMultipliers], value: Double
  ) {
    let projection = ConeProjection(unitRows: design.unitRows)
    let norms = design.rowNorms
    var cones: [ConeMultipliers] = []
    var value = 0.0
    for (p, pattern) in patterns.enumerated() {
      let g = gradient(design, weights, pattern)
      for sign in [1.0, -1] {
        let result = projection.project(g.map { sign * $0 }, signs: pattern.map { $0 ? 1 : -1 })
        value = max(value, result.value)
        cones.append(
          ConeMultipliers(
            pattern: p, isNegative: sign < 0, rows: result.active.map(\.row),
            values: result.active.map { max(0, $0.multiplier) / norms[$0.row] }))
      }
    }
    return (cones, value)
  }

  @Test(arguments: DesignKind.allCases, 1...4) func boundsHoldWhateverTheMultipliers(
    kind: DesignKind, rank: Int
  ) throws {
    var random = SeededGenerator(seed: UInt64(40 + rank))
    for rows in [1, 5, 13, 30] {
      let (design, weights) = kind.instance(rows: rows, rank: rank, &random)
      let size = magnitude(design, weights)
      let rows = patterns(design, draws: 6, &random)
      let set = PatternSet(rows: rows, samples: design.rows)
      let gated = PatternPolar(design, patterns: set)
        .bound(weights, goal: .maximize(relativeTolerance: 0, floor: 0)).upper
      let lengths = rows.map { norm(gradient(design, weights, $0)) }
      #expect(gated >= lengths.max()!)
      #expect(gated <= lengths.max()! + 1e-10 * size)

      let best = multipliers(design, weights, rows)
      let goal = PolarGoal.maximize(relativeTolerance: 0, floor: 0)
      func bound(_ cones: [ConeMultipliers]) throws -> Double {
        let restriction = try #require(PatternRestriction(set, multipliers: cones))
        return PatternPolar(design, restriction: restriction).bound(weights, goal: goal).upper
      }
      // The projection's multipliers show its length, and none show less.
      let shown = try bound(best.cones)
      #expect(shown >= best.value * (1 - 1e-12))
      #expect(shown <= best.value + 1e-9 * size)
      #expect(abs(try bound([]) - gated) <= 1e-12 * size)
      for share in [0.3, 1.7] {
        let others = best.cones.filter { _ in random.next() % 4 != 0 }.map { cone in
          ConeMultipliers(
            pattern: cone.pattern, isNegative: cone.isNegative, rows: cone.rows,
            values: cone.values.map { share * $0 })
        }
        #expect(try bound(others) >= best.value * (1 - 1e-12))
      }
      // Points of the cones never gain more.
      for _ in 0..<50 {
        let u = (0..<rank).map { _ in random.nextGaussian() }.normalized
        let open = (0..<design.rows).map { dot(design.row($0), u) > 0 }
        guard rows.contains(open) else { continue }
        #expect(abs(naiveValue(design, weights, u)) <= shown * (1 + 1e-12))
      }
    }
  }

  /// A threshold between the lengths with and without multipliers tells them apart.
  @Test func thresholdsAreProvenByMultipliersOnly() throws {
    let design = Matrix([[1, 0], [0, 1]])
    // XᵀDV = (1, −2) lies outside the cone of its pattern: its projection is (1, 0), that of −XᵀDV (0, 2).
    let set = PatternSet(rows: [[true, true]], samples: 2)
    let weights = [1.0, -2]
    let lambda = [
      ConeMultipliers(pattern: 0, isNegative: false, rows: [1], values: [2]),
      ConeMultipliers(pattern: 0, isNegative: true, rows: [0], values: [1]),
    ]
    let goal = PolarGoal.prove(threshold: 2.1, maximumViolators: 3)
    let with = PatternPolar(design, restriction: try #require(PatternRestriction(set, multipliers: lambda)))
    #expect(with.bound(weights, goal: goal).maximizers.isEmpty)
    #expect(abs(with.bound(weights, goal: goal).upper - 2) <= 1e-12)
    let without = PatternPolar(design, restriction: try #require(PatternRestriction(set, multipliers: [])))
    #expect(without.bound(weights, goal: goal).maximizers.count == 1)
    #expect(abs(without.bound(weights, goal: goal).upper - 5.squareRoot()) <= 1e-12)
  }

  @Test func nonsenseIsNoRestriction() {
    let set = PatternSet(rows: [[true, false], [false, true]], samples: 2)
    func cone(_ pattern: Int, _ row: Int, _ value: Double) -> ConeMultipliers {
      ConeMultipliers(pattern: pattern, isNegative: false, rows: [row], values: [value])
    }
    #expect(PatternRestriction(set, multipliers: [cone(0, 0, 1), cone(1, 1, 0)]) != nil)
    for cones in [
      [cone(2, 0, 1)], [cone(-1, 0, 1)], [cone(0, 2, 1)], [cone(0, -1, 1)], [cone(0, 0, -1)],
      [cone(0, 0, .nan)], [cone(0, 0, .infinity)], [cone(0, 0, 1), cone(0, 1, 1)],
      [ConeMultipliers(pattern: 0, isNegative: false, rows: [1, 1], values: [1, 1])],
    ] {
      #expect(PatternRestriction(set, multipliers: cones) == nil)
    }
  }
}
