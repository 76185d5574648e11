import BidualLinear
import BidualObjectives
import Synchronization
import Testing

@testable import BidualPolars

/// Searches of shares that go on from a state.
@Suite struct KeptSearchTests {
  private func found(
    _ oracle: some DivisiblePolar, _ share: SearchShare, _ weights: [Double], tolerance: Double = 1e-4,
    kept: KeptSearch?
  ) throws -> ShareBound {
    let bound = oracle.bound(
      on: share, weights, goal: .maximize(relativeTolerance: tolerance, floor: 0), kept: kept,
      isCancelled: { false }, progress: { _ in })
    return try #require(bound)
  }

  /// From any of its states a search ends as if it had never been interrupted.
  private func check(_ oracle: some DivisiblePolar, _ weights: [Double]) throws {
    for share in [SearchShare(0, of: 1), SearchShare(1, of: 3)] {
      let straight = try found(oracle, share, weights, kept: nil)
      var states: [SearchState] = []
      let watched = try found(
        oracle, share, weights, kept: KeptSearch(every: .zero) { states.append($0) })
      #expect(watched.bound.upper == straight.bound.upper && watched.bound.nodes == straight.bound.nodes)
      #expect(states.count > 5)
      for place in [0, 1, states.count / 2, states.count - 2, states.count - 1] {
        let kept = KeptSearch(every: .seconds(100), from: states[place]) { _ in }
        let resumed = try found(oracle, share, weights, kept: kept)
        #expect(kept.isContinued)
        #expect(resumed.bound.upper == straight.bound.upper, "state \(place) of \(states.count)")
        #expect(resumed.bound.nodes == straight.bound.nodes, "state \(place) of \(states.count)")
        #expect(resumed.bound.maximizers == straight.bound.maximizers)
        #expect(resumed.division == straight.division)
      }
      // Another share, goal or dual point begins afresh.
      do {
        let kept = KeptSearch(every: .seconds(100), from: states[states.count / 2]) { _ in }
        let other = SearchShare(0, of: 2)
        #expect(
          try found(oracle, other, weights, kept: kept).bound.upper
            == found(oracle, other, weights, kept: nil).bound.upper)
        #expect(
          try found(oracle, share, weights, tolerance: 1e-3, kept: kept).bound.upper
            == found(oracle, share, weights, tolerance: 1e-3, kept: nil).bound.upper)
        let opposite = weights.map { -$0 }
        #expect(
          try found(oracle, share, opposite, kept: kept).bound.upper
            == found(oracle, share, opposite, kept: nil).bound.upper)
        #expect(!kept.isContinued)
      }
    }
  }

  @Test func boxesOfOneOutput() throws {
    var random = SeededGenerator(seed: 31)
    let (design, weights) = DesignKind.gaussian.instance(rows: 40, rank: 5, &random)
    try check(MomentBranchAndBound(design), weights)
  }

  @Test func boxesOfSeveralOutputs() throws {
    var random = SeededGenerator(seed: 32)
    let (design, one) = DesignKind.gaussian.instance(rows: 20, rank: 3, &random)
    try check(VectorPolar(design, outputs: 2), one.flatMap { [$0, 0.3 - 0.5 * $0] })
  }

  @Test(arguments: [FirstLayerNorm.l2, .l1]) func cones(norm: FirstLayerNorm) throws {
    var random = SeededGenerator(seed: 33)
    let (design, weights) = DesignKind.gaussian.instance(rows: 60, rank: norm == .l1 ? 4 : 3, &random)
    try check(SphericalBranchAndBound(design, norm: norm), weights)
  }

  /// A search that is stopped within a batch leaves it to the next run, which ends as one that was never stopped.
  @Test func stoppedConesGoOn() throws {
    var random = SeededGenerator(seed: 34)
    let (design, weights) = DesignKind.gaussian.instance(rows: 60, rank: 3, &random)
    let oracle = SphericalBranchAndBound(design)
    let share = SearchShare(0, of: 1)
    let straight = try found(oracle, share, weights, kept: nil)
    for limit in [1, 100, 2000] {
      let asked = Atomic(0)
      var last: SearchState?
      let kept = KeptSearch(every: .seconds(100)) { last = $0 }
      let cut = oracle.bound(
        on: share, weights, goal: .maximize(relativeTolerance: 1e-4, floor: 0), kept: kept,
        isCancelled: { asked.add(1, ordering: .relaxed).newValue > limit }, progress: { _ in })
      #expect(cut?.bound.upper ?? .infinity >= straight.bound.upper)
      let next = KeptSearch(every: .seconds(100), from: last) { _ in }
      let resumed = try found(oracle, share, weights, kept: next)
      #expect(next.isContinued && resumed.bound.upper == straight.bound.upper)
      #expect(resumed.bound.nodes == straight.bound.nodes)
    }
  }

  /// Numbers that make no cones are refused too.
  @Test func conesAreChecked() throws {
    let cones = ConeSearchState.Cones(
      [OpenCone(generators: [1, 0, 0, -1], depth: 3, bound: 2, side: 1)])
    #expect(cones.cones(rank: 2)?.count == 1 && cones.cones(rank: 3) == nil)
    for change in [
      { $0.generators.removeLast() }, { $0.generators[0] = .nan }, { $0.bounds[0] = .infinity },
      { $0.bounds[0] = -1 }, { $0.bounds.append(1) }, { $0.depths[0] = 241 }, { $0.depths.append(1) },
      { $0.sides[0] = 2 }, { $0.sides.removeLast() },
    ] as [(inout ConeSearchState.Cones) -> Void] {
      var damaged = cones
      change(&damaged)
      #expect(damaged.cones(rank: 2) == nil)
    }
  }

  /// Numbers that make no boxes are refused, whatever they are.
  @Test func boxesAreChecked() throws {
    let boxes = Boxes.faces(rank: 3, key: 2).numbers
    #expect(Boxes(boxes)?.numbers.bounds == boxes.bounds)
    #expect(
      Boxes(Boxes.Numbers(axes: .max, bounds: [1, 1], marks: [0, 0, 0], centers: [], depths: [])) == nil)
    for change in [
      { $0.bounds.removeLast() }, { $0.bounds[0] = .nan }, { $0.bounds[1] = .infinity },
      { $0.marks.removeLast() }, { $0.marks[0] = 3 }, { $0.marks[1] = 2 }, { $0.marks[2] = 2 },
      { $0.centers.removeLast() }, { $0.centers[0] = .min }, { $0.depths.append(1) },
      { $0.depths[0] = 30 },
    ] as [(inout Boxes.Numbers) -> Void] {
      var damaged = boxes
      change(&damaged)
      #expect(Boxes(damaged) == nil)
    }
  }
}
