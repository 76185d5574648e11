import BidualArrangements
import BidualLinear
import BidualPolars

/// The products SDⱼX of patterns with the rows of a design, pooled: numbers for samples, not for all their rows.
///
/// Where samples have many rows, all of them together take less than the design, and products with them are quicker than masked ones by as
/// much as a sample has rows.
struct PooledPatterns {
  /// The largest number of entries.
  static let largestSize = 1 << 24

  private let features: Int
  /// [SD₁X, …, SD_PX], n×Pr.
  let sums: Matrix

  /// The products of given patterns; nil for samples of one row each, and for more entries than are worth their memory.
  ///
  /// - Complexity: O(nKPr) for K rows a sample.
  init?(_ design: Matrix, pooling: RowPooling, patterns: PatternSet) {
    self.init(design, pooling: pooling, count: patterns.count) { patterns.isActive(pattern: $0, sample: $1) }
  }

  /// The products of the patterns that heights of rows have, those of a neuron in a row.
  init?(_ design: Matrix, pooling: RowPooling, heights: Matrix) {
    self.init(design, pooling: pooling, count: heights.rows) {
      heights.elements[$0 * heights.columns + $1] > 0
    }
  }

  private init?(
    _ design: Matrix, pooling: RowPooling, count: Int, isActive: (_ pattern: Int, _ row: Int) -> Bool
  ) {
    let (k, r) = (pooling.rows, design.columns)
    let samples = design.rows / k
    guard k > 1, samples * count * r <= Self.largestSize else { return nil }
    features = r
    var sums = Matrix(rows: samples, columns: count * r)
    var masks = [Double](repeating: 0, count: count * k)
    let share = pooling.averages ? 1 / Double(k) : 1
    for i in 0..<samples {
      for p in 0..<count {
        for row in 0..<k { masks[p * k + row] = isActive(p, i * k + row) ? share : 0 }
      }
      design.elements.withUnsafeBufferPointer { rows in
        sums.elements.withUnsafeMutableBufferPointer { sums in
          guard let rows = rows.baseAddress, let sums = sums.baseAddress else { return }
          BLAS.gemm(m: count, n: r, k: k, a: masks, b: rows + i * k * r, c: sums + i * count * r)
        }
      }
    }
    self.sums = sums
  }

  /// XᵀDⱼSᵀV of all patterns, one after another.
  func adjoint(_ dualPoint: [Double]) -> [Double] { sums.transposedTimes(dualPoint) }

  /// Σ SDⱼXvⱼ for vectors of some patterns.
  func forward(_ vectors: [(pattern: Int, vector: [Double])]) -> [Double] {
    var fitted = [Double](repeating: 0, count: sums.rows)
    sums.elements.withUnsafeBufferPointer { sums in
      guard let sums = sums.baseAddress else { return }
      for i in fitted.indices {
        for (pattern, vector) in vectors {
          fitted[i] += BLAS.dot(features, sums + i * self.sums.columns + pattern * features, vector)
        }
      }
    }
    return fitted
  }

  /// SDⱼX of a pattern, n×r.
  func rows(of pattern: Int) -> Matrix {
    var rows: [Double] = []
    rows.reserveCapacity(sums.rows * features)
    for i in 0..<sums.rows { rows += sums.row(i).dropFirst(pattern * features).prefix(features) }
    return Matrix(rows: sums.rows, columns: features, elements: rows)
  }
}
