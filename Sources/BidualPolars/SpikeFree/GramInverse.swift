import BidualLinear

/// A rigorous enclosure of G = (YYᵀ)⁻¹ for rows Y, m×d, of length about 1: |Gᵢⱼ − Mᵢⱼ| ≤ η for all i, j.
///
/// With R = I − M·YYᵀ and ρ ≥ ‖R‖_∞, ρ < 1, the rows are linearly independent and
/// G − M = (I − R)⁻¹RM, so |Gᵢⱼ − Mᵢⱼ| ≤ ρ/(1 − ρ)·max|M|. The rounding of both products is in ρ
/// (Guides/certificate.md); the quality of M costs tightness, never validity.
struct GramInverse {
  /// YYᵀ as computed, m×m.
  let gram: Matrix
  /// M, m×m and symmetric.
  let inverse: Matrix
  /// η.
  let error: Double
  /// σ, the rows' lengths as computed; any positive numbers will do.
  let lengths: [Double]
  /// λ, an upper bound of the largest eigenvalue of S⁻¹YYᵀS⁻¹, S = diag(σ).
  let largestEigenvalue: Double

  /// The enclosure for `rows`; nil if they are linearly dependent, or nearly so.
  ///
  /// - Complexity: O(m²d + m³), as a few matrix products.
  init?(of rows: Matrix) {
    let m = rows.rows
    let unit = 0x1p-53
    guard m > 0, m <= rows.columns else { return nil }
    let gram = rows.timesTransposed(rows)
    var factor = gram
    guard BLAS.choleskyFactor(n: m, &factor.elements),
      BLAS.choleskyInverse(n: m, &factor.elements)
    else { return nil }
    for i in 0..<m {
      for j in 0..<i { factor[j, i] = factor[i, j] }
    }
    let inverse = factor
    let product = inverse.times(gram)
    // For weights p ≥ 0 a bound of the rows' sums Σⱼ|YYᵀ − gram|ᵢⱼpⱼ, with a factor 2 to spare.
    let magnitudes = rows.absolute
    let sizes = gram.absolute
    func gramErrors(_ p: [Double]) -> [Double] {
      magnitudes.times(magnitudes.transposedTimes(p)).map { 2 * Double(rows.columns + 2) * unit * $0 }
    }
    let ones = [Double](repeating: 1, count: m)
    let charged = zip(gramErrors(ones), sizes.times(ones)).map { $0 + 2 * Double(m + 2) * unit * $1 }
    let hidden = inverse.absolute.times(charged)
    var residual = 0.0
    for i in 0..<m {
      var sum = hidden[i]
      for j in 0..<m { sum += abs(product[i, j] - (i == j ? 1 : 0)) }
      residual = max(residual, sum)
      // A sum that is not a number proves nothing.
      guard sum < 0.5 else { return nil }
    }
    let rounding = 1 + 8 * Double(m + 4) * unit
    residual *= rounding
    self.gram = gram
    self.inverse = inverse
    error = residual / (1 - residual) * inverse.elements.reduce(0) { max($0, abs($1)) } * rounding
    lengths = rows.rowNorms
    let reciprocals = lengths.map { 1 / $0 }
    largestEigenvalue =
      zip(zip(sizes.times(reciprocals), gramErrors(reciprocals)), reciprocals)
      .reduce(0) { max($0, ($1.0.0 + $1.0.1) * $1.1) } * rounding
  }

  /// The largest row sum of E, the positive off-diagonal entries of SGS rounded up: a bound of ‖E‖.
  private var positivePart: Double {
    var largest = 0.0
    for i in 0..<inverse.rows {
      var sum = 0.0
      for (j, entry) in inverse.row(i).enumerated() where j != i { sum += max(0, entry + error) * lengths[j] }
      largest = max(largest, sum * lengths[i])
    }
    return largest * (1 + 8 * Double(inverse.rows + 4) * 0x1p-53)
  }

  /// A bound c with {(Yu)₊ : ‖u‖ ≤ 1} ⊆ {Yu : ‖u‖ ≤ c, Yu ≥ 0}: 1 if no off-diagonal entry of G is
  /// positive, infinite if the argument gives none.
  ///
  /// Rows may be scaled by any S⁻¹, so let S = I; E holds the positive off-diagonal entries of G. For
  /// t = Yu = t₊ − t₋
  ///
  ///     t₊ᵀGt₊ = tᵀGt − t₋ᵀGt₋ + 2t₊ᵀGt₋ ≤ tᵀGt − ‖t₋‖²/λ + 2‖E‖‖t₊‖‖t₋‖ ≤ tᵀGt + λ‖E‖²‖t₊‖²
  ///
  /// and ‖t₊‖² ≤ λ·t₊ᵀGt₊. So u′ = YᵀGt₊, for which Yu′ = t₊, has ‖u′‖² = t₊ᵀGt₊ ≤ 1/(1 − δ) with
  /// δ = (λ‖E‖)².
  ///
  /// - Complexity: O(m²).
  var stretch: Double {
    let ratio = largestEigenvalue * positivePart
    guard ratio > 0 else { return 1 }
    let excess = ratio * ratio * (1 + 0x1p-40)
    guard excess < 0.75 else { return .infinity }
    return (1 / (1 - excess)).squareRoot() * (1 + 0x1p-50)
  }
}

extension Matrix {
  /// The absolute values of the entries.
  fileprivate var absolute: Matrix { Matrix(rows: rows, columns: columns, elements: elements.map(abs)) }
}
