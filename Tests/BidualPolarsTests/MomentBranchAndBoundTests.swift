import BidualLinear
import BidualSolvers
import Synchronization
import Testing

@testable import BidualPolars

@Suite struct MomentBranchAndBoundTests {
  private func tight(_ oracle: MomentBranchAndBound, _ weights: [Double], to tolerance: Double = 1e-3)
    -> PolarBound
  {
    oracle.bound(weights, goal: .maximize(relativeTolerance: tolerance, floor: 0))
  }

  /// The bound stands above everything sampled, and a reported maximiser stands just below the bound.
  @Test(arguments: DesignKind.allCases, 1...4) func boundIsValidAndTight(kind: DesignKind, rank: Int) {
    var random = SeededGenerator(seed: UInt64(rank))
    for trial in 0..<9 {
      let rows = trial == 0 ? 1 : Int.random(in: 1...(rank == 4 ? 16 : 40), using: &random)
      let (design, weights) = kind.instance(rows: rows, rank: rank, &random)
      let found = tight(MomentBranchAndBound(design), weights)
      let rounding = 1e-10 * magnitude(design, weights) + 1e-100
      #expect(found.isComplete)
      var best = 0.0
      for maximizer in found.maximizers {
        #expect(abs(norm(maximizer.direction) - 1) < 1e-12)
        let value = maximizer.sign * naiveValue(design, weights, maximizer.direction)
        #expect(abs(value - maximizer.value) <= rounding)
        best = max(best, value)
      }
      #expect(found.upper >= best)
      #expect(found.upper <= best * 1.001 * (1 + 1e-9) + rounding, "\(kind), \(rows) rows")
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
      let found = tight(MomentBranchAndBound(design), weights)
      let rounding = 1e-10 * magnitude(design, weights) + 1e-100
      #expect(found.upper >= exact * (1 - 1e-14))
      #expect(found.upper <= exact * 1.0011 + rounding, "\(kind), \(design.rows) rows")
    }
  }

  @Test(arguments: DesignKind.allCases) func proofsSucceedAboveThePolarAndFailBelow(kind: DesignKind) {
    var random = SeededGenerator(seed: 7)
    for trial in 0..<12 {
      let rank = 2 + trial % 3
      let (design, weights) = kind.instance(rows: 14, rank: rank, &random)
      let oracle = MomentBranchAndBound(design)
      let polar = SphericalBranchAndBound(design).bound(
        weights, goal: .maximize(relativeTolerance: 1e-5, floor: 0)
      ).upper
      let rounding = 1e-9 * magnitude(design, weights) + 1e-100
      let above = polar * 1.005 + rounding
      let proof = oracle.bound(
        weights, goal: .prove(threshold: above, maximumViolators: 10), nodeLimit: 1_000_000)
      #expect(proof.isComplete && proof.maximizers.isEmpty, "\(kind), rank \(rank), \(proof.nodes) bounds")
      #expect(proof.upper <= above)
      for share in [0.99, 0.5, 0.01] where polar > 1000 * rounding {
        let below = polar * share
        let refuted = oracle.bound(
          weights, goal: .prove(threshold: below, maximumViolators: 10), nodeLimit: 1_000_000)
        #expect(!refuted.isComplete && refuted.nodes < 1_000_000, "\(kind), rank \(rank), share \(share)")
        #expect(!refuted.maximizers.isEmpty)
        #expect(refuted.upper >= polar * (1 - 1.01e-5))
        for violator in refuted.maximizers {
          #expect(violator.sign * naiveValue(design, weights, violator.direction) > below - rounding)
        }
      }
    }
  }

