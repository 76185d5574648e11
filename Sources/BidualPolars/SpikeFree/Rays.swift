import BidualLinear

/// The distinct rays of a design's rows: zero rows left out, positive multiples counted once, lengths
/// brought near 1.
///
/// Neither step changes whether a design is spike-free: (c·xᵀu)₊ = c·(xᵀu)₊ for c > 0.
struct Rays {
  /// Which rows share a ray, and what merging them costs.
  let hyperplanes: Hyperplanes
  /// One row a ray, m×d: the design's row divided by its scale, of length in [½, 2).
  let rows: Matrix
  /// Powers of two, so that the division is exact.
  let scales: [Double]
  /// Two rows of the design that are negative multiples of one another, if there are any: they lie on
  /// one hyperplane, but on different rays.
  let opposed: (Int, Int)?

  /// The number m of rays, if no rows are opposed.
  var count: Int { rows.rows }

  /// The rays of the rows of `design`, n×d.
  ///
  /// - Complexity: O(nd).
  init(of design: Matrix) { self.init(Hyperplanes(design)) }

  /// The rays on the given hyperplanes.
  ///
  /// - Complexity: O(nd).
  init(_ hyperplanes: Hyperplanes) {
    scales = hyperplanes.rows.rowNorms.map { Double(sign: .plus, exponent: $0.exponent, significand: 1) }
    var scaled = hyperplanes.rows
    for h in 0..<scaled.rows {
      for k in 0..<scaled.columns { scaled[h, k] /= scales[h] }
    }
    rows = scaled
    let reversed = hyperplanes.factor.firstIndex { $0 < 0 }
    opposed = reversed.map { row in
      (hyperplanes.owner.firstIndex(of: hyperplanes.owner[row]) ?? row, row)
    }
    self.hyperplanes = hyperplanes
  }
}
