import BidualArrangements
import BidualLinear
import Testing

@testable import BidualPolars

/// Bounds do not depend on the unit of the dual weights: κ(2ᵏV) = 2ᵏκ(V), to the last bit.
@Suite struct DualScalingTests {
  private func scaled(_ weights: [Double], _ exponent: Int) -> [Double] {
    weights.map { Double(sign: .plus, exponent: exponent, significand: $0) }
  }

  private static let exponents = [-950, -700, -512, -300, -1, 1, 300, 512, 700, 950]

  private func expectHomogeneous(
    _ weights: [Double], _ what: String, _ bound: ([Double], PolarGoal) -> PolarBound
  ) {
    let reference = bound(weights, .maximize(relativeTolerance: 1e-6, floor: 0))
    #expect(reference.upper > 0 && reference.upper < 1e3, "\(what)")
    for exponent in Self.exponents {
      let found = bound(scaled(weights, exponent), .maximize(relativeTolerance: 1e-6, floor: 0))
      #expect(found.upper == scaled([reference.upper], exponent)[0], "\(what), 2^\(exponent)")
      #expect(found.maximizers.map(\.value) == scaled(reference.maximizers.map(\.value), exponent))
      #expect(found.nodes == reference.nodes && found.isComplete == reference.isComplete)
      let claim = scaled([1.01 * reference.upper], exponent)[0]
      #expect(bound(scaled(weights, exponent), .prove(threshold: claim, maximumViolators: 1)).upper <= claim)
    }
  }

  @Test func everyOracleIsHomogeneous() throws {
    var random = SeededGenerator(seed: 1)
    for trial in 0..<6 {
      let design = Matrix(rows: 9, columns: 3, elements: (0..<27).map { _ in random.nextGaussian() })
      let weights = (0..<9).map { _ in random.nextGaussian() }
      expectHomogeneous(weights, "search \(trial)") {
        SphericalBranchAndBound(design).bound($0, goal: $1)
      }
      expectHomogeneous(weights, "search under l1 \(trial)") {
        SphericalBranchAndBound(design, norm: .l1).bound($0, goal: $1)
      }
      let square = try #require(SpikeFreePolar(Matrix.identity(9)))
      expectHomogeneous(weights, "spike-free \(trial)") { square.bound($0, goal: $1) }
      let patterns = PatternSet(
        rows: (0..<70).map { _ in (0..<9).map { _ in random.nextUniform() < 0.5 } }, samples: 9)
      expectHomogeneous(weights, "patterns \(trial)") {
        PatternPolar(design, patterns: patterns).bound($0, goal: $1)
      }
    }
  }

  /// Multipliers are in the unit of the weights.
  @Test(arguments: [-950, -512, 512, 950]) func multipliersGoWithTheWeights(exponent: Int) throws {
    let design = Matrix([[1, 0], [1, 1], [-1, 2]])
    let patterns = PatternSet(rows: [[true, false, true]], samples: 3)
    func upper(_ exponent: Int) throws -> Double {
      let multipliers = [
        ConeMultipliers(pattern: 0, isNegative: false, rows: [0, 1], values: scaled([0.5, 0.25], exponent)),
        ConeMultipliers(pattern: 0, isNegative: true, rows: [2], values: scaled([0.75], exponent)),
      ]
      let restriction = try #require(PatternRestriction(patterns, multipliers: multipliers))
      return PatternPolar(design, restriction: restriction).bound(
        scaled([1, -2, 0.5], exponent), goal: .maximize(relativeTolerance: 0, floor: 0)
      ).upper
    }
    #expect(try upper(exponent) == scaled([try upper(0)], exponent)[0])
  }

  /// A bound below the normal numbers is rounded up, one above all numbers is infinite, and weights that are no
  /// numbers stay what they are.
  @Test func borderlineUnits() {
    let tiny = DualScaling([0x1.8p-1060, 0])
    #expect(tiny.weights == [1.5, 0])
    #expect(tiny.raised(1 + 0x1p-40) > 0x1p-1060 && tiny.raised(0) == 0)
    #expect(DualScaling([0x1p1000]).raised(0x1p30) == .infinity)
    #expect(DualScaling([0x1p1000]).raised(.infinity) == .infinity)
    #expect(DualScaling([0, 0]).weights == [0, 0])
    #expect(DualScaling([.infinity, 4]).weights == [.infinity, 4])
    #expect(DualScaling([.nan, 4]).weights[1] == 4)
    #expect(DualScaling([0x1p-1074, 0x1p1023]).weights == [0, 1])
  }

  @Test func cancelledSumsOverPatternsProveNothing() {
    let design = Matrix([[1, 0], [0, 1]])
    let patterns = PatternSet(rows: Array(repeating: [true, false], count: 65), samples: 2)
    let cut = PatternPolar(design, patterns: patterns).bound(
      [1, 1], goal: .maximize(relativeTolerance: 0, floor: 0), isCancelled: { true })
    #expect(cut.upper == .infinity && !cut.isComplete && !cut.maximizers.isEmpty)
  }
}
