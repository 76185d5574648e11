import BidualLinear
import BidualModels

/// The predictions of a network as a linear function of its weights, about where they are: the model of
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
  private let predictions: [Double]
  private let offset: Double
  private let about: Linearization

  /// The model about a network; nil without neurons, and where it takes too much memory.
  init?(
    of network: JointDescent.Network, in problem: TrainingProblem, atoms: any LinearizableAtoms,
    rows: PrincipalRows
  ) {
    let parts = network.neurons.filter { norm($0.vector) > 0 }
    guard let about = atoms.linearization(of: parts, rows: rows) else { return nil }
    self.problem = problem
    self.about = about
    (predictions, offset) = (network.predictions, network.offset)
  }

  /// A λ with which a first step moves predictions by about their size.
  var naturalRidge: Double {
    let (n, jacobian) = (about.jacobian.rows, about.jacobian)
    let sum = (0..<n).reduce(0.0) { sum, i in
      zip(jacobian.row(i), about.measure).reduce(sum) { $0 + $1.0 * $1.0 / $1.1 }
    }
    return max(sum / Double(n), .leastNormalMagnitude)
  }

  /// The minimiser for a λ, with which the objective is off by about `accuracy`.
  ///
  /// - Parameter start: a dual point to begin with.
  /// - Complexity: O(n²q) for q weights, and O(n³) for each of some dozens of steps in the dual.
  func step(ridge: Double, from start: [Double], accuracy: Double) -> Step {
    let (weights, jacobian) = (about.weights, about.jacobian)
    let (n, q) = (jacobian.rows, jacobian.columns)
    let stiffness = about.measure.map { problem.beta + ridge * $0 }
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
      parts: about.parts(moved), offset: offset + ease * dualPoint.reduce(0, +),
      objective: problem.lossValue(fitted) + 0.5 * problem.beta * dot(moved, moved), dualPoint: dualPoint)
  }
}
