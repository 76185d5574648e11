import BidualLinear

/// The distinct hyperplanes {u : xᵀu = 0} of a design's rows: rows that are multiples of one another,
/// of either sign, are one hyperplane.
///
/// A row c·x, c > 0, acts on the polar as |c| times the row x. A row −c·x does so too, up to a linear
/// term: (−t)₊ = (t)₊ − t. Merging lets opposite dual weights on one hyperplane cancel before they
/// are bounded, which matters for repeated samples with different targets.
package struct Hyperplanes: Sendable {
  /// One row of the design a hyperplane, m×r.
  package let rows: Matrix
  /// For each row x of the design the hyperplane it belongs to; −1 for a zero row.
  package let owner: [Int]
  /// For each row x of the design the factor c with x ≈ c·(its hyperplane's row).
  package let factor: [Double]
  /// An upper bound of ‖x − c·row‖ for each row of the design, zero for a row that stands for itself.
  let deviation: [Double]
  /// An upper bound of ‖x‖ for each row of the design.
  let norms: [Double]
  /// The hyperplanes' rows at length 1.
  package let unitRows: Matrix
  /// The heights of the rows over a fixed direction in general position.
  private let genericHeights: [Double]

  /// The number m of hyperplanes.
  package var count: Int { rows.rows }

  /// Sorts out which rows of `design`, n×r, share a hyperplane.
  ///
  /// - Complexity: O(nr).
  package init(_ design: Matrix) {
    Census.note(.merge)
    let n = design.rows
    let r = design.columns
    var owner = [Int](repeating: -1, count: n)
    var factor = [Double](repeating: 0, count: n)
    var deviation = [Double](repeating: 0, count: n)
    var norms = [Double](repeating: 0, count: n)
    var kept: [Int] = []
    var known: [[Int64]: Int] = [:]
    let bounds = DesignBounds(columns: r)
    for i in 0..<n {
      let x = Array(design.row(i))
      let length = norm(x)
      norms[i] = bounds.length(x[...])
      guard length > 0x1p-400, let lead = x.max(by: { abs($0) < abs($1) }) else {
        deviation[i] = norms[i]
        continue
      }
      let side: Double = lead < 0 ? -1 : 1
      // Rows that agree to 1e-9 after normalisation share a key; the deviation is bounded exactly below.
      let key = x.map { Int64(($0 / length * side * 0x1p30).rounded()) }
      if let merged = known[key] {
        let y = design.row(kept[merged])
        let c = dot(x, y) / dot(y, y)
        let distance = norm(zip(x, y).map { $0 - c * $1 })
        if c != 0, distance <= 1e-12 * length {
          owner[i] = merged
          factor[i] = c
          deviation[i] = bounds.distance(distance, length: length)
          continue
        }
      }
      known[key] = kept.count
      owner[i] = kept.count
      factor[i] = 1
      kept.append(i)
    }
    self.init(
      rows: design.selectingRows(kept), owner: owner, factor: factor, deviation: deviation, norms: norms)
  }

  private init(rows: Matrix, owner: [Int], factor: [Double], deviation: [Double], norms: [Double]) {
    self.rows = rows
    unitRows = rows.unitRows
    let generic: [Double] = (0..<rows.columns).map { k in
      let root = Double(k + 2).squareRoot()
      return 1 / root + 0.37 * Double(k % 3)
    }
    genericHeights = unitRows.times(generic)
    self.owner = owner
    self.factor = factor
    self.deviation = deviation
    self.norms = norms
  }

  /// The same hyperplanes for the design's rows in other coordinates, n×s; what merging hides there is worked out anew.
  ///
  /// - Complexity: O(ns).
  func inCoordinates(_ design: Matrix) -> Hyperplanes {
    var kept = [Int](repeating: 0, count: count)
    for (i, h) in owner.enumerated().reversed() where h >= 0 { kept[h] = i }
    let bounds = DesignBounds(columns: design.columns)
    var norms = factor
    var deviation = factor
    for i in owner.indices {
      let x = design.row(i)
      norms[i] = bounds.length(x)
      guard owner[i] >= 0 else {
        deviation[i] = norms[i]
        continue
      }
      let c = factor[i]
      let distance = norm(zip(x, design.row(kept[owner[i]])).map { $0 - c * $1 })
      deviation[i] = kept[owner[i]] == i ? 0 : bounds.distance(distance, length: norms[i])
    }
    return Hyperplanes(
      rows: design.selectingRows(kept), owner: owner, factor: factor, deviation: deviation, norms: norms)
  }

  /// Whether each row of the design is active (xᵢᵀu > 0) where the hyperplanes' rows have these sides (±1).
  package func activity(_ sides: [Int8]) -> [Bool] {
    zip(owner, factor).map { owner, factor in
      owner >= 0 && (factor > 0) == (sides[owner] > 0)
    }
  }

  /// The side (±1) of each hyperplane in an open chamber whose closure holds u.
  ///
  /// Hyperplanes through u (to 10⁻⁹) are decided by the direction `course`, and those that hold that
  /// too by a fixed generic direction: the chamber is the one that u + ε·course + ε²·generic enters.
  /// Rounding at u never makes up a sign vector that no point has.
  package func sides(at direction: [Double], toward course: [Double]? = nil) -> [Int8] {
    let heights = unitRows.times(direction)
    let length = norm(direction)
    let courses = course.map(unitRows.times)
    let courseLength = course.map { norm($0) } ?? 0
    return heights.indices.map { h in
      if abs(heights[h]) > 1e-9 * length { return heights[h] > 0 ? 1 : -1 }
      if let height = courses?[h], abs(height) > 1e-9 * courseLength { return height > 0 ? 1 : -1 }
      return genericHeights[h] > 0 ? 1 : -1
    }
  }

  /// The weights w and the linear term g with Σᵢ Vᵢ(xᵢᵀu)₊·sign = Σ_h w_h(x_hᵀu)₊ + gᵀu.
  package func merge(_ weights: [Double], sign: Double) -> (weights: [Double], linear: [Double]) {
    var merged = [Double](repeating: 0, count: rows.rows)
    var linear = [Double](repeating: 0, count: rows.columns)
    for i in owner.indices where owner[i] >= 0 {
      let weight = sign * weights[i] * abs(factor[i])
      merged[owner[i]] += weight
      if factor[i] < 0 {
        for (k, x) in rows.row(owner[i]).enumerated() { linear[k] -= weight * x }
      }
    }
    return (merged, linear)
  }
}

/// Upper bounds of lengths and distances of rows, from what floating point finds.
private struct DesignBounds {
  /// Rounding of a norm or a difference of so many terms, with room to spare.
  private let slack: Double
  /// Squares below the smallest double vanish; rows so short that theirs do are charged for.
  private let tiny: Double

  init(columns: Int) {
    slack = 1 + Double(columns + 8) * 0x1p-51
    tiny = Double(columns) * 0x1p-500
  }

  /// A bound of a row's length; 0 only for a row of zeros.
  func length(_ row: ArraySlice<Double>) -> Double {
    row.contains { $0 != 0 } ? norm(row) * slack + tiny : 0
  }

  /// A bound of the distance of two rows, one of the given length.
  func distance(_ computed: Double, length: Double) -> Double { computed * slack + length * 0x1p-50 + tiny }
}
