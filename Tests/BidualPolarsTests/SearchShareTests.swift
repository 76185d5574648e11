import BidualLinear
import Testing

@testable import BidualPolars

/// Searches divided into shares.
@Suite struct SearchShareTests {
  private static let tolerance = 1e-4

  private func shares(_ oracle: some DivisiblePolar, _ weights: [Double], count: Int, floor: Double = 0)
    throws
    -> [ShareBound]
  {
    try (0..<count).map {
      let bound = oracle.bound(
        on: SearchShare($0, of: count), weights,
        goal: .maximize(relativeTolerance: Self.tolerance, floor: floor), kept: nil,
        isCancelled: { false }, progress: { _ in })
      return try #require(bound)
    }
  }

  private func instance(_ kind: DesignKind, rank: Int, outputs: Int = 1) -> (Matrix, [Double]) {
    var random = SeededGenerator(seed: UInt64(40 + rank))
    let (design, weights) = kind.instance(rows: 30, rank: rank, &random)
    return (
      design, (0..<outputs).flatMap { _ in weights.map { $0 * Double.random(in: 0.5...1, using: &random) } }
    )
  }

  /// One share is the whole search; the largest of several bounds the same, and is as tight as was asked for.
  private func check(_ oracle: some DivisiblePolar, _ weights: [Double], _ sampled: Double, kind: DesignKind)
    throws
  {
    let whole = oracle.bound(weights, goal: .maximize(relativeTolerance: Self.tolerance, floor: 0))
    let one = try shares(oracle, weights, count: 1)[0].bound
    #expect(one.upper == whole.upper && one.nodes == whole.nodes, "\(kind)")
    for count in [2, 3, 8] {
      let parts = try shares(oracle, weights, count: count)
      #expect(parts.allSatisfy { $0.division == parts[0].division }, "\(kind), \(count) shares")
      let upper = parts.reduce(0) { max($0, $1.bound.upper) }
      #expect(upper >= sampled && upper >= (whole.maximizers.first?.value ?? 0), "\(kind), \(count) shares")
      #expect(upper <= whole.upper * (1 + 1.01 * Self.tolerance) + 1e-100, "\(kind), \(count) shares")
    }
  }

  @Test(arguments: DesignKind.allCases) func boxesOfSharesBoundThePolar(kind: DesignKind) throws {
    let (design, weights) = instance(kind, rank: 4)
    var random = SeededGenerator(seed: 3)
    let sampled = (0..<5000).reduce(0.0) { best, _ in
      max(best, abs(naiveValue(design, weights, randomDirection(4, &random))))
    }
    try check(MomentBranchAndBound(design), weights, sampled, kind: kind)
  }

  @Test(arguments: DesignKind.allCases) func conesOfSharesBoundThePolar(kind: DesignKind) throws {
    let (design, weights) = instance(kind, rank: 3)
    try check(
      SphericalBranchAndBound(design, norm: .l1), weights,
      NaiveRays.polar(design, weights, norm: .l1) * (1 - 1e-14),
      kind: kind)
  }

  @Test(arguments: DesignKind.allCases) func sharesOfSeveralOutputsBoundThePolar(kind: DesignKind) throws {
    let (design, weights) = instance(kind, rank: 3, outputs: 2)
    try check(VectorPolar(design, outputs: 2), weights, 0, kind: kind)
  }

  /// Where the search is long enough to be dealt out, shares are searches of their own, of other boxes.
  @Test func sharesSearchOtherBoxes() throws {
    var random = SeededGenerator(seed: 6)
    let (design, weights) = DesignKind.gaussian.instance(rows: 80, rank: 6, &random)
    let oracle = MomentBranchAndBound(design)
    let whole = oracle.bound(weights, goal: .maximize(relativeTolerance: Self.tolerance, floor: 0))
    let parts = try shares(oracle, weights, count: 3)
    #expect(parts.allSatisfy { $0.division == parts[0].division })
    #expect(parts[0].division.count > design.elements.count)
    #expect(Set(parts.map(\.bound.nodes)).count > 1)
    let upper = parts.reduce(0) { max($0, $1.bound.upper) }
    let best = try #require(whole.maximizers.first?.value)
    #expect(upper >= best && upper <= best * (1 + 1.01 * Self.tolerance))
  }

  /// Divisions tell coordinates and searches apart, as a machine of other arithmetic would make them.
  @Test func divisionsOfOtherRowsOrWeightsDiffer() throws {
    let (design, weights) = instance(.gaussian, rank: 4)
    let first = try shares(MomentBranchAndBound(design), weights, count: 2)[0].division
    var moved = design
    moved[0, 0] = moved[0, 0].nextUp
    #expect(try shares(MomentBranchAndBound(moved), weights, count: 2)[0].division != first)
    let other = weights.reversed() as [Double]
    #expect(try shares(MomentBranchAndBound(design), other, count: 2)[0].division != first)
  }

  @Test func nothingIsDividedOnceCancelled() {
    let (design, weights) = instance(.gaussian, rank: 4)
    let bound = TwoLayerPolar(design).bound(
      on: SearchShare(0, of: 2), weights, goal: .maximize(relativeTolerance: 1e-4, floor: 0),
      kept: nil, isCancelled: { true }, progress: { _ in })
    #expect(bound == nil)
  }

  /// A bound that is enough is not made better; every share says so.
  @Test func sharesKeepToTheFloor() throws {
    let (design, weights) = instance(.gaussian, rank: 4)
    let polar = MomentBranchAndBound(design).bound(
      weights, goal: .maximize(relativeTolerance: 1e-6, floor: 0)
    ).upper
    for part in try shares(MomentBranchAndBound(design), weights, count: 3, floor: 1.1 * polar) {
      #expect(part.bound.isComplete && part.bound.upper <= 1.1 * polar * (1 + 1e-9))
    }
  }
}
