import BidualLinear
import BidualModels
import BidualPolars

/// Whether any two-layer ReLU network passes through given targets.
///
/// The functions xᵢᵀ· ↦ (xᵢᵀu)₊ of distinct hyperplanes and the linear ones are linearly independent, so a
/// network's values at hyperplanes' rows x_h are free but for what one hyperplane shares: a row c·x_h takes
/// |c|(a_h − [c < 0]x_hᵀw) + b with a_h and w free, b the offset. What remains is a small linear system in w and b.
struct Interpolability {
  /// Two samples that no network can meet together, or nil.
  let conflict: (Int, Int)?
  /// Whether the targets can be met.
  let isPossible: Bool

  /// Looks at the targets of `problem`.
  ///
  /// - Complexity: O(nr²).
  init(_ problem: TrainingProblem) {
    let hyperplanes = problem.atoms.geometry.hyperplanes
    let targets = problem.targets
    let r = hyperplanes.rows.columns
    let size = targets.reduce(0) { max($0, abs($1)) }
    var reference = [Int?](repeating: nil, count: hyperplanes.count)
    var equations: [[Double]] = []
    var right: [Double] = []
    var conflict: (Int, Int)?
    for i in targets.indices {
      var equation = [Double](repeating: 0, count: r + 1)
      var value = targets[i]
      var partner = i
      let owner = hyperplanes.owner[i]
      if owner >= 0 {
        guard let first = reference[owner] else {
          reference[owner] = i
          continue
        }
        partner = first
        // (y − b)/|c| + [c < 0]x_hᵀw is the same for all rows of the hyperplane.
        let c = hyperplanes.factor[i]
        let c0 = hyperplanes.factor[first]
        value = targets[i] / abs(c) - targets[first] / abs(c0)
        let turn = (c0 < 0 ? 1.0 : 0) - (c < 0 ? 1.0 : 0)
        for (k, x) in hyperplanes.rows.row(owner).enumerated() { equation[k] = turn * x }
        equation[r] = problem.hasOffset ? 1 / abs(c) - 1 / abs(c0) : 0
      } else {
        equation[r] = problem.hasOffset ? 1 : 0
      }
      if equation.allSatisfy({ $0 == 0 }), abs(value) > 1e-9 * size { conflict = conflict ?? (partner, i) }
      equations.append(equation)
      right.append(value)
    }
    self.conflict = conflict
    isPossible = conflict == nil && Self.isConsistent(Matrix(equations), right, size: size)
  }

  private static func isConsistent(_ equations: Matrix, _ right: [Double], size: Double) -> Bool {
    guard equations.rows > 0, let values = SingularValues(of: equations), let largest = values.values.first,
      largest > 0
    else { return right.allSatisfy { abs($0) <= 1e-9 * size } }
    // What is left of the right-hand side outside the column space.
    var rest = right
    for (k, value) in values.values.enumerated() where value > 1e-10 * largest {
      let direction = values.left.column(k)
      let along = dot(direction, rest)
      for i in rest.indices { rest[i] -= along * direction[i] }
    }
    return rest.allSatisfy { abs($0) <= 1e-8 * max(size, norm(right)) }
  }
}
