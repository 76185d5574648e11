import BidualLinear
import Testing

@testable import BidualPolars

/// Bounds of single boxes beside points of them.
@Suite struct BoxSoundnessTests {
  /// A box's proven bound for both mirror images, in the objective's units, for a threshold.
  private func bounds(
    _ search: MomentSearch, _ objective: MomentObjective, _ center: [Double], _ depths: [UInt8], face: Int,
    side: Int, threshold: Double
  ) -> SIMD2<Double> {
    var list = Boxes(axes: center.count)
    let head = BoxHead(
      keys: SIMD2(repeating: 1e300), face: UInt8(face), side: UInt8(side), axis: BoxHead.unbounded)
    list.append(head, center: center, depths: depths)
    let outcome = search.run(
      list, 0..<1, objective: objective,
      task: .init(threshold: threshold, tolerance: nil, level: threshold, limit: 1), isCancelled: { false })
    let settled = max(outcome.settledBound, outcome.violatedBound)
    return outcome.open.count > 0 ? outcome.open.heads[0].keys : SIMD2(repeating: settled)
  }

  @Test(arguments: DesignKind.allCases) func noPointStandsAboveItsBox(kind: DesignKind) {
    var random = SeededGenerator(seed: 81)
    var tested = 0
    for trial in 0..<75 {
      let rank = 1 + trial % 5
      let (design, weights) = kind.instance(rows: Int.random(in: 1...60, using: &random), rank: rank, &random)
      let hyperplanes = Hyperplanes(design)
      guard let objective = MomentObjective(hyperplanes, weights), objective.size > 0 else { continue }
      let search = MomentSearch(rank: rank)
      for _ in 0..<20 {
        let face = Int.random(in: 0..<rank, using: &random)
        let side = Int.random(in: 0..<2, using: &random)
        let depths = (0..<(rank - 1)).map { _ in UInt8.random(in: 0...12, using: &random) }
        var center = [Double](repeating: 0, count: rank - 1)
        var half = [Double](repeating: 1, count: rank - 1)
        for j in center.indices {
          for _ in 0..<depths[j] {
            half[j] *= 0.5
            center[j] += Bool.random(using: &random) ? half[j] : -half[j]
          }
        }
        let threshold = objective.size * [0, 0.01, 0.1, 0.5].randomElement(using: &random)!
        let keys = bounds(
          search, objective, center, depths, face: face, side: side, threshold: threshold)
        let slack = 1e-13 * objective.size * Double(rank * (design.rows + 100))
        tested += 1
        for point in 0..<16 {
          var u = [Double](repeating: 1, count: rank)
          for j in center.indices {
            let step = point % 2 == 0 ? 2 * random.nextUniform() - 1 : Bool.random(using: &random) ? 1 : -1
            u[j < face ? j : j + 1] = center[j] + half[j] * step
          }
          for (mirror, phi) in [1.0, -1].enumerated() {
            let direction = u.map { phi * $0 }
            let value =
              (side == 0 ? 1 : -1)
              * MomentObjective.scaled(
                naiveValue(design, weights, direction), by: -objective.exponent) / norm(direction)
            #expect(value <= keys[mirror] + slack, "\(kind), rank \(rank), depths \(depths)")
          }
        }
      }
    }
    #expect(tested > 1200)
  }
}
