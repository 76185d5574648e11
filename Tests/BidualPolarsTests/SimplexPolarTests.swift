import BidualLinear
import BidualObjectives
import BidualSolvers
import Foundation
import Testing

@testable import BidualPolars

/// The polar over the ℓ₁ ball, by branch and bound.
@Suite struct SimplexPolarTests {
  private func tight(_ design: Matrix, _ weights: [Double]) -> PolarBound {
    SphericalBranchAndBound(design, norm: .l1).bound(
      weights, goal: .maximize(relativeTolerance: 1e-6, floor: 0))
  }

  @Test(arguments: DesignKind.allCases, 1...4) func boundAgreesWithAllRays(kind: DesignKind, rank: Int) {
    var random = SeededGenerator(seed: UInt64(200 + rank))
    for trial in 0..<9 {
      let rows = trial == 0 ? 1 : Int.random(in: 1...[40, 40, 20, 10][rank - 1], using: &random)
      let (design, weights) = kind.instance(rows: rows, rank: rank, &random)
      let exact = NaiveRays.polar(design, weights, norm: .l1)
      let found = tight(design, weights)
      let rounding = 1e-10 * magnitude(design, weights)
      #expect(found.isComplete)
      #expect(found.upper >= exact * (1 - 1e-14))
      #expect(found.upper <= exact * (1 + 1.001e-6) + rounding, "\(kind), \(rows) rows")
      for maximizer in found.maximizers {
        #expect(abs(FirstLayerNorm.l1.length(maximizer.direction) - 1) < 1e-12)
        let value = maximizer.sign * naiveValue(design, weights, maximizer.direction)
        #expect(abs(value - maximizer.value) <= rounding)
      }
      for _ in 0..<1000 {
        let u = FirstLayerNorm.l1.normalized(randomDirection(rank, &random))
        let value = abs(naiveValue(design, weights, u))
        if value > found.upper { Issue.record("\(kind): sampled \(value) above the bound \(found.upper)") }
      }
    }
  }

  @Test(arguments: DesignKind.allCases) func proofsSucceedAboveThePolarAndFailBelow(kind: DesignKind) {
    var random = SeededGenerator(seed: 17)
    for trial in 0..<9 {
      let rank = 2 + trial % 3
      let (design, weights) = kind.instance(rows: 12, rank: rank, &random)
      let oracle = SphericalBranchAndBound(design, norm: .l1)
      let polar = NaiveRays.polar(design, weights, norm: .l1)
      let rounding = 1e-10 * magnitude(design, weights)
      let above = polar * (1 + 1e-7) + rounding
      let proof = oracle.bound(weights, goal: .prove(threshold: above, maximumViolators: 10))
      #expect(proof.isComplete && proof.maximizers.isEmpty && proof.upper <= above)
      for share in [0.999, 0.5, 0.01] where polar > 1000 * rounding {
        let refuted = oracle.bound(weights, goal: .prove(threshold: polar * share, maximumViolators: 10))
        #expect(!refuted.isComplete && !refuted.maximizers.isEmpty)
        #expect(refuted.upper >= polar * (1 - 1e-12))
        for violator in refuted.maximizers {
          let value = violator.sign * naiveValue(design, weights, violator.direction)
          #expect(value > polar * share - rounding)
        }
      }
    }
  }

  @Test(arguments: [0, 1, 2, 40, 300, 3000]) func limitedSearchesStayValid(nodes: Int) {
    var random = SeededGenerator(seed: 71)
    for rank in 2...4 {
      let (design, weights) = DesignKind.gaussian.instance(rows: 14, rank: rank, &random)
      let polar = NaiveRays.polar(design, weights, norm: .l1)
      for threshold in [0.9 * polar, 1.0001 * polar] {
        let cut = SphericalBranchAndBound(design, norm: .l1).bound(
          weights, goal: .prove(threshold: threshold, maximumViolators: 1), nodeLimit: nodes)
        #expect(cut.upper >= polar && cut.upper.isFinite)
      }
    }
  }

