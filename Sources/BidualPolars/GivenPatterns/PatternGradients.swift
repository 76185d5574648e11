import BidualArrangements
import BidualLinear

/// XᵀDV of given patterns D for dual points V of c outputs: r×c each, and what rounding may hide of them.
struct PatternGradients {
  let design: Matrix
  let patterns: PatternSet
  let outputs: Int

  /// How many patterns make a product of good shape.
  private var batch: Int { max(1, min(64, 512 / outputs)) }

  /// The patterns in batches.
  var batches: [Range<Int>] {
    stride(from: 0, to: patterns.count, by: batch).map { $0..<min($0 + batch, patterns.count) }
  }

  /// XᵀDV of a batch of patterns.
  ///
  /// - Complexity: O(nrc) for each pattern.
  func callAsFunction(_ range: Range<Int>, _ weights: [Double]) -> [Matrix] {
    var masked = Matrix(rows: design.rows, columns: range.count * outputs)
    for i in 0..<design.rows {
      for (place, pattern) in range.enumerated() where patterns.isActive(pattern: pattern, sample: i) {
        for k in 0..<outputs { masked[i, place * outputs + k] = weights[i * outputs + k] }
      }
    }
    let product = design.transposedTimes(masked)
    return range.indices.map { index in
      let first = (index - range.lowerBound) * outputs
      var gradient = Matrix(rows: design.columns, columns: outputs)
      for i in 0..<design.columns {
        for k in 0..<outputs { gradient[i, k] = product[i, first + k] }
      }
      return gradient
    }
  }

  /// What sums of n products may lose to rounding: in the Frobenius norm (n + 2)·u·Σ‖Vᵢ‖‖xᵢ‖, twice over, and what vanishes; lengths are
  /// bounded by sums of absolute values, which do not vanish for smallness.
  func slack(_ weights: [Double]) -> Double {
    var size = 0.0
    for i in 0..<design.rows {
      let length = weights[(i * outputs)..<((i + 1) * outputs)].reduce(0) { $0 + abs($1) }
      size += length * design.row(i).reduce(0) { $0 + abs($1) }
    }
    let terms = Double(design.rows + design.columns + outputs + 8)
    return 0x1p-51 * terms * size + (weights.contains { $0 != 0 } ? 0x1p-500 * terms : 0)
  }
}
