import BidualLinear

/// The rows of a design along their principal axes.
struct PrincipalRows: Sendable {
  /// The rows in these coordinates, n×r.
  let rows: Matrix
  /// The mean square of each coordinate, at least 10⁻¹⁰ of the largest.
  let squares: [Double]
  /// The axes, one a row.
  private let axes: Matrix

  /// The axes of a design.
  ///
  /// - Complexity: O(nr² + r³).
  init(_ design: Matrix) {
    let r = design.columns
    axes = SingularValues(of: design.transposedTimes(design))?.rightTransposed ?? .identity(r)
    let rows = design.timesTransposed(axes)
    var squares = [Double](repeating: 0, count: r)
    for i in 0..<rows.rows { for k in 0..<r { squares[k] += rows[i, k] * rows[i, k] } }
    let least = max(1e-10 * (squares.max() ?? 0), .leastNormalMagnitude)
    self.rows = rows
    self.squares = squares.map { max($0, least) / Double(max(1, rows.rows)) }
  }

  /// The root mean square of a vector's products with the rows, never 0, for a vector along the axes.
  func deviation(of vector: some Sequence<Double>) -> Double {
    let square = zip(vector, squares).reduce(0) { $0 + $1.0 * $1.0 * $1.1 }
    return max(square.squareRoot(), .leastNormalMagnitude)
  }

  /// Vectors, one a row, along the axes.
  func along(_ vectors: Matrix) -> Matrix { vectors.timesTransposed(axes) }

  /// Vectors along the axes in the coordinates of the design.
  func lifted(_ vectors: Matrix) -> Matrix { vectors.times(axes) }
}
