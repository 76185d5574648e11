import BidualLinear
import BidualSolvers
import Synchronization
import Testing

@testable import BidualPolars

@Suite struct SphericalBranchAndBoundTests {
  private func tight(_ oracle: SphericalBranchAndBound, _ weights: [Double]) -> PolarBound {
    oracle.bound(weights, goal: .maximize(relativeTolerance: 1e-6, floor: 0))
  }

  /// The bound stands above everything sampled, and a reported maximiser stands just below the bound.
  @Test(arguments: DesignKind.allCases, 1...4) func boundIsValidAndTight(kind: DesignKind, rank: Int) {
    var random = SeededGenerator(seed: UInt64(rank))
    for trial in 0..<9 {
      let rows = trial == 0 ? 1 : Int.random(in: 1...(rank == 4 ? 16 : 40), using: &random)
      let (design, weights) = kind.instance(rows: rows, rank: rank, &random)
      let found = tight(SphericalBranchAndBound(design), weights)
      let rounding = 1e-11 * magnitude(design, weights)
      #expect(found.isComplete)
      var best = 0.0
      for maximizer in found.maximizers {
        #expect(abs(norm(maximizer.direction) - 1) < 1e-12)
        let value = maximizer.sign * naiveValue(design, weights, maximizer.direction)
        #expect(abs(value - maximizer.value) <= rounding)
        best = max(best, value)
      }
      #expect(found.upper >= best)
      #expect(found.upper <= best * (1 + 1e-6) * (1 + 1e-9) + rounding, "\(kind), \(rows) rows")
      for _ in 0..<2000 {
        let value = abs(naiveValue(design, weights, randomDirection(rank, &random)))
        if value > found.upper { Issue.record("\(kind): sampled \(value) above the bound \(found.upper)") }
      }
    }
  }

  @Test(arguments: DesignKind.allCases, 1...3) func boundAgreesWithAllChambers(kind: DesignKind, rank: Int) {
    var random = SeededGenerator(seed: UInt64(50 + rank))
    for _ in 0..<12 {
      let (design, weights) = kind.instance(
        rows: Int.random(in: 1...(rank == 3 ? 10 : 40), using: &random), rank: rank, &random)
      let exact = BruteForcePolar.value(design, weights)
      let found = tight(SphericalBranchAndBound(design), weights)
      let rounding = 1e-10 * magnitude(design, weights)
      #expect(found.upper >= exact * (1 - 1e-14))
      #expect(found.upper <= exact * (1 + 1.001e-6) + rounding, "\(kind), \(design.rows) rows")
    }
  }

  @Test(arguments: DesignKind.allCases) func proofsSucceedAboveThePolarAndFailBelow(kind: DesignKind) {
    var random = SeededGenerator(seed: 7)
    for trial in 0..<9 {
      let rank = 2 + trial % 3
      let (design, weights) = kind.instance(rows: 14, rank: rank, &random)
      let oracle = SphericalBranchAndBound(design)
      let polar = tight(oracle, weights).upper
      let rounding = 1e-10 * magnitude(design, weights)
      let above = polar * (1 + 1e-5) + rounding
      let proof = oracle.bound(weights, goal: .prove(threshold: above, maximumViolators: 10))
      #expect(proof.isComplete && proof.maximizers.isEmpty)
      #expect(proof.upper <= above)
      for share in [0.999, 0.5, 0.01] where polar > 1000 * rounding {
        let below = polar * share
        let refuted = oracle.bound(weights, goal: .prove(threshold: below, maximumViolators: 10))
        #expect(!refuted.isComplete)
        #expect(!refuted.maximizers.isEmpty)
        #expect(refuted.upper >= polar * (1 - 1.01e-6))
        for violator in refuted.maximizers {
          #expect(violator.sign * naiveValue(design, weights, violator.direction) > below - rounding)
        }
      }
    }
  }

