import BidualLinear
import BidualProcesses
import Testing

@testable import BidualPolars

/// Searches whose regions several processes bound, here threads in their place.
@Suite struct SearchFarmTests {
  private static let maximum = PolarGoal.maximize(relativeTolerance: 1e-4, floor: 0)

  /// What rank 0 of a group finds with the others' help.
  private func farmed(_ processes: Int, _ body: @escaping @Sendable () -> [PolarBound]) -> [PolarBound] {
    ThreadGroup.run(processes) { group -> [PolarBound] in
      guard group.rank == 0 else {
        HelpingRanks.serve(group, by: [SearchFarm(threads: 1)])
        return []
      }
      let found = HelpingRanks.$group.withValue(group, operation: body)
      HelpingRanks.dismiss(group)
      return found
    }[0]
  }

  private func isSame(_ a: [PolarBound], _ b: [PolarBound]) -> Bool {
    a.count == b.count
      && zip(a, b).allSatisfy {
        $0.upper == $1.upper && $0.maximizers == $1.maximizers && $0.isComplete == $1.isComplete
          && $0.nodes == $1.nodes
      }
  }

  /// One process of a group is as one alone, more give the same bytes in every run, and all of them bound the polar.
  private func check(_ kind: DesignKind, _ bounds: @escaping @Sendable () -> [PolarBound]) {
    let alone = bounds()
    #expect(isSame(farmed(1, bounds), alone), "\(kind)")
    for processes in [2, 4] {
      let found = farmed(processes, bounds)
      #expect(isSame(farmed(processes, bounds), found), "\(kind), \(processes) processes")
      // The first goal is a maximum, found to a relative accuracy.
      #expect(found[0].isComplete == alone[0].isComplete)
      #expect(found[0].upper >= (alone[0].maximizers.first?.value ?? 0), "\(kind), \(processes) processes")
      #expect(
        found[0].upper <= alone[0].upper * (1 + 1.01e-4) + 1e-100, "\(kind), \(processes) processes")
      #expect(found[1].isComplete == alone[1].isComplete, "\(kind), \(processes) processes")
    }
  }

  @Test(arguments: DesignKind.allCases) func boxes(kind: DesignKind) {
    var random = SeededGenerator(seed: 9)
    let (design, weights) = kind.instance(rows: 30, rank: 4, &random)
    let polar = MomentBranchAndBound(design).bound(weights, goal: Self.maximum).upper
    check(kind) {
      let oracle = MomentBranchAndBound(design)
      return [
        oracle.bound(weights, goal: Self.maximum),
        oracle.bound(weights, goal: .prove(threshold: 1.01 * polar, maximumViolators: 4)),
        oracle.bound(weights, goal: .prove(threshold: 0.5 * polar, maximumViolators: 4)),
      ]
    }
  }

  @Test(arguments: DesignKind.allCases) func boxesOfSeveralOutputs(kind: DesignKind) {
    var random = SeededGenerator(seed: 10)
    let (design, one) = kind.instance(rows: 20, rank: 3, &random)
    let weights = one.flatMap { [$0, -0.5 * $0 + 0.1] }
    let polar = VectorPolar(design, outputs: 2).bound(weights, goal: Self.maximum).upper
    check(kind) {
      let oracle = VectorPolar(design, outputs: 2)
      return [
        oracle.bound(weights, goal: Self.maximum),
        oracle.bound(weights, goal: .prove(threshold: 1.01 * polar, maximumViolators: 4)),
      ]
    }
  }

  @Test(arguments: DesignKind.allCases) func cones(kind: DesignKind) {
    var random = SeededGenerator(seed: 11)
    let (design, weights) = kind.instance(rows: 20, rank: 3, &random)
    let polar = SphericalBranchAndBound(design, norm: .l1).bound(weights, goal: Self.maximum).upper
    check(kind) {
      let oracle = SphericalBranchAndBound(design, norm: .l1)
      return [
        oracle.bound(weights, goal: Self.maximum),
        oracle.bound(weights, goal: .prove(threshold: 1.01 * polar, maximumViolators: 4)),
      ]
    }
  }

  /// Boxes and cones take turns at a proof; both are the farm's.
  @Test func turnsOfBoxesAndCones() {
    var random = SeededGenerator(seed: 12)
    let (design, weights) = DesignKind.gaussian.instance(rows: 60, rank: 5, &random)
    let polar = TwoLayerPolar(design).bound(weights, goal: Self.maximum).upper
    check(.gaussian) {
      [
        TwoLayerPolar(design).bound(weights, goal: Self.maximum),
        TwoLayerPolar(design).bound(weights, goal: .prove(threshold: 1.001 * polar, maximumViolators: 1)),
      ]
    }
  }

  /// A stop is heard at rank 0, and the others go home.
  @Test func aStopEndsTheSearch() {
    var random = SeededGenerator(seed: 13)
    let (design, weights) = DesignKind.gaussian.instance(rows: 60, rank: 6, &random)
    let found = farmed(2) {
      [MomentBranchAndBound(design).bound(weights, goal: Self.maximum, isCancelled: { true })]
    }
    #expect(!found[0].isComplete && found[0].upper.isFinite)
  }
}
