import BidualIO
import BidualLinear
import Foundation
import Testing

@testable import BidualPolars

/// Bounds of single boxes beside points of them.
@Suite struct BoxSoundnessTests {
  /// A box's proven bound for both mirror images, in the objective's units, for a threshold.
  private func bounds(
    _ search: BoxSearch<MomentRelaxation>, _ objective: MomentObjective, _ center: [Double],
    _ depths: [UInt8], face: Int,
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

  /// Draws boxes of one problem and points of each, half of them corners; gives the number of boxes and the points above their box's bound.
  private func study(
    _ design: Matrix, _ weights: [Double], boxes: Int, points: Int, _ random: inout SeededGenerator
  ) -> (tested: Int, above: [String]) {
    let rank = design.columns
    guard let objective = MomentObjective(Hyperplanes(design), weights), objective.size > 0 else {
      return (0, [])
    }
    let search = BoxSearch(MomentRelaxation(rank: rank))
    let slack = 1e-13 * objective.size * Double(rank * (design.rows + 100))
    var above: [String] = []
    for _ in 0..<boxes {
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
      let keys = bounds(search, objective, center, depths, face: face, side: side, threshold: threshold)
      for point in 0..<points {
        var u = [Double](repeating: 1, count: rank)
        for j in center.indices {
          let step = point % 2 == 0 ? 2 * random.nextUniform() - 1 : Bool.random(using: &random) ? 1 : -1
          u[j < face ? j : j + 1] = center[j] + half[j] * step
        }
        for (mirror, phi) in [1.0, -1].enumerated() {
          let direction = u.map { phi * $0 }
          let value =
            (side == 0 ? 1 : -1)
            * MomentObjective.scaled(naiveValue(design, weights, direction), by: -objective.exponent)
            / norm(direction)
          if !(value <= keys[mirror] + slack) {
            above.append(
              "rank \(rank), \(design.rows) rows, depths \(depths): \(value) above \(keys[mirror])")
          }
        }
      }
    }
    return (boxes, above)
  }

  @Test(arguments: DesignKind.allCases) func noPointStandsAboveItsBox(kind: DesignKind) {
    var random = SeededGenerator(seed: 81)
    var tested = 0
    for trial in 0..<75 {
      let (design, weights) = kind.instance(
        rows: Int.random(in: 1...60, using: &random), rank: 1 + trial % 5, &random)
      let found = study(design, weights, boxes: 20, points: 16, &random)
      tested += found.tested
      #expect(found.above.isEmpty, "\(kind)")
    }
    #expect(tested > 1200)
  }

  /// The same at length, 100 points a box: BIDUAL_BOXES names NumPy arrays n×(r + 1), rows in their span and a weight each,
  /// separated by colons; half of the 10⁵ boxes are theirs, the others those of random problems up to rank 14.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["BIDUAL_BOXES"] != nil))
  func noPointStandsAboveItsBoxInTheLongStudy() throws {
    let paths = try #require(ProcessInfo.processInfo.environment["BIDUAL_BOXES"]).split(separator: ":")
    var random = SeededGenerator(seed: 82)
    var tested = 0
    let kinds = DesignKind.allCases
    for trial in 0..<2520 {
      let (design, weights) = kinds[trial % kinds.count].instance(
        rows: Int.random(in: 1...100, using: &random), rank: 1 + trial % 14, &random)
      let found = study(design, weights, boxes: 20, points: 100, &random)
      tested += found.tested
      #expect(found.above.isEmpty)
    }
    for path in paths {
      let array = try NPYReader.array(path: String(path))
      let table = Matrix(rows: array.shape[0], columns: array.shape[1], elements: array.elements)
      let rank = table.columns - 1
      let design = Matrix((0..<table.rows).map { i in (0..<rank).map { table[i, $0] } })
      let found = study(
        design, (0..<table.rows).map { table[$0, rank] }, boxes: 50_000 / paths.count, points: 100, &random)
      tested += found.tested
      #expect(found.above.isEmpty, "\(path)")
    }
    print("\(tested) boxes, 100 points each")
    #expect(tested >= 100_000)
  }
}
