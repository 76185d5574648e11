import BidualArrangements
import BidualLinear

/// The polar κ(V) = max ‖Vᵀ(Xu)₊‖ over ‖u‖ = 1 of networks with several outputs by a walk through all chambers: the exact linear
/// problem of SEPP21's Algorithm 1 (A.4), for data with few of them.
///
/// On a chamber Vᵀ(Xu)₊ = Jᵀu, and what is left is principal component analysis in a cone. The list of chambers
/// rests on a tolerance (`Arrangement`), so this cross-checks the proof by branch and bound and does not replace it.
package struct EnumeratedVectorPolar: Sendable {
  private let hyperplanes: Hyperplanes
  private let tree: ChamberTree
  private let outputs: Int

  /// An oracle for the rows of `design`, n×r, and `outputs` dual weights each.
  ///
  /// - Throws: `ArrangementError`, among others if there are more than `limit` chambers.
  package init(
    _ design: Matrix, outputs: Int, limit: Int = 1_000_000, isCancelled: @escaping () -> Bool = { false }
  ) throws(ArrangementError) {
    hyperplanes = Hyperplanes(design)
    tree = try Arrangement(hyperplanes.rows).chambers(limit: limit, isCancelled: isCancelled)
    self.outputs = outputs
  }

  /// κ(V) with its maximiser; `upper` is what floating point found, without a margin for rounding.
  ///
  /// - Complexity: O(chambers·cr), and for each chamber that may hold the maximum O(mᵏ⁻¹) singular value decompositions
  ///   for m hyperplanes and rank k.
  package func bound(_ weights: [Double]) -> PolarBound {
    var best = PolarMaximizer(
      direction: [Double](repeating: 0, count: hyperplanes.rows.columns), sign: 1, value: 0)
    tree.gradients(of: weights, outputs: outputs, over: hyperplanes) { gradient, sides in
      guard norm(gradient.elements) > best.value else { return }
      ConePrincipalComponent(gradient, hyperplanes.unitRows, sides).improve(&best)
    }
    return PolarBound(upper: best.value, maximizers: [best], isComplete: true, nodes: tree.count)
  }
}

/// The largest ‖Ju‖ over unit vectors u of a cone {u : σᵢsᵢᵀu ≥ 0} without lines.
///
/// A maximum inside a face is one on the face's whole span, where it is the first right singular vector of J. So the spans of all
/// faces are gone through, but for those on which ‖J‖ is no larger than what is known.
private struct ConePrincipalComponent {
  private let map: Matrix
  private let rows: Matrix
  private let sides: [Int8]

  init(_ map: Matrix, _ rows: Matrix, _ sides: [Int8]) {
    self.map = map
    self.rows = rows
    self.sides = sides
  }

  func improve(_ best: inout PolarMaximizer) {
    improve(&best, on: .identity(rows.columns), from: 0)
  }

  /// - Parameters:
  ///   - basis: an orthonormal basis of the span of a face, as rows.
  ///   - first: the first hyperplane by which the face may still be cut.
  private func improve(_ best: inout PolarMaximizer, on basis: Matrix, from first: Int) {
    guard basis.rows > 0, let spectrum = SingularValues(of: map.timesTransposed(basis)),
      let value = spectrum.values.first, value > best.value
    else { return }
    let top = basis.transposedTimes(Array(spectrum.rightTransposed.row(0)))
    let heights = rows.times(top)
    for sign in [1.0, -1.0]
    where heights.indices.allSatisfy({ sign * heights[$0] * Double(sides[$0]) >= -1e-12 }) {
      best = PolarMaximizer(direction: top.map { sign * $0 }, sign: 1, value: value)
      return
    }
    guard basis.rows > 1 else { return }
    for h in first..<max(first, rows.rows) {
      let along = basis.times(Array(rows.row(h)))
      guard norm(along) > 1e-9 else { continue }
      improve(&best, on: Self.complement(along.normalized).times(basis), from: h + 1)
    }
  }

  /// An orthonormal basis of the vectors at right angles to a unit vector, as rows: a reflection's, less its first.
  private static func complement(_ unit: [Double]) -> Matrix {
    let k = unit.count
    var mirror = unit
    mirror[0] += unit[0] < 0 ? -1 : 1
    let square = dot(mirror, mirror)
    var result = Matrix(rows: k - 1, columns: k)
    for a in 1..<k {
      for b in 0..<k { result[a - 1, b] = (a == b ? 1 : 0) - 2 * mirror[a] * mirror[b] / square }
    }
    return result
  }
}
