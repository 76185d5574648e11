import BidualArrangements
import BidualLinear

/// The polar κ(V) by a walk through all chambers, for data with few of them.
///
/// The gradient XᵀDV changes by one hyperplane a step, O(r); a chamber matters only if the gradient is
/// longer than the best value so far, and then its value is the length of the projection onto the
/// chamber. The list of chambers rests on a tolerance (`Arrangement`), so this cross-checks the proof by
/// branch and bound and does not replace it.
public struct EnumeratedPolar: Sendable {
  private let hyperplanes: Hyperplanes
  private let tree: ChamberTree

  /// An oracle for the rows of `design`, n×r.
  ///
  /// - Throws: `ArrangementError`, among others if there are more than `limit` chambers.
  public init(_ design: Matrix, limit: Int = 10_000_000) throws(ArrangementError) {
    hyperplanes = Hyperplanes(design)
    tree = try Arrangement(hyperplanes.rows).chambers(limit: limit)
  }

  /// κ(V) with its maximiser; `upper` is what floating point found, without a margin for rounding.
  ///
  /// - Complexity: O(chambers·r), and one projection for each chamber that may hold the maximum.
  public func bound(_ weights: [Double]) -> PolarBound {
    let (merged, linear) = hyperplanes.merge(weights, sign: 1)
    let r = hyperplanes.rows.columns
    let arrangement = tree.arrangement
    let projection = ConeProjection(unitRows: hyperplanes.unitRows)
    let rowOf = (0..<arrangement.hyperplaneCount).map { Array(arrangement.rows(ofHyperplane: $0)) }
    var active = (0..<hyperplanes.count).map { tree.pattern(0)[$0] }
    var gradient = linear
    for h in active.indices where active[h] { add(h, 1, merged, to: &gradient) }
    var best = PolarMaximizer(direction: Array(repeating: 0, count: r), sign: 1, value: 0)
    tree.walk { hyperplane, _ in
      for h in rowOf[hyperplane] {
        active[h].toggle()
        add(h, active[h] ? 1 : -1, merged, to: &gradient)
      }
    } visit: { _ in
      guard norm(gradient) > best.value else { return }
      let sides = active.map { $0 ? Int8(1) : -1 }
      for sign in [1.0, -1.0] {
        let projected = projection.project(gradient.map { sign * $0 }, signs: sides)
        if projected.value > best.value {
          best = PolarMaximizer(direction: projected.point.normalized, sign: sign, value: projected.value)
        }
      }
    }
    return PolarBound(upper: best.value, maximizers: [best], isComplete: true, nodes: tree.count)
  }

  private func add(_ h: Int, _ factor: Double, _ weights: [Double], to gradient: inout [Double]) {
    for (k, x) in hyperplanes.rows.row(h).enumerated() { gradient[k] += factor * weights[h] * x }
  }
}
