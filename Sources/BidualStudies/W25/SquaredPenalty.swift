import Bidual

/// The program that W25's printed optima are of: squares of its vectors are penalised, where the network's weight decay makes lengths of them.
///
///     minimise  1/n·‖Σⱼ ±DⱼXvⱼ − y‖² + β/2·Σⱼ‖vⱼ‖²  subject to (2Dⱼ − I)Xvⱼ ≥ 0
///
/// In the plane a chamber's vectors are non-negative sums of its two rays, so that this is a problem of non-negative least squares over
/// the rays, whose residual is the projection of the targets onto the cone of what no ray lowers.
struct SquaredPenalty {
  private let design: Matrix
  private let targets: [Double]

  /// The program over the chambers of samples of two features.
  init(_ dataset: Dataset) {
    precondition(dataset.features.columns == 2)
    (design, targets) = (dataset.features, dataset.targets)
  }

  /// The optimum for a β.
  ///
  /// - Throws: as `Arrangement.chambers`.
  func optimum(beta: Double) throws -> Double {
    let tree = try Arrangement(design).chambers()
    let (n, blocks) = (design.rows, 2 * tree.count)
    let (share, weight) = ((1 / Double(n)).squareRoot(), (0.5 * beta).squareRoot())
    var columns: [[Double]] = []
    for chamber in 0..<tree.count {
      let pattern = tree.pattern(chamber)
      for (place, sign) in [(2 * chamber, 1.0), (2 * chamber + 1, -1)] {
        for ray in rays(of: pattern) {
          let heights = design.times(ray)
          var column = [Double](repeating: 0, count: n + 2 * blocks)
          for i in 0..<n where pattern[i] { column[i] = share * sign * heights[i] }
          for k in 0..<2 { column[n + 2 * place + k] = weight * ray[k] }
          columns.append(column.normalized)
        }
      }
    }
    let aim = targets.map { share * $0 } + Array(repeating: 0, count: 2 * blocks)
    let residual = ConeProjection(unitRows: Matrix(columns))
      .project(aim, signs: Array(repeating: -1, count: columns.count)).value
    return residual * residual
  }

  /// The directions along samples' lines that the closure of a chamber holds.
  private func rays(of pattern: ActivationPattern) -> [[Double]] {
    var rays: [[Double]] = []
    for i in 0..<design.rows {
      let row = Array(design.row(i)).normalized
      for ray in [[-row[1], row[0]], [row[1], -row[0]]] {
        let heights = design.times(ray)
        let isInside = heights.indices.allSatisfy { pattern[$0] ? heights[$0] >= -1e-9 : heights[$0] <= 1e-9 }
        if isInside, !rays.contains(where: { dot($0, ray) > 1 - 1e-12 }) { rays.append(ray) }
      }
    }
    return rays
  }
}
