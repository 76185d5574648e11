import BidualLinear
import Testing

@testable import BidualPolars

/// Bounds of single boxes for several outputs beside points of them.
@Suite struct VectorBoxTests {
  /// A box's proven bound in the objective's units, for a threshold.
  private func bound(
    _ search: BoxSearch<VectorRelaxation>, _ objective: VectorObjective, _ center: [Double],
    _ depths: [UInt8], face: Int,
    side: Int, threshold: Double
  ) -> Double {
    var list = Boxes(axes: center.count)
    let head = BoxHead(
      keys: SIMD2(repeating: 1e300), face: UInt8(face), side: UInt8(side), axis: BoxHead.unbounded)
    list.append(head, center: center, depths: depths)
    let outcome = search.run(
      list, 0..<1, objective: objective,
      task: .init(threshold: threshold, tolerance: nil, level: threshold, limit: 1), isCancelled: { false })
    return outcome.open.count > 0
      ? outcome.open.heads[0].key : max(outcome.settledBound, outcome.violatedBound)
  }

  @Test(arguments: DesignKind.allCases, 1...4) func noPointStandsAboveItsBox(kind: DesignKind, outputs: Int) {
    var random = SeededGenerator(seed: UInt64(80 + outputs))
    var tested = 0
    var decided = 0
    for trial in 0..<30 {
      let rank = 1 + trial % 5
      let (design, weights) = kind.instance(
        rows: Int.random(in: 1...60, using: &random), rank: rank, outputs: outputs, &random)
      guard let objective = VectorObjective(Hyperplanes(design), weights, outputs: outputs), !objective.isZero
      else { continue }
      let search = BoxSearch(VectorRelaxation(rank: rank, outputs: outputs))
      let slack = 1e-13 * objective.size * Double((rank + outputs) * (design.rows + 100))
      for _ in 0..<20 {
        let face = Int.random(in: 0..<rank, using: &random)
        let side = Int.random(in: 0..<2, using: &random)
        let depths = (0..<(rank - 1)).map { _ in UInt8.random(in: 0...10, using: &random) }
        var center = [Double](repeating: 0, count: rank - 1)
        var half = [Double](repeating: 1, count: rank - 1)
        for j in center.indices {
          for _ in 0..<depths[j] {
            half[j] *= 0.5
            center[j] += Bool.random(using: &random) ? half[j] : -half[j]
          }
        }
        func direction(_ step: () -> Double) -> [Double] {
          var u = [Double](repeating: side == 0 ? 1 : -1, count: rank)
          for j in center.indices { u[j < face ? j : j + 1] *= center[j] + half[j] * step() }
          return u
        }
        func value(_ u: [Double]) -> Double {
          MomentObjective.scaled(
            norm(naiveImage(design, weights, outputs: outputs, u)), by: -objective.exponent) / norm(u)
        }
        // Thresholds near what the box takes put the quadratics to the test, others the bounds by absolute values.
        let threshold = value(direction { 0 }) * [0, 0.5, 0.99, 1, 1.01, 1.1].randomElement(using: &random)!
        let key = bound(search, objective, center, depths, face: face, side: side, threshold: threshold)
        tested += 1
        if key <= threshold { decided += 1 }
        for point in 0..<16 {
          let u = direction {
            point % 2 == 0 ? 2 * random.nextUniform() - 1 : Bool.random(using: &random) ? 1 : -1
          }
          if !(value(u) <= key + slack) {
            Issue.record("rank \(rank), \(design.rows) rows, depths \(depths): \(value(u)) above \(key)")
          }
        }
      }
    }
    #expect(tested > 400 && decided > 20)
  }

  /// An image at the centre whose square vanishes has no direction: this one would be of length 0.7.
  @Test func imagesThatNearlyVanishAreNoDirections() throws {
    let design = Matrix([[1.6e-162, 1], [-1.6e-162, -1]])
    let weights = [1.0, 1, -1, -1]
    let objective = try #require(VectorObjective(Hyperplanes(design), weights, outputs: 2))
    let search = BoxSearch(VectorRelaxation(rank: 2, outputs: 2))
    for depth in 0...12 {
      let half = Double(sign: .plus, exponent: -depth, significand: 1)
      let key = bound(
        search, objective, [0], [UInt8(depth)], face: 0, side: 0, threshold: 0.5 * half)
      let value = norm(naiveImage(design, weights, outputs: 2, [1, half])) / norm([1, half])
      #expect(key >= value * (1 - 1e-12))
    }
  }
}