  /// The bound by absolute values is that of ½t + ½|t| at the best corner, and so it is valid in any dimension.
  @Test(arguments: [2, 13, 20]) func manyFeaturesGetAValidBound(features: Int) {
    var random = SeededGenerator(seed: 72)
    for kind in DesignKind.allCases {
      let (design, weights) = kind.instance(rows: 60, rank: features, &random)
      let found = SphericalBranchAndBound(design, norm: .l1).bound(
        weights, goal: .maximize(relativeTolerance: 1e-6, floor: 0), nodeLimit: 0)
      #expect(!found.isComplete && found.upper.isFinite)
      let ascent = RayAscent(design, norm: .l1)
      let starts = (0..<3).map { _ in randomDirection(features, &random) }
      let rays = ascent.maxima(of: weights, from: starts, above: 0, limit: 20)
      #expect(!rays.isEmpty)
      for ray in rays { #expect(found.upper >= abs(naiveValue(design, weights, ray.direction))) }
      let corners = (0..<features).map { k in
        zip(weights, design.column(k)).reduce(0) { $0 + abs($1.0 * $1.1) }
      }
      #expect(found.upper <= corners.max()! * (1 + 1e-6) + 1e-100)
    }
  }

  @Test(arguments: [1, 2]) func sameThreadsGiveTheSameAnswer(threads: Int) {
    var random = SeededGenerator(seed: 73)
    let (design, weights) = DesignKind.gaussian.instance(rows: 35, rank: 4, &random)
    let answers = (0..<2).map { _ in
      SphericalBranchAndBound(design, norm: .l1, threads: threads).bound(
        weights, goal: .maximize(relativeTolerance: 1e-6, floor: 0))
    }
    #expect(answers[0].upper.bitPattern == answers[1].upper.bitPattern)
    #expect(answers[0].maximizers == answers[1].maximizers && answers[0].nodes == answers[1].nodes)
  }

  /// Any choice of lines is a bound; where all kinks are concave the descent mostly finds a good one.
  @Test func balancedBoundIsValidAndMostlyTightOnConcaveCones() {
    var tight = 0
    var trials = 0
    var random = SeededGenerator(seed: 74)
    for rank in 2...4 {
      for _ in 0..<20 {
        let rows = Matrix((0..<6).map { _ in randomDirection(rank, &random) })
        let weights = (0..<6).map { _ in -random.nextUniform() }
        let linear = (0..<rank).map { _ in random.nextGaussian() }
        var shape = Matrix.identity(rank).elements + linear
        let dots = rows.transposed.elements
        let center = (0..<6).map { i in rows.row(i).reduce(0, +) }
        var best = -Double.infinity
        for _ in 0..<3000 {
          // Powers take samples to the faces and corners of the simplex, where the maximum often lies.
          let power = [1.0, 4, 16].randomElement(using: &random)!
          let u = (0..<rank).map { _ in pow(random.nextUniform(), power) }
          let length = u.reduce(0, +)
          best = max(best, (naiveValue(rows, weights, u) + dot(linear, u)) / length)
        }
        guard best > 0 else { continue }
        let numbers = UnsafeMutablePointer<Double>.allocate(capacity: 12 + 12 * rank)
        let index = UnsafeMutablePointer<Int32>.allocate(capacity: 6)
        defer {
          numbers.deallocate()
          index.deallocate()
        }
        for (k, x) in (weights + center + dots + rows.elements).enumerated() { numbers[k] = x }
        for i in 0..<6 { index[i] = Int32(i) }
        let mixed = MixedRows(
          count: 6, dots: numbers + 12, weights: numbers, center: numbers + 6, index: index,
          design: DesignPointers(rows: numbers + 12 + 6 * rank, inverseSquares: numbers))
        var q = [Double](repeating: 0, count: rank)
        let found = SimplexConeBound(rank: rank).balanced(&shape, rows: mixed, q: &q, threshold: best * 1.05)
        #expect(found >= best * (1 - 1e-12))
        trials += 1
        if found <= best * 1.05 { tight += 1 }
      }
    }
    #expect(trials > 30 && Double(tight) > 0.6 * Double(trials), "\(tight) of \(trials)")
  }
}
