import BidualLinear
import Testing

@testable import BidualPolars

@Suite struct HyperplanesTests {
  @Test(arguments: DesignKind.allCases, 1...5) func mergedWeightsKeepTheObjective(kind: DesignKind, rank: Int)
  {
    var random = SeededGenerator(seed: UInt64(rank))
    for _ in 0..<20 {
      let (design, weights) = kind.instance(rows: 25, rank: rank, &random)
      let hyperplanes = Hyperplanes(design)
      for sign in [1.0, -1] {
        let (merged, linear) = hyperplanes.merge(weights, sign: sign)
        for _ in 0..<20 {
          let u = randomDirection(rank, &random)
          let outside = sign * naiveValue(design, weights, u)
          let inside = naiveValue(hyperplanes.rows, merged, u) + dot(linear, u)
          #expect(abs(outside - inside) <= 1e-12 * magnitude(design, weights))
        }
      }
    }
  }

  @Test(arguments: DesignKind.allCases) func ownersAndFactorsRebuildTheRows(kind: DesignKind) {
    var random = SeededGenerator(seed: 40)
    let (design, _) = kind.instance(rows: 60, rank: 3, &random)
    let hyperplanes = Hyperplanes(design)
    for i in 0..<design.rows {
      let owner = hyperplanes.owner[i]
      let length = norm(design.row(i))
      #expect((owner < 0) == (length == 0))
      #expect(hyperplanes.norms[i] >= length)
      guard owner >= 0 else { continue }
      let rest = zip(design.row(i), hyperplanes.rows.row(owner)).map { $0 - hyperplanes.factor[i] * $1 }
      #expect(norm(rest) <= hyperplanes.deviation[i])
      #expect(hyperplanes.deviation[i] <= 1e-11 * length)
    }
    // No two hyperplanes are one.
    for a in 0..<hyperplanes.count {
      #expect(abs(norm(hyperplanes.unitRows.row(a)) - 1) < 1e-14)
      for b in 0..<a {
        let cosine = dot(hyperplanes.unitRows.row(a), hyperplanes.unitRows.row(b))
        #expect(abs(cosine) < 1 - 1e-12)
      }
    }
  }

  @Test func proportionalRowsOfEitherSignAreOneHyperplane() {
    let design = Matrix([
      [1, 2], [3, 6], [-1, -2], [0, 0], [-0.1, -0.2], [2, 1], [2, 1], [1e-9, 2e-9], [0, -5], [0, 7],
    ])
    let hyperplanes = Hyperplanes(design)
    #expect(hyperplanes.count == 3)
    #expect(hyperplanes.owner == [0, 0, 0, -1, 0, 1, 1, 0, 2, 2])
    for (found, expected) in zip(hyperplanes.factor, [1, 3, -1, 0, -0.1, 1, 1, 1e-9, 1, -1.4]) {
      #expect(abs(found - expected) <= 1e-14 * abs(expected))
    }
  }

  @Test(arguments: DesignKind.allCases) func activityIsTheSignOfTheRows(kind: DesignKind) {
    var random = SeededGenerator(seed: 41)
    for trial in 0..<40 {
      let rank = 1 + trial % 4
      let (design, _) = kind.instance(rows: 30, rank: rank, &random)
      let hyperplanes = Hyperplanes(design)
      let u = randomDirection(rank, &random)
      let active = hyperplanes.activity(hyperplanes.sides(at: u))
      for i in 0..<design.rows {
        let height = dot(design.row(i), u)
        guard abs(height) > 1e-8 * norm(design.row(i)) || norm(design.row(i)) == 0 else { continue }
        #expect(active[i] == (height > 0), "row \(i) of \(kind)")
      }
    }
  }

  /// On exactly degenerate points the sides must be those of an open chamber next door. Integer data
  /// make the signs at a nearby integer point exact.
  @Test(arguments: 2...4) func sidesAtDegeneratePointsBelongToSomeChamber(rank: Int) {
    var random = SeededGenerator(seed: UInt64(42 + rank))
    for _ in 0..<60 {
      let design = Matrix(
        rows: 9, columns: rank,
        elements: (0..<(9 * rank)).map { _ in Double(Int.random(in: -2...2, using: &random)) })
      let hyperplanes = Hyperplanes(design)
      // A point on as many hyperplanes as a small integer point can be on.
      let points = (0..<200).map { _ in (0..<rank).map { _ in Double(Int.random(in: -2...2, using: &random)) }
      }
      .filter { norm($0) > 0 }
      let ties = { (u: [Double]) in (0..<hyperplanes.count).count { dot(hyperplanes.rows.row($0), u) == 0 } }
      let u = points.max { ties($0) < ties($1) }!
      let course = (0..<rank).map { _ in Double(Int.random(in: -2...2, using: &random)) }
      var nearby: Set<[Int8]> = []
      var alongCourse: Set<[Int8]> = []
      for _ in 0..<4000 {
        let step = (0..<rank).map { _ in Double(Int.random(in: -1000...1000, using: &random)) }
        if let signs = signs(hyperplanes, zip(u, step).map { 1e6 * $0 + $1 }) { nearby.insert(signs) }
        let ahead = (0..<rank).map { 1e12 * u[$0] + 1e6 * course[$0] + step[$0] }
        if let signs = signs(hyperplanes, ahead) { alongCourse.insert(signs) }
      }
      #expect(nearby.contains(hyperplanes.sides(at: u)))
      #expect(alongCourse.contains(hyperplanes.sides(at: u, toward: course)))
      // Signs away from ties are those at u itself.
      for (h, side) in hyperplanes.sides(at: u).enumerated() {
        let height = dot(hyperplanes.rows.row(h), u)
        if height != 0 { #expect((side > 0) == (height > 0)) }
      }
    }
  }

  private func signs(_ hyperplanes: Hyperplanes, _ point: [Double]) -> [Int8]? {
    var result: [Int8] = []
    for h in 0..<hyperplanes.count {
      let height = dot(hyperplanes.rows.row(h), point)
      if height == 0 { return nil }
      result.append(height > 0 ? 1 : -1)
    }
    return result
  }
}
