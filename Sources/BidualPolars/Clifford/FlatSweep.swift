import BidualLinear

/// The objective f(u) = Σ_h w_h(x_hᵀu)₊ + gᵀu at all rays of one 2-dimensional flat.
///
/// A flat meets the hyperplanes that do not contain it in lines; sorted by angle, one sweep over half a turn
/// keeps f as a linear function of the point up to date, one row a line, and knows f at the opposite ray too,
/// since f(u) − f(−u) is linear.
///
/// - Complexity: O(m(r + log m)) a flat, for m hyperplanes in r dimensions.
package final class FlatSweep {
  /// A ray that the sweep passes: point(0)·first + point(1)·second, of Euclidean length 1.
  package struct Ray {
    /// The hyperplane whose line it is half of.
    package var hyperplane: Int
    var point: (Double, Double)
    /// f there.
    var value: Double
    /// f at the opposite ray.
    var opposite: Double
  }

  private struct Line {
    /// Grows with the angle of the line over half a turn, from 0 to 2.
    var angle: Double
    var hyperplane: Int32
  }

  /// Heights of unit rows below it are zero.
  static let tolerance = 1e-11

  private let unitRows: Matrix
  private let weights: [Double]
  private let linear: [Double]
  /// Σ_h w_hx_h + 2g: f(u) − f(−u) is its product with u.
  private let odd: [Double]
  private var heights: [Double]
  private var basis: [Double]
  private var lines: [Line] = []

  /// A sweep for the dual weights V, one for each row that `hyperplanes` was made from.
  init(_ hyperplanes: Hyperplanes, weights: [Double]) {
    let merged = hyperplanes.merge(weights, sign: 1)
    unitRows = hyperplanes.unitRows
    self.weights = zip(merged.weights, hyperplanes.rows.rowNorms).map(*)
    linear = merged.linear
    odd = zip(hyperplanes.rows.transposedTimes(merged.weights), linear).map { $0 + 2 * $1 }
    heights = Array(repeating: 0, count: 2 * hyperplanes.count)
    basis = Array(repeating: 0, count: 2 * hyperplanes.rows.columns)
    lines.reserveCapacity(hyperplanes.count)
  }

  /// f(u).
  package func value(at direction: [Double]) -> Double {
    let rows = unitRows.times(direction)
    return rows.indices.reduce(dot(linear, direction)) { $0 + weights[$1] * max(0, rows[$1]) }
  }

  /// The gradient of f on the side of every hyperplane on which the direction lies.
  package func gradient(at direction: [Double]) -> [Double] {
    let rows = unitRows.times(direction)
    let active = rows.indices.map { rows[$0] > 0 ? weights[$0] : 0 }
    return zip(unitRows.transposedTimes(active), linear).map(+)
  }

  /// Visits the rays of the flat with this orthonormal basis, one of each opposite pair.
  package func run(first: [Double], second: [Double], visit: (Ray) -> Void) {
    let r = first.count
    let m = weights.count
    basis.replaceSubrange(0..<r, with: first)
    basis.replaceSubrange(r..<(2 * r), with: second)
    BLAS.gemm(transposeB: true, m: m, n: 2, k: r, a: unitRows.elements, b: basis, c: &heights)
    lines.removeAll(keepingCapacity: true)
    // f just before angle 0, as a linear function of the point.
    var slope = (dot(linear, first), dot(linear, second))
    let odd = (dot(self.odd, first), dot(self.odd, second))
    heights.withUnsafeBufferPointer { heights in
      weights.withUnsafeBufferPointer { weights in
        for h in 0..<m {
          let a = heights[2 * h]
          let b = heights[2 * h + 1]
          guard abs(a) > Self.tolerance || abs(b) > Self.tolerance else { continue }
          if a > 0 || (a == 0 && b < 0) {
            slope.0 += weights[h] * a
            slope.1 += weights[h] * b
          }
          let (x, y) = Self.direction(a, b)
          lines.append(Line(angle: 1 - x / (abs(x) + y), hyperplane: Int32(h)))
        }
        lines.sort { ($0.angle, $0.hyperplane) < ($1.angle, $1.hyperplane) }
        for line in lines {
          let h = Int(line.hyperplane)
          let a = heights[2 * h]
          let b = heights[2 * h + 1]
          let (x, y) = Self.direction(a, b)
          let length = (x * x + y * y).squareRoot()
          let point = (x / length, y / length)
          let value = slope.0 * point.0 + slope.1 * point.1
          let opposite = value - (odd.0 * point.0 + odd.1 * point.1)
          visit(Ray(hyperplane: h, point: point, value: value, opposite: opposite))
          let entering = a < 0 || (a == 0 && b > 0) ? weights[h] : -weights[h]
          slope.0 += entering * a
          slope.1 += entering * b
        }
      }
    }
  }

  /// The direction in the upper half plane in which a row with heights a, b on the basis is zero.
  @inline(__always)
  private static func direction(_ a: Double, _ b: Double) -> (Double, Double) {
    if a == 0 { return (1, 0) }
    return a < 0 ? (b, -a) : (-b, a)
  }
}
