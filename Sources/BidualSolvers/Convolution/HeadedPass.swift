import BidualLinear
import BidualModels

/// Passes over the samples of a problem of linear convolutions: weights are filters u (m×h), heads α and offsets.
final class HeadedPass: BlockPass {
  private let problem: TrainingProblem
  private let atoms: any HeadedAtoms
  private let width: Int
  let threads: Int
  let blockRows: Int
  /// The rows of each sample side by side.
  private let samples: Matrix
  private var curvature = 0.0

  /// A pass for networks of one width.
  init(_ problem: TrainingProblem, atoms: any HeadedAtoms, width: Int, threads: Int) {
    self.problem = problem
    self.atoms = atoms
    self.width = width
    self.threads = max(1, threads)
    let (rows, n) = (problem.neuronRows, problem.design.rows)
    samples = Matrix(rows: n, columns: rows.elements.count / n, elements: rows.elements)
    blockRows = min(n, max(128, 1_000_000 / max(1, samples.columns)))
  }

  func setRounding(_ rounding: RoundedKinks?) { curvature = rounding?.lossCurvature ?? 0 }

  func block(
    _ rows: [Int], _ weights: [Double], lane: Int, predictions: UnsafeMutablePointer<Double>?,
    wantsGradient: Bool
  ) -> (loss: Double, gradient: [Double]) {
    let (m, h, k) = (width, problem.neuronRows.columns, atoms.heads)
    let (split, penalized) = (m * h, m * (h + k))
    let (filters, heads) = (Array(weights[..<split]), Array(weights[split..<penalized]))
    var product = Matrix(rows: k, columns: h)
    BLAS.gemm(transposeA: true, m: k, n: h, k: m, a: heads, b: filters, c: &product.elements)
    let x = samples.selectingRows(rows)
    let c = problem.outputs
    var slopes = x.times(atoms.coefficients(product)).elements
    if problem.hasOffset {
      for place in slopes.indices { slopes[place] += weights[penalized + place % c] }
    }
    if let predictions, let first = rows.first {
      (predictions + first * c).update(from: slopes, count: slopes.count)
    }
    let loss = RowSlopes(problem: problem, curvature: curvature).replace(&slopes, of: rows)
    guard wantsGradient else { return (loss, []) }
    let worth = atoms.spread(
      x.transposedTimes(Matrix(rows: rows.count, columns: c, elements: slopes))
    ).elements
    var (uphill, headsUphill) = (filters, heads)
    BLAS.gemm(m: m, n: h, k: k, a: heads, b: worth, c: &uphill)
    BLAS.gemm(transposeB: true, m: m, n: k, k: h, a: filters, b: worth, c: &headsUphill)
    var offsets = [Double](repeating: 0, count: problem.hasOffset ? c : 0)
    if problem.hasOffset {
      for (place, slope) in slopes.enumerated() { offsets[place % c] += slope }
    }
    return (loss, uphill + headsUphill + offsets)
  }
}
