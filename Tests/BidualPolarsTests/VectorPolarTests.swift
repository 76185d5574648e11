import BidualLinear
import Synchronization
import Testing

@testable import BidualPolars

@Suite struct VectorPolarTests {
  private func tight(_ oracle: VectorPolar, _ weights: [Double], to tolerance: Double = 1e-3) -> PolarBound {
    oracle.bound(weights, goal: .maximize(relativeTolerance: tolerance, floor: 0))
  }

  /// The bound stands above all that loops find, and a reported maximiser stands just below the bound.
  @Test(arguments: DesignKind.allCases, 1...4) func boundIsValidAndTight(kind: DesignKind, outputs: Int) {
    var random = SeededGenerator(seed: UInt64(outputs))
    for trial in 0..<5 {
      let rank = 1 + (trial + outputs) % 5
      let rows = trial == 0 ? 1 : Int.random(in: 1...(rank == 5 ? 12 : 25), using: &random)
      let (design, weights) = kind.instance(rows: rows, rank: rank, outputs: outputs, &random)
      let tolerance = rank < 4 ? 1e-6 : 1e-2
      let found = tight(VectorPolar(design, outputs: outputs), weights, to: tolerance)
      let rounding = 1e-10 * vectorMagnitude(design, weights, outputs: outputs) + 1e-100
      #expect(found.isComplete)
      var best = 0.0
      for maximizer in found.maximizers {
        #expect(abs(norm(maximizer.direction) - 1) < 1e-12 && maximizer.sign == 1)
        let value = norm(naiveImage(design, weights, outputs: outputs, maximizer.direction))
        #expect(abs(value - maximizer.value) <= rounding)
        best = max(best, value)
      }
      #expect(found.upper >= best)
      #expect(
        found.upper <= best * (1 + tolerance) * (1 + 1e-9) + rounding, "\(kind), rank \(rank), \(rows) rows")
      let naive = NaiveVectorPolar.best(design, weights, outputs: outputs, directions: 1000, &random)
      #expect(naive <= found.upper, "\(kind), rank \(rank), \(rows) rows")
    }
  }

  @Test(arguments: DesignKind.allCases) func boundIsThatOfAllChambersOfThePlane(kind: DesignKind) {
    var random = SeededGenerator(seed: 50)
    for trial in 0..<12 {
      let outputs = 1 + trial % 4
      let (design, weights) = kind.instance(
        rows: Int.random(in: 1...30, using: &random), rank: 2, outputs: outputs, &random)
      let exact = NaiveVectorPolar.inThePlane(design, weights, outputs: outputs)
      let found = tight(VectorPolar(design, outputs: outputs), weights, to: 1e-6)
      let rounding = 1e-10 * vectorMagnitude(design, weights, outputs: outputs) + 1e-100
      #expect(found.upper >= exact * (1 - 1e-14))
      #expect(found.upper <= exact * (1 + 1.1e-6) + rounding, "\(kind), \(design.rows) rows")
    }
  }

  /// One output is what `MomentBranchAndBound` is for.
  @Test(arguments: DesignKind.allCases, 1...5) func oneOutputAgreesWithTheScalarPolar(
    kind: DesignKind, rank: Int
  ) {
    var random = SeededGenerator(seed: UInt64(60 + rank))
    for _ in 0..<2 {
      let (design, weights) = kind.instance(rows: 20, rank: rank, &random)
      let scalar = MomentBranchAndBound(design).bound(
        weights, goal: .maximize(relativeTolerance: 1e-3, floor: 0))
      let found = tight(VectorPolar(design, outputs: 1), weights)
      let rounding = 1e-9 * magnitude(design, weights) + 1e-100
      #expect(found.isComplete)
      #expect(abs(found.upper - scalar.upper) <= 1.1e-3 * scalar.upper + rounding, "\(kind), rank \(rank)")
    }
  }

  @Test(arguments: DesignKind.allCases) func proofsSucceedAboveThePolarAndFailBelow(kind: DesignKind) {
    var random = SeededGenerator(seed: 7)
    for trial in 0..<6 {
      let (rank, outputs) = (2 + trial % 3, 2 + trial % 2)
      let (design, weights) = kind.instance(rows: 14, rank: rank, outputs: outputs, &random)
      let oracle = VectorPolar(design, outputs: outputs)
      let polar = tight(oracle, weights).upper
      let rounding = 1e-9 * vectorMagnitude(design, weights, outputs: outputs) + 1e-100
      let above = polar * 1.002 + rounding
      let proof = oracle.bound(
        weights, goal: .prove(threshold: above, maximumViolators: 10), nodeLimit: 1_000_000)
      #expect(proof.isComplete && proof.maximizers.isEmpty, "\(kind), rank \(rank), \(proof.nodes) boxes")
      #expect(proof.upper <= above)
      for share in [0.99, 0.5, 0.01] where polar > 1000 * rounding {
        let below = polar * share
        let refuted = oracle.bound(
          weights, goal: .prove(threshold: below, maximumViolators: 10), nodeLimit: 1_000_000)
        #expect(!refuted.isComplete && refuted.nodes < 1_000_000, "\(kind), rank \(rank), share \(share)")
        #expect(!refuted.maximizers.isEmpty)
        #expect(refuted.upper >= polar / 1.0011)
        for violator in refuted.maximizers {
          let value = norm(naiveImage(design, weights, outputs: outputs, violator.direction))
          #expect(value > below - rounding)
        }
      }
    }
  }

  /// Powers of two in the weights change nothing but the scale, to the last bit; other factors nearly nothing.
  @Test(arguments: [1e-150, 0x1p-400, 1e-20, 0x1p300, 1e150]) func scaledWeightsGiveScaledAnswers(
    factor: Double
  ) {
    var random = SeededGenerator(seed: 74)
    for rank in 1...4 {
      let (design, weights) = DesignKind.gaussian.instance(rows: 20, rank: rank, outputs: 3, &random)
      let oracle = VectorPolar(design, outputs: 3)
      let plain = tight(oracle, weights)
      let scaled = tight(oracle, weights.map { $0 * factor })
      let isExact = factor.significand == 1
      #expect(
        isExact
          ? scaled.upper == plain.upper * factor
          : abs(scaled.upper / factor - plain.upper) <= 1e-3 * plain.upper)
      #expect(scaled.isComplete && (!isExact || scaled.nodes == plain.nodes))
      let level = 1.01 * plain.upper * factor
      let proof = oracle.bound(
        weights.map { $0 * factor }, goal: .prove(threshold: level, maximumViolators: 3))
      #expect(proof.isComplete && proof.upper <= level)
    }
  }

  @Test(arguments: [0, 1, 40, 1000]) func limitedSearchesStayValid(nodes: Int) {
    var random = SeededGenerator(seed: 70)
    for rank in 2...5 {
      let (design, weights) = DesignKind.gaussian.instance(rows: 25, rank: rank, outputs: 3, &random)
      let oracle = VectorPolar(design, outputs: 3)
      let polar = tight(oracle, weights, to: 1e-2).upper / 1.01
      for goal in [
        PolarGoal.maximize(relativeTolerance: 1e-6, floor: 0),
        .prove(threshold: polar * 1.02, maximumViolators: 5),
        .prove(threshold: 0.9 * polar, maximumViolators: 1),
      ] {
        let cut = oracle.bound(weights, goal: goal, nodeLimit: nodes)
        #expect(cut.upper >= polar && cut.upper.isFinite)
        #expect(cut.nodes <= nodes + 2000)
        let cancelled = oracle.bound(weights, goal: goal, isCancelled: { true })
        #expect(cancelled.upper >= polar)
        #expect(!cancelled.isComplete && cancelled.nodes == 0)
        let questions = Atomic(0)
        let late = oracle.bound(weights, goal: goal) { questions.add(1, ordering: .relaxed).newValue > 3 }
        #expect(late.upper >= polar && late.nodes <= 100)
      }
    }
  }

  /// Runs and numbers of threads do not matter, to the last bit.
  @Test func theAnswerDoesNotDependOnThreads() {
    var random = SeededGenerator(seed: 72)
    for _ in 0..<2 {
      let (design, weights) = DesignKind.gaussian.instance(rows: 30, rank: 4, outputs: 3, &random)
      let polar = tight(VectorPolar(design, outputs: 3), weights).upper
      for goal in [
        PolarGoal.maximize(relativeTolerance: 1e-2, floor: 0),
        .prove(threshold: 0.9 * polar, maximumViolators: 7),
        .prove(threshold: 1.02 * polar, maximumViolators: 7),
      ] {
        let answers = [1, 1, 2, 3].map { threads in
          VectorPolar(design, outputs: 3, threads: threads).bound(weights, goal: goal, nodeLimit: 50_000)
        }
        for answer in answers {
          #expect(answer.upper.bitPattern == answers[0].upper.bitPattern)
          #expect(answer.maximizers == answers[0].maximizers && answer.nodes == answers[0].nodes)
        }
      }
    }
  }

  @Test func progressIsToldAndFalls() {
    var random = SeededGenerator(seed: 73)
    let (design, weights) = DesignKind.gaussian.instance(rows: 30, rank: 4, outputs: 2, &random)
    var told: [PolarProgress] = []
    let found = VectorPolar(design, outputs: 2).bound(
      weights, goal: .maximize(relativeTolerance: 1e-3, floor: 0), nodeLimit: .max, isCancelled: { false },
      progress: { told.append($0) })
    #expect(!told.isEmpty && zip(told, told.dropFirst()).allSatisfy { $0.upper >= $1.upper })
    #expect(told.allSatisfy { $0.upper >= found.upper && $0.nodes <= found.nodes })
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity]) func badWeightsBoundNothing(weight: Double) {
    let oracle = VectorPolar(Matrix([[1, 2], [3, -1], [0, 0]]), outputs: 2)
    for goal in [
      PolarGoal.maximize(relativeTolerance: 1e-3, floor: 0), .prove(threshold: 1, maximumViolators: 1),
    ] {
      for place in 0..<6 {
        var weights = [1.0, 2, 3, 4, 5, 6]
        weights[place] = weight
        let found = oracle.bound(weights, goal: goal)
        #expect(found.upper == .infinity && !found.isComplete)
      }
      let huge = VectorPolar(Matrix([[1e100, 0], [0, 1e-100]]), outputs: 2).bound(
        [1e300, 1e300, 1, 1], goal: goal)
      #expect(huge.upper == .infinity)
    }
  }

  @Test func zeroDesignsAndZeroWeightsHavePolarZero() {
    for (design, weights) in [
      (Matrix(rows: 3, columns: 2), [1.0, 2, 3, 4, 5, 6]), (Matrix([[1, 2], [3, 4]]), [0, 0, 0, 0]),
      (Matrix(rows: 2, columns: 0), [1, 1, 1, 1]), (Matrix(rows: 0, columns: 3), []),
      (Matrix([[1, 2], [2, 4]]), [2, 4, -1, -2]),
    ] {
      let oracle = VectorPolar(design, outputs: 2)
      let found = tight(oracle, weights)
      #expect(found.upper >= 0 && found.upper < 1e-10 && found.isComplete)
      let proof = oracle.bound(weights, goal: .prove(threshold: 1e-9, maximumViolators: 1))
      #expect(proof.isComplete && proof.upper <= 1e-9 && proof.maximizers.isEmpty)
    }
  }

  @Test func oneSampleAndOneOutputAtATime() {
    #expect(abs(tight(VectorPolar(Matrix([[3, 4]]), outputs: 2), [0.6, 0.8], to: 1e-9).upper - 5) < 1e-7)
    // Outputs that see unlike samples: the larger of two lengths.
    let apart = tight(VectorPolar(Matrix([[1, 0], [0, 1]]), outputs: 2), [2, 0, 0, 1], to: 1e-6)
    #expect(abs(apart.upper - 2) < 1e-5)
    // The same vector at both samples: their sum's length.
    let together = tight(VectorPolar(Matrix([[1, 0], [0, 1]]), outputs: 2), [3, 4, 3, 4], to: 1e-6)
    #expect(abs(together.upper - 5 * 2.0.squareRoot()) < 1e-4)
  }

  @Test(arguments: [12, 24, 25, 70]) func highRanksGetAValidBound(rank: Int) {
    var random = SeededGenerator(seed: 71)
    for kind in DesignKind.allCases {
      let (design, weights) = kind.instance(rows: 80, rank: rank, outputs: 3, &random)
      let found = VectorPolar(design, outputs: 3).bound(
        weights, goal: .maximize(relativeTolerance: 1e-3, floor: 0), nodeLimit: 100)
      #expect(found.upper.isFinite)
      #expect(found.upper >= NaiveVectorPolar.best(design, weights, outputs: 3, directions: 100, &random))
    }
  }
}
