import BidualLinear

/// A change of coordinates u = Tw, w ∈ R^r, that makes the rows of XT well spread and of full column rank.
///
/// Chambers do not depend on the basis of R^d, but distances between hyperplanes do: a column of years beside
/// a column of ones puts all hyperplanes within 10⁻³ of each other. So the columns are scaled by powers of two
/// (exact), the rows to unit length, and a factorisation with column pivots gives T (d×r) with YT orthonormal, Y the
/// scaled data. Columns without a pivot get zero rows in T. T is an exact map as it stands, so the only rounding that
/// matters is that of the products x_iᵀT. O(n d min(n, d)).
struct CoordinateReduction {
  /// The rank r.
  let rank: Int
  /// T, d×r.
  let map: Matrix
  /// Row i is x_iᵀT scaled to unit length, or zero for a zero row; n×r.
  let normals: Matrix
  /// A bound on the error in any entry of `normals` from one rounding error in each entry of X.
  let noise: Double

  /// - Parameter rankTolerance: a column counts as dependent when what the chosen ones leave of it is at most
  ///   this fraction of its length.
  init(_ data: Matrix, rankTolerance: Double) {
    let scales = (0..<data.columns).map { column in Self.columnScale(data, column) }
    let scaled = Self.scaledRows(data, scales)
    let basis = Self.orthonormalizer(scaled, rankTolerance: rankTolerance)
    let rank = basis.count
    var map = Matrix(rows: data.columns, columns: rank)
    for (k, coefficients) in basis.enumerated() {
      for j in 0..<data.columns { map[j, k] = coefficients[j] * scales[j] }
    }

    var normals = Matrix(rows: data.rows, columns: rank)
    var noise = 0.0
    for i in 0..<data.rows {
      var squares = 0.0
      var errors = 0.0
      for k in 0..<rank {
        var sum = 0.0
        var magnitude = 0.0
        for j in 0..<data.columns {
          let term = scaled[i, j] * basis[k][j]
          sum += term
          magnitude += abs(term)
        }
        normals[i, k] = sum
        squares += sum * sum
        errors += magnitude * magnitude
      }
      let length = squares.squareRoot()
      let error = 4 * Double.ulpOfOne * errors.squareRoot()
      let isZero = length <= 4 * error
      for k in 0..<rank { normals[i, k] = isZero ? 0 : normals[i, k] / length }
      if !isZero { noise = max(noise, error / length) }
    }
    self.rank = rank
    self.map = map
    self.normals = normals
    self.noise = noise
  }

  /// The power of two that brings the largest entry of a column into [1, 2); 0 for a zero column.
  private static func columnScale(_ data: Matrix, _ column: Int) -> Double {
    var largest = 0.0
    for i in 0..<data.rows { largest = max(largest, abs(data[i, column])) }
    // Subnormal columns are as good as zero: their scale would overflow.
    return largest < Double.leastNormalMagnitude ? 0 : 1 / largest.binade
  }

  private static func scaledRows(_ data: Matrix, _ scales: [Double]) -> Matrix {
    var scaled = Matrix(rows: data.rows, columns: data.columns)
    for i in 0..<data.rows {
      var squares = 0.0
      var largest = 0.0
      for j in 0..<data.columns { largest = max(largest, abs(data[i, j] * scales[j])) }
      guard largest > 0 else { continue }
      for j in 0..<data.columns {
        let value = data[i, j] * scales[j] / largest
        scaled[i, j] = value
        squares += value * value
      }
      let length = squares.squareRoot()
      for j in 0..<data.columns { scaled[i, j] /= length }
    }
    return scaled
  }

  /// Coefficient vectors t_1…t_r with Y·[t_1 … t_r] orthonormal.
  private static func orthonormalizer(_ scaled: Matrix, rankTolerance: Double) -> [[Double]] {
    // In columns of length 1 a pivot is a share of its column's length.
    let lengths = (0..<scaled.columns).map { norm(scaled.column($0)) }
    var unit = scaled
    for i in 0..<unit.rows {
      for j in 0..<unit.columns where lengths[j] > 0 { unit[i, j] /= lengths[j] }
    }
    let factor = PivotedFactor(of: unit)
    let rank = (0..<factor.lower.columns).prefix { abs(factor.lower[$0, $0]) > rankTolerance }.count
    let chosen = factor.lower.selectingRows(0..<rank).selectingColumns(Array(0..<rank))
    // Y = QLᵀ on the chosen columns, so that their coefficients are the columns of L⁻ᵀ.
    var inverse = Matrix.identity(rank)
    BLAS.triangularSolve(
      transpose: true, n: rank, factor: chosen.elements, columns: rank, x: &inverse.elements)
    return (0..<rank).map { k in
      var coefficients = [Double](repeating: 0, count: scaled.columns)
      for (i, j) in factor.columns.prefix(k + 1).enumerated() { coefficients[j] = inverse[i, k] / lengths[j] }
      return coefficients
    }
  }
}
