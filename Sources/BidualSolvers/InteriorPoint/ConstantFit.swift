import BidualLinear
import BidualModels

extension TrainingProblem {
  /// The offset b that minimises Σᵢ ωᵢℓ(b, yᵢ), by bisection of its slope; 0 for networks without an offset.
  ///
  /// - Complexity: O(n).
  var constantFit: Double {
    guard hasOffset else { return 0 }
    func slope(_ b: Double) -> Double {
      targets.indices.reduce(0) { $0 + weights[$1] * loss.derivative(b, target: targets[$1]) }
    }
    var low = -1.0
    var high = 1.0
    // A slope that never turns, such as that of one class alone, leaves the offset where the loss is flat.
    for _ in 0..<400 where slope(low) > 0 { low *= 2 }
    for _ in 0..<400 where slope(high) < 0 { high *= 2 }
    guard low.isFinite, high.isFinite else { return 0 }
    for _ in 0..<200 {
      let middle = 0.5 * (low + high)
      guard middle > low, middle < high else { break }
      if slope(middle) < 0 { low = middle } else { high = middle }
    }
    return high
  }

  /// The dual point of the best network without neurons. Its entries at a kink of the loss are those that
  /// an offset needs.
  var constantDualPoint: [Double] {
    guard hasOffset else { return dualPoint(Array(repeating: 0, count: targets.count)) }
    let nothing = ConicProgram(
      problem: self, rank: 0, blocks: 0, columns: Matrix(rows: 0, columns: targets.count), facets: [],
      facetStart: [0])
    return InteriorPoint().solve(nothing).dualPoint
  }
}
