import BidualLinear

/// A change of coordinates u = Tw, w ∈ R^r, that makes the rows of XT well spread and of full column rank.
///
/// Chambers do not depend on the basis of R^d, but distances between hyperplanes do: a column of years beside
/// a column of ones puts all hyperplanes within 10⁻³ of each other. So the columns are scaled by powers of two
/// (exact), the rows to unit length, and a column-pivoted Gram–Schmidt process, run twice for stability, gives
/// T (d×r) with YT orthonormal, Y the scaled data. Columns without a pivot get zero rows in T. T is an exact
/// map as it stands, so the only rounding that matters is that of the products x_iᵀT. O(n d r).
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
    let count = scaled.columns
    var residuals = (0..<count).map { scaled.column($0) }
    var coefficients = (0..<count).map { j in (0..<count).map { $0 == j ? 1.0 : 0.0 } }
    let lengths = residuals.map { dot($0, $0).squareRoot() }
    var remaining = (0..<count).filter { lengths[$0] > 0 }
    var chosen: [Int] = []
    while chosen.count < scaled.rows, !remaining.isEmpty {
      var best = remaining[0]
      var bestRatio = 0.0
      for j in remaining {
        let ratio = dot(residuals[j], residuals[j]).squareRoot() / lengths[j]
        if ratio > bestRatio {
          best = j
          bestRatio = ratio
        }
      }
      guard bestRatio > rankTolerance else { break }
      // What is left of a nearly dependent column is not orthogonal enough after one pass.
      for k in chosen { subtractProjection(on: k, from: best, &residuals, &coefficients) }
      let length = dot(residuals[best], residuals[best]).squareRoot()
      for i in 0..<scaled.rows { residuals[best][i] /= length }
      for j in 0..<count { coefficients[best][j] /= length }
      chosen.append(best)
      remaining.removeAll { $0 == best }
      for j in remaining { subtractProjection(on: best, from: j, &residuals, &coefficients) }
    }
    return chosen.map { coefficients[$0] }
  }

  private static func subtractProjection(
    on k: Int, from j: Int, _ residuals: inout [[Double]], _ coefficients: inout [[Double]]
  ) {
    let share = dot(residuals[k], residuals[j])
    for i in residuals[j].indices { residuals[j][i] -= share * residuals[k][i] }
    for i in coefficients[j].indices { coefficients[j][i] -= share * coefficients[k][i] }
  }

  private static func dot(_ left: [Double], _ right: [Double]) -> Double {
    var sum = 0.0
    for i in left.indices { sum += left[i] * right[i] }
    return sum
  }
}
