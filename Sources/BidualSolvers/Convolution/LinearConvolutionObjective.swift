import BidualLinear
import BidualModels

/// The training objective of a linear convolution with c outputs over filters u (m×h), heads a (m×Kc) and offsets in one array: the
/// loss at b + PZ, Z of the numbers of AᵀU, and β/2(‖U‖² + ‖A‖²), P the images' patches side by side.
final class LinearConvolutionObjective {
  private let problem: TrainingProblem
  /// P, n×Kh.
  private let patches: Matrix
  private let heads: PlaceHeads
  /// The numbers m, h and Kc.
  let (width, size, weights): (Int, Int, Int)
  /// How far a loss with kinks is rounded off; 0 for the loss itself.
  var curvature = 0.0
  /// The dual point V at the weights that were evaluated last.
  private(set) var dualPoint: [Double] = []

  /// The objective with as many filters as a matrix of such a shape may have singular values, with which every local minimum
  /// is one of the convex program.
  init(_ problem: TrainingProblem, places: Int) {
    self.problem = problem
    let rows = problem.neuronRows
    heads = PlaceHeads(places: places, outputs: problem.outputs)
    weights = heads.count
    size = rows.columns
    width = min(size, weights)
    patches = Matrix(rows: rows.rows / places, columns: places * size, elements: rows.elements)
  }

  /// Random filters and heads, and the best constants.
  func start(seed: UInt64) -> [Double] {
    var random = SeededGenerator(seed: seed)
    func numbers(_ columns: Int) -> [Double] {
      (0..<(width * columns)).map { _ in 0.1 * random.nextGaussian() / Double(columns).squareRoot() }
    }
    return numbers(size) + numbers(weights) + (problem.hasOffset ? problem.constantFits : [])
  }

  /// AᵀU of weights, Kc×h.
  func product(_ values: [Double]) -> Matrix {
    let split = width * size
    var product = Matrix(rows: weights, columns: size)
    BLAS.gemm(
      transposeA: true, m: weights, n: size, k: width, a: Array(values[split..<(split + width * weights)]),
      b: Array(values[..<split]), c: &product.elements)
    return product
  }

  /// The objective; its gradient overwrites `gradient`.
  ///
  /// - Complexity: O(nKhc + mKhc).
  func evaluate(_ values: [Double], _ gradient: inout [Double]) -> Double {
    let (split, penalized) = (width * size, width * (size + weights))
    let (n, c) = (patches.rows, problem.outputs)
    var slopes = patches.times(heads.coefficients(product(values))).elements
    if problem.hasOffset {
      for place in slopes.indices { slopes[place] += values[penalized + place % c] }
    }
    let loss = RowSlopes(problem: problem, curvature: curvature)
      .replace(&slopes, of: Array(0..<n))
    dualPoint = slopes.map { -$0 }
    let worth = heads.spread(
      patches.transposedTimes(Matrix(rows: n, columns: c, elements: slopes))
    ).elements
    for k in 0..<penalized { gradient[k] = problem.beta * values[k] }
    gradient.withUnsafeMutableBufferPointer { gradient in
      values.withUnsafeBufferPointer { values in
        guard let start = gradient.baseAddress, let hidden = values.baseAddress else { return }
        BLAS.gemm(
          m: width, n: size, k: weights, a: hidden + split, b: worth, beta: 1, c: start)
        BLAS.gemm(
          transposeB: true, m: width, n: weights, k: size, a: hidden, b: worth, beta: 1, c: start + split)
      }
    }
    if problem.hasOffset {
      for k in 0..<c { gradient[penalized + k] = 0 }
      for (place, slope) in slopes.enumerated() { gradient[penalized + place % c] += slope }
    }
    let decay = values[..<penalized].reduce(0) { $0 + $1 * $1 }
    return loss + 0.5 * problem.beta * decay
  }
}
