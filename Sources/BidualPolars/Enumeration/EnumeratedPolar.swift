import BidualArrangements
import BidualLinear

/// The polar κ(V) by a walk through all chambers, for data with few of them.
///
/// The gradient XᵀDV changes by one hyperplane a step, O(r); a chamber matters only if the gradient is
/// longer than the best value so far, and then its value is the length of the projection onto the
/// chamber. The list of chambers rests on a tolerance (`Arrangement`), so this cross-checks the proof by
/// branch and bound and does not replace it.
package struct EnumeratedPolar: Sendable {
  private let hyperplanes: Hyperplanes
  private let tree: ChamberTree

  /// An oracle for the rows of `design`, n×r.
  ///
  /// - Throws: `ArrangementError`, among others if there are more than `limit` chambers.
  package init(_ design: Matrix, limit: Int = 10_000_000) throws(ArrangementError) {
    hyperplanes = Hyperplanes(design)
    tree = try Arrangement(hyperplanes.rows).chambers(limit: limit)
  }

  /// κ(V) with its maximiser; `upper` is what floating point found, without a margin for rounding.
  ///
  /// - Complexity: O(chambers·r), and one projection for each chamber that may hold the maximum.
  package func bound(_ weights: [Double]) -> PolarBound {
    let projection = ConeProjection(unitRows: hyperplanes.unitRows)
    let origin = [Double](repeating: 0, count: hyperplanes.rows.columns)
    var best = PolarMaximizer(direction: origin, sign: 1, value: 0)
    tree.gradients(of: weights, outputs: 1, over: hyperplanes) { gradient, sides in
      guard norm(gradient.elements) > best.value else { return }
      for sign in [1.0, -1.0] {
        let projected = projection.project(gradient.elements.map { sign * $0 }, signs: sides)
        if projected.value > best.value {
          best = PolarMaximizer(direction: projected.point.normalized, sign: sign, value: projected.value)
        }
      }
    }
    return PolarBound(upper: best.value, maximizers: [best], isComplete: true, nodes: tree.count)
  }
}
