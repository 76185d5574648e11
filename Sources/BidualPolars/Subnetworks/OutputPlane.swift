import BidualLinear

/// Dual weights with c outputs, V ∈ Rⁿˣᶜ, as V = U Wᵀ + R: W holds at most two orthonormal vectors of outputs, U = VW, and R is
/// the rest.
///
/// W spans the longest row of V and the longest of what is then left. So R vanishes for two outputs, and for three where rows
/// of V add up to zero, as those of the softmax loss do.
struct OutputPlane {
  /// U, row after row.
  let coordinates: [Double]
  /// The number of columns of U, from 0 to 2.
  let axes: Int
  /// R, row after row; zeros where W is the identity.
  let rest: [Double]

  /// The plane of dual weights, `outputs` a row.
  ///
  /// - Complexity: O(nc).
  init(_ weights: [Double], outputs: Int) {
    guard outputs > 2 else {
      (coordinates, axes, rest) = (weights, outputs, weights.map { _ in 0 })
      return
    }
    let rows = Matrix(rows: weights.count / outputs, columns: outputs, elements: weights)
    var frame: [[Double]] = []
    var rest = rows
    while frame.count < 2, let longest = (0..<rest.rows).max(by: { norm(rest.row($0)) < norm(rest.row($1)) })
    {
      var axis = Array(rest.row(longest)).normalized
      for _ in 0..<2 {
        for other in frame {
          let share = dot(axis, other)
          axis = zip(axis, other).map { $0 - share * $1 }.normalized
        }
      }
      // Where nothing but rounding is left an axis may be none.
      guard abs(norm(axis) - 1) < 0x1p-48, frame.allSatisfy({ abs(dot(axis, $0)) < 0x1p-48 }) else { break }
      frame.append(axis)
      rest = Self.rest(rows, frame)
    }
    axes = frame.count
    coordinates = frame.isEmpty ? [] : rows.timesTransposed(Matrix(frame)).elements
    self.rest = rest.elements
  }

  private static func rest(_ rows: Matrix, _ frame: [[Double]]) -> Matrix {
    let frame = Matrix(frame)
    let inside = rows.timesTransposed(frame).times(frame)
    return Matrix(
      rows: rows.rows, columns: rows.columns, elements: zip(rows.elements, inside.elements).map { $0 - $1 })
  }

  /// U g.
  func along(_ direction: [Double]) -> [Double] {
    guard axes > 0 else { return [] }
    return (0..<(coordinates.count / axes)).map { i in
      (0..<axes).reduce(0) { $0 + coordinates[i * axes + $1] * direction[$1] }
    }
  }
}