  @Test(arguments: [0, 1, 2, 40, 300, 3000]) func limitedSearchesStayValid(nodes: Int) {
    var random = SeededGenerator(seed: 70)
    for rank in 2...6 {
      let (design, weights) = DesignKind.gaussian.instance(rows: 30, rank: rank, &random)
      let oracle = MomentBranchAndBound(design)
      let polar = tight(oracle, weights, to: 1e-2).upper
      let goals: [PolarGoal] = [
        .maximize(relativeTolerance: 1e-6, floor: 0), .prove(threshold: polar * 1.01, maximumViolators: 5),
        .prove(threshold: 0.9 * polar, maximumViolators: 1),
      ]
      for goal in goals {
        let cut = oracle.bound(weights, goal: goal, nodeLimit: nodes)
        #expect(cut.upper >= polar / 1.01)
        #expect(cut.upper.isFinite)
        #expect(cut.nodes <= nodes + 2000)
        let cancelled = oracle.bound(weights, goal: goal, isCancelled: { true })
        #expect(cancelled.upper >= polar / 1.01)
        #expect(!cancelled.isComplete && cancelled.nodes == 0)
        let questions = Atomic(0)
        let late = oracle.bound(weights, goal: goal) {
          questions.add(1, ordering: .relaxed).newValue > 3
        }
        #expect(late.upper >= polar / 1.01)
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
      let found = MomentBranchAndBound(design).bound([1, weight, 0], goal: goal)
      #expect(found.upper == .infinity && !found.isComplete)
    }
  }

  @Test func zeroDesignsAndZeroWeightsHavePolarZero() {
    for (design, weights) in [
      (Matrix(rows: 3, columns: 2), [1.0, 2, 3]), (Matrix([[1, 2], [3, 4]]), [0, 0]),
      (Matrix(rows: 2, columns: 0), [1, 1]), (Matrix(rows: 0, columns: 3), []),
    ] {
      let found = tight(MomentBranchAndBound(design), weights)
      #expect(found.upper >= 0 && found.upper < 1e-100 && found.isComplete)
      let proof = MomentBranchAndBound(design).bound(
        weights, goal: .prove(threshold: 1e-90, maximumViolators: 1))
      #expect(proof.isComplete && proof.upper <= 1e-90 && proof.maximizers.isEmpty)
    }
  }

  /// Powers of two in the weights and the rows change nothing but the scale, to the last bit.
  @Test(arguments: [-660, -300, 1, 400, 660]) func scaledWeightsGiveScaledAnswers(exponent: Int) {
    var random = SeededGenerator(seed: 74)
    for rank in 1...4 {
      let (design, weights) = DesignKind.gaussian.instance(rows: 20, rank: rank, &random)
      let factor = Double(sign: .plus, exponent: exponent, significand: 1)
      let plain = tight(MomentBranchAndBound(design), weights)
      let scaled = tight(MomentBranchAndBound(design), weights.map { $0 * factor })
      #expect(scaled.upper == plain.upper * factor)
      #expect(scaled.nodes == plain.nodes && scaled.isComplete)
      let level = 1.01 * plain.upper * factor
      let proof = MomentBranchAndBound(design).bound(
        weights.map { $0 * factor }, goal: .prove(threshold: level, maximumViolators: 3))
      #expect(proof.isComplete && proof.upper <= level)
    }
  }

  @Test func weightsOfOneSignAndOneSample() {
    let single = MomentBranchAndBound(Matrix([[3, 4]]))
    #expect(abs(tight(single, [2]).upper - 10) < 0.02)
    var random = SeededGenerator(seed: 75)
    for rank in 1...4 {
      let design = DesignKind.gaussian.instance(rows: 25, rank: rank, &random).design
      for sign in [1.0, -1] {
        let weights = (0..<25).map { _ in sign * random.nextUniform() }
        let found = tight(MomentBranchAndBound(design), weights)
        let cones = SphericalBranchAndBound(design).bound(
          weights, goal: .maximize(relativeTolerance: 1e-5, floor: 0))
        #expect(found.isComplete)
        #expect(found.upper >= cones.upper * (1 - 2e-5) && found.upper <= cones.upper * 1.0011)
      }
    }
  }

  @Test(arguments: [20, 32, 33, 60]) func highRanksGetAValidBound(rank: Int) {
    var random = SeededGenerator(seed: 71)
    for kind in DesignKind.allCases {
      let (design, weights) = kind.instance(rows: 50, rank: rank, &random)
      let found = MomentBranchAndBound(design).bound(
        weights, goal: .maximize(relativeTolerance: 1e-3, floor: 0), nodeLimit: 200)
      #expect(found.upper.isFinite)
      let ascent = LocalAscent(Hyperplanes(design))
      let starts = Matrix((0..<100).map { _ in randomDirection(rank, &random) })
      for maximum in ascent.maxima(of: weights, from: starts, above: 0, limit: 20) {
        #expect(found.upper >= abs(naiveValue(design, weights, maximum.direction)))
      }
    }
  }

  /// Runs and numbers of threads do not matter, to the last bit.
  @Test func theAnswerDoesNotDependOnThreads() {
    var random = SeededGenerator(seed: 72)
    for _ in 0..<4 {
      let (design, weights) = DesignKind.gaussian.instance(rows: 35, rank: 5, &random)
      let polar = tight(MomentBranchAndBound(design), weights).upper
      for goal in [
        PolarGoal.maximize(relativeTolerance: 1e-2, floor: 0),
        .prove(threshold: 0.9 * polar, maximumViolators: 7),
        .prove(threshold: 1.02 * polar, maximumViolators: 7),
      ] {
        let answers = [1, 1, 2, 3].map { threads in
          MomentBranchAndBound(design, threads: threads).bound(weights, goal: goal, nodeLimit: 50_000)
        }
        for answer in answers {
          #expect(answer.upper.bitPattern == answers[0].upper.bitPattern)
          #expect(answer.maximizers == answers[0].maximizers && answer.nodes == answers[0].nodes)
        }
      }
    }
  }

  /// A narrow hat of height 1 that no gradient outside it points to.
  @Test func findsAPlantedNeedle() {
    let width = 1e-4
    var rows = [-width, 0, width].map { [1, -(0.37 + $0), 0] }
    rows.append([-0.5, 0, 0])
    let weights = [1 / width, -2 / width, 1 / width, 1]
    let oracle = MomentBranchAndBound(Matrix(rows))
    let proof = oracle.bound(weights, goal: .prove(threshold: 0.7, maximumViolators: 4))
    #expect(!proof.isComplete && proof.upper > 0.9)
    #expect(proof.maximizers.contains { abs(naiveValue(Matrix(rows), weights, $0.direction)) > 0.7 - 1e-6 })
  }
}
