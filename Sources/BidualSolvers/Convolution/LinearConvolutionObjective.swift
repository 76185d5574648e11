import BidualLinear
import BidualModels

/// The training objective of a linear convolution over filters u (m×h), heads a (m×K) and an offset in one array: the loss at
/// b + P·vec(AᵀU) and β/2(‖U‖² + ‖A‖²), P the images' patches side by side.
final class LinearConvolutionObjective {
  private let problem: TrainingProblem
  /// P, n×Kh.
  private let patches: Matrix
  /// The numbers m, h and K.
  let (width, size, places): (Int, Int, Int)
  /// How far a loss with kinks is rounded off; 0 for the loss itself.
  var curvature = 0.0
  /// The dual point V at the weights that were evaluated last.
  private(set) var dualPoint: [Double] = []

  /// The objective with as many filters as a matrix of such a shape may have singular values, with which every local minimum
  /// is one of the convex program.
  init(_ problem: TrainingProblem, places: Int) {
    self.problem = problem
    let rows = problem.neuronRows
    self.places = places
    size = rows.columns
    width = min(size, places)
    patches = Matrix(rows: rows.rows / places, columns: places * size, elements: rows.elements)
  }

  /// Random filters and heads, and the best constant.
  func start(seed: UInt64) -> [Double] {
    var random = SeededGenerator(seed: seed)
    func numbers(_ columns: Int) -> [Double] {
      (0..<(width * columns)).map { _ in 0.1 * random.nextGaussian() / Double(columns).squareRoot() }
    }
    return numbers(size) + numbers(places) + (problem.hasOffset ? [problem.constantFit] : [])
  }

  /// Zᵀ = AᵀU of weights, K×h.
  func product(_ values: [Double]) -> Matrix {
    let split = width * size
    var product = Matrix(rows: places, columns: size)
    BLAS.gemm(
      transposeA: true, m: places, n: size, k: width, a: Array(values[split..<(split + width * places)]),
      b: Array(values[..<split]), c: &product.elements)
    return product
  }

  /// The objective; its gradient overwrites `gradient`.
  ///
  /// - Complexity: O(nKh + mKh).
  func evaluate(_ values: [Double], _ gradient: inout [Double]) -> Double {
    let (split, penalized) = (width * size, width * (size + places))
    let offset = problem.hasOffset ? values[penalized] : 0
    var slopes = patches.times(product(values).elements).map { $0 + offset }
    let loss = RowSlopes(problem: problem, curvature: curvature)
      .replace(&slopes, of: Array(slopes.indices))
    dualPoint = slopes.map { -$0 }
    let worth = patches.transposedTimes(slopes)
    for k in 0..<penalized { gradient[k] = problem.beta * values[k] }
    gradient.withUnsafeMutableBufferPointer { gradient in
      values.withUnsafeBufferPointer { values in
        guard let start = gradient.baseAddress, let hidden = values.baseAddress else { return }
        BLAS.gemm(
          m: width, n: size, k: places, a: hidden + split, b: worth, beta: 1, c: start)
        BLAS.gemm(
          transposeB: true, m: width, n: places, k: size, a: hidden, b: worth, beta: 1, c: start + split)
      }
    }
    if problem.hasOffset { gradient[penalized] = slopes.reduce(0, +) }
    let decay = values[..<penalized].reduce(0) { $0 + $1 * $1 }
    return loss + 0.5 * problem.beta * decay
  }
}