  @Test(arguments: [0, 1, 2, 40, 300, 3000]) func limitedSearchesStayValid(nodes: Int) {
    var random = SeededGenerator(seed: 70)
    for rank in 2...5 {
      let (design, weights) = DesignKind.gaussian.instance(rows: 30, rank: rank, &random)
      let oracle = SphericalBranchAndBound(design)
      let polar = oracle.bound(weights, goal: .maximize(relativeTolerance: 1e-3, floor: 0)).upper
      let goals: [PolarGoal] = [
        .maximize(relativeTolerance: 1e-6, floor: 0), .prove(threshold: polar * 1.0001, maximumViolators: 5),
        .prove(threshold: 0.9 * polar, maximumViolators: 1),
      ]
      for goal in goals {
        let cut = oracle.bound(weights, goal: goal, nodeLimit: nodes)
        #expect(cut.upper >= polar / 1.001)
        #expect(cut.upper.isFinite)
        let cancelled = oracle.bound(weights, goal: goal, isCancelled: { true })
        #expect(cancelled.upper >= polar / 1.001)
        #expect(!cancelled.isComplete && cancelled.nodes == 0)
        // Asked for the third time, it gives up.
        let questions = Atomic(0)
        let late = oracle.bound(weights, goal: goal) {
          questions.add(1, ordering: .relaxed).newValue > 3
        }
        #expect(late.upper >= polar / 1.001)
        #expect(late.nodes <= 100)
      }
    }
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity]) func badWeightsBoundNothing(weight: Double) {
    let design = Matrix([[1, 2], [3, -1], [0, 0]])
    for goal in [
      PolarGoal.maximize(relativeTolerance: 1e-3, floor: 0),
      .prove(threshold: 1, maximumViolators: 1),
    ] {
      let found = SphericalBranchAndBound(design).bound([1, weight, 0], goal: goal)
      #expect(found.upper == .infinity && !found.isComplete)
    }
  }

  @Test func zeroDesignsAndZeroWeightsHavePolarZero() {
    let oracle = SphericalBranchAndBound(Matrix(rows: 3, columns: 2))
    let found = tight(oracle, [1, 2, 3])
    #expect(found.upper >= 0 && found.upper < 1e-100 && found.isComplete)
    let other = tight(SphericalBranchAndBound(Matrix([[1, 2], [3, 4]])), [0, 0])
    #expect(other.upper >= 0 && other.upper < 1e-100 && other.isComplete)
    let rankless = tight(SphericalBranchAndBound(Matrix(rows: 2, columns: 0)), [1, 1])
    #expect(rankless.upper >= 0 && rankless.upper < 1e-100 && rankless.isComplete)
  }

  @Test(arguments: [13, 40]) func highRanksGetAValidSpectralBound(rank: Int) {
    var random = SeededGenerator(seed: 71)
    for kind in DesignKind.allCases {
      let (design, weights) = kind.instance(rows: 60, rank: rank, &random)
      let found = tight(SphericalBranchAndBound(design), weights)
      #expect(!found.isComplete && found.upper.isFinite)
      let ascent = LocalAscent(Hyperplanes(design))
      let starts = Matrix((0..<100).map { _ in randomDirection(rank, &random) })
      let maxima = ascent.maxima(of: weights, from: starts, above: 0, limit: 20)
      for maximum in maxima { #expect(found.upper >= abs(naiveValue(design, weights, maximum.direction))) }
      // (t)₊ = ½t + ½|t| is at most off by what the gradient and the spectral norm allow.
      let largest = SingularValues(of: design)!.values[0]
      #expect(found.upper <= largest * norm(weights) * (1 + 1e-6))
    }
  }

  @Test(arguments: [1, 2]) func sameThreadsGiveTheSameAnswer(threads: Int) {
    var random = SeededGenerator(seed: 72)
    for _ in 0..<5 {
      let (design, weights) = DesignKind.gaussian.instance(rows: 35, rank: 4, &random)
      let reference = tight(SphericalBranchAndBound(design), weights)
      let first = tight(SphericalBranchAndBound(design, threads: threads), weights)
      let second = tight(SphericalBranchAndBound(design, threads: threads), weights)
      #expect(first.upper.bitPattern == second.upper.bitPattern)
      #expect(first.maximizers == second.maximizers && first.nodes == second.nodes)
      #expect(abs(first.upper - reference.upper) <= 2.1e-6 * reference.upper)
      let violators = { (oracle: SphericalBranchAndBound) in
        oracle.bound(weights, goal: .prove(threshold: 0.9 * reference.upper, maximumViolators: 7)).maximizers
      }
      let found = violators(SphericalBranchAndBound(design, threads: threads))
      #expect(found == violators(SphericalBranchAndBound(design, threads: threads)))
      #expect(found.first.map { $0.value > 0.89 * reference.upper } == true)
    }
  }

  /// A narrow hat of height 1 that no gradient outside it points to.
  @Test func findsANeedleThatLocalAscentMisses() {
    var random = SeededGenerator(seed: 73)
    let rank = 3
    let width = 1e-4
    var rows: [[Double]] = []
    for offset in [-width, 0, width] {
      var row = [Double](repeating: 0, count: rank)
      row[0] = 1
      row[1] = -(0.37 + offset)
      rows.append(row)
    }
    var weights = [1 / width, -2 / width, 1 / width]
    // A broad hill of height ½ elsewhere.
    rows.append((0..<rank).map { $0 == 0 ? -0.5 : 0 })
    weights.append(1)
    let design = Matrix(rows)
    let starts = Matrix((0..<200).map { _ in randomDirection(rank, &random) })
    let climbed = LocalAscent(Hyperplanes(design)).maxima(of: weights, from: starts, above: 0, limit: 100)
    #expect(climbed.allSatisfy { $0.value < 0.6 }, "the needle is too easy")
    let proof = SphericalBranchAndBound(design).bound(
      weights, goal: .prove(threshold: 0.7, maximumViolators: 4))
    #expect(!proof.isComplete && proof.upper > 0.9)
    #expect(proof.maximizers.contains { abs(naiveValue(design, weights, $0.direction)) > 0.7 - 1e-6 })
    let found = SphericalBranchAndBound(design).bound(
      weights, goal: .maximize(relativeTolerance: 1e-3, floor: 0))
    #expect(found.isComplete && found.upper > 0.9 && found.upper < 1.2)
  }
}
