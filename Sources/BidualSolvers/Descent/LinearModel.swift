import BidualLinear
import BidualModels

/// The predictions of a network of pooled neurons as a linear function of its weights, about where they are: the model of
/// `GaussNewtonDescent`.
struct LinearModel {
  /// A step with what the model says of it.
  struct Step {
    /// The neurons after it.
    let parts: [Part]
    let offset: Double
    /// The objective by the model.
    let objective: Double
    /// −∇ℓ of the model's predictions.
    let dualPoint: [Double]
  }

  private let problem: TrainingProblem
  private let rows: PrincipalRows
  private let predictions: [Double]
  private let offset: Double
  /// The weights in balance: the first layer along the rows' axes, neuron after neuron, then the second.
  private let weights: [Double]
  private let neurons: Int
  /// The Jacobian, n×m(r + 1).
  private let jacobian: Matrix
  /// What a squared change of each weight is multiplied by.
  private let measure: [Double]

  /// The model about a network; nil without neurons, and where it takes too much memory.
  ///
  /// - Complexity: O(nKmr) for K rows a sample.
  init?(of network: JointDescent.Network, in problem: TrainingProblem, rows: PrincipalRows) {
    let parts = network.neurons.filter { norm($0.vector) > 0 }
    let (m, r, n) = (parts.count, rows.rows.columns, problem.targets.count)
    guard m > 0 else { return nil }
    let lengths = parts.map { norm($0.vector).squareRoot() }
    let hidden = rows.along(
      Matrix(zip(parts, lengths).map { part, length in part.vector.map { $0 / length } }))
    let output = zip(parts, lengths).map { $0.sign * $1 }
    let heights = hidden.timesTransposed(rows.rows)
    guard let pooled = PooledPatterns(rows.rows, pooling: problem.atoms.pooling, heights: heights)
    else { return nil }
    var jacobian = Matrix(rows: n, columns: m * (r + 1))
    for i in 0..<n {
      for j in 0..<m {
        var response = 0.0
        for k in 0..<r {
          let entry = pooled.sums[i, j * r + k]
          response += entry * hidden[j, k]
          jacobian[i, j * r + k] = output[j] * entry
        }
        jacobian[i, m * r + j] = response
      }
    }
    // The deviation of heights beside the output weight: neither changes with the unit of rows or the length of a neuron.
    let shares = (0..<m).map { j in
      let square = (0..<r).reduce(0) { $0 + rows.squares[$1] * hidden[j, $1] * hidden[j, $1] }
      return lengths[j] / max(square.squareRoot(), .leastNormalMagnitude)
    }
    self.problem = problem
    self.rows = rows
    self.jacobian = jacobian
    neurons = m
    (predictions, offset) = (network.predictions, network.offset)
    weights = hidden.elements + output
    measure = shares.flatMap { share in rows.squares.map { share * $0 } } + shares.map { 1 / $0 }
  }

  /// A λ with which a first step moves predictions by about their size.
  var naturalRidge: Double {
    let n = jacobian.rows
    let sum = (0..<n).reduce(0.0) { sum, i in
      zip(jacobian.row(i), measure).reduce(sum) { $0 + $1.0 * $1.0 / $1.1 }
    }
    return max(sum / Double(n), .leastNormalMagnitude)
  }

  /// The minimiser for a λ, with which the objective is off by about `accuracy`.
  ///
  /// - Parameter start: a dual point to begin with.
  /// - Complexity: O(n²mr), and O(n³) for each of some dozens of steps in the dual.
  func step(ridge: Double, from start: [Double], accuracy: Double) -> Step {
    let (n, q) = (jacobian.rows, jacobian.columns)
    let stiffness = measure.map { problem.beta + ridge * $0 }
    let roots = stiffness.map { 1 / $0.squareRoot() }
    var scaled = jacobian
    scaled.elements.withUnsafeMutableBufferPointer { scaled in
      for i in 0..<n { for k in 0..<q { scaled[i * q + k] *= roots[k] } }
    }
    var kernel = Matrix(rows: n, columns: n)
    BLAS.syrk(n: n, k: q, a: scaled.elements, c: &kernel.elements)
    // The offset is a weight without a penalty that moves as far as the others move predictions.
    let ease = problem.hasOffset ? (0..<n).reduce(0) { $0 + kernel[$1, $1] } / Double(n) : 0
    for i in 0..<n {
      for j in 0...i {
        kernel[i, j] += ease
        kernel[j, i] = kernel[i, j]
      }
    }
    let shrunk = jacobian.times(zip(weights, stiffness).map { problem.beta * $0 / $1 })
    let base = zip(predictions, shrunk).map(-)
    let dualPoint = ProximalResponse(problem, kernel: kernel, base: base)
      .minimiser(from: start, centre: predictions, accuracy: accuracy)
    let pull = jacobian.transposedTimes(dualPoint)
    let moved = weights.indices.map { weights[$0] + (pull[$0] - problem.beta * weights[$0]) / stiffness[$0] }
    let fitted = zip(base, kernel.times(dualPoint)).map(+)
    return Step(
      parts: parts(moved), offset: offset + ease * dualPoint.reduce(0, +),
      objective: problem.lossValue(fitted) + 0.5 * problem.beta * dot(moved, moved), dualPoint: dualPoint)
  }

  private func parts(_ weights: [Double]) -> [Part] {
    let r = rows.rows.columns
    let hidden = rows.lifted(
      Matrix(rows: neurons, columns: r, elements: Array(weights[..<(neurons * r)])))
    return (0..<neurons).map { j in
      let output = weights[neurons * r + j]
      return Part(sign: output < 0 ? -1 : 1, vector: hidden.row(j).map { abs(output) * $0 })
    }
  }
}
