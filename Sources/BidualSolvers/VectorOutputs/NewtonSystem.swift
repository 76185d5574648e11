import BidualLinear
import BidualModels

/// The second-order model of the training objective of a network with c outputs around its weights, each neuron on its face.
struct NewtonSystem {
  private let weights: NetworkParameters
  private let faces: [VectorFace]
  /// Where each neuron's free first-layer weights start among the unknowns; its second-layer weights follow them.
  private let starts: [Int]
  private let count: Int
  private let decomposed = Once<SingularValues?>()
  private var hessian: [Double]
  private var gradient: [Double]

  /// The model at the weights, with their predictions and the dual point of these.
  ///
  /// - Complexity: O(nc·p²) for p unknowns.
  init(
    _ problem: TrainingProblem, _ weights: NetworkParameters, _ faces: [VectorFace], predictions: [Double],
    dualPoint: [Double]
  ) {
    self.weights = weights
    self.faces = faces
    let (n, c) = (problem.design.rows, weights.outputs)
    var starts: [Int] = []
    var next = 0
    for face in faces {
      starts.append(next)
      next += face.basis.rows + c
    }
    let offsets = next
    count = offsets + weights.offsets.count
    self.starts = starts
    let p = count
    var slopes = Matrix(rows: n * c, columns: p)
    hessian = Array(repeating: 0, count: p * p)
    gradient = Array(repeating: 0, count: p)
    let pooling = problem.atoms.pooling
    let share = pooling.averages ? 1 / Double(pooling.rows) : 1
    let dual = Matrix(rows: n * pooling.rows, columns: c, elements: pooling.spread(dualPoint, width: c))
    for (j, face) in faces.enumerated() {
      let free = problem.neuronRows.timesTransposed(face.basis)
      let (hidden, output) = (Array(weights.hidden(j)), Array(weights.output(j)))
      let heights = problem.neuronRows.times(hidden)
      let (first, k) = (starts[j], face.basis.rows)
      var cross = Matrix(rows: k, columns: c)
      for (i, isActive) in face.activity.enumerated() where isActive {
        let sample = i / pooling.rows * c
        for l in 0..<c {
          for t in 0..<k {
            slopes[sample + l, first + t] += share * free[i, t] * output[l]
            cross[t, l] += free[i, t] * dual[i, l]
          }
          slopes[sample + l, first + k + l] += share * heights[i]
        }
      }
      for t in 0..<k {
        for l in 0..<c {
          hessian[(first + t) * p + first + k + l] -= cross[t, l]
          hessian[(first + k + l) * p + first + t] -= cross[t, l]
        }
      }
      let own = face.basis.times(hidden) + output
      for t in 0..<(k + c) {
        hessian[(first + t) * p + first + t] += problem.beta
        gradient[first + t] += problem.beta * own[t]
      }
    }
    for i in 0..<(offsets < p ? n : 0) {
      for l in 0..<c { slopes[i * c + l, offsets + l] = 1 }
    }
    let loss = slopes.transposedTimes(dualPoint)
    for k in 0..<p { gradient[k] -= loss[k] }
    let bent = Self.bent(slopes, problem, predictions)
    BLAS.gemm(
      transposeA: true, m: p, n: p, k: n * c, a: slopes.elements, b: bent.elements, beta: 1, c: &hessian)
  }

  /// The rows multiplied by the losses' second derivatives.
  private static func bent(_ slopes: Matrix, _ problem: TrainingProblem, _ predictions: [Double]) -> Matrix {
    let (p, c) = (slopes.columns, problem.outputs)
    var bent = slopes
    guard let coupled = problem.loss.coupled else {
      for i in 0..<slopes.rows {
        let curvature =
          problem.weights[i / c] * problem.loss.curvature(predictions[i], target: problem.targets[i])
        for k in 0..<p { bent.elements[i * p + k] *= curvature }
      }
      return bent
    }
    slopes.elements.withUnsafeBufferPointer { rows in
      bent.elements.withUnsafeMutableBufferPointer { result in
        for i in 0..<problem.design.rows {
          let places = problem.places(i)
          let curvatures = coupled.hessian(predictions[places], targets: problem.targets[places]).map {
            problem.weights[i] * $0
          }
          BLAS.gemm(
            m: c, n: p, k: c, a: curvatures, b: rows.baseAddress! + i * c * p,
            c: result.baseAddress! + i * c * p)
        }
      }
    }
    return bent
  }

  /// The Hessian's eigenvectors with the absolute values of its eigenvalues, computed once.
  private func spectrum() -> SingularValues? {
    decomposed { SingularValues(of: Matrix(rows: count, columns: count, elements: hessian)) }
  }

  /// The length of the gradient.
  var steepness: Double { norm(gradient) }

  /// The change of all weights that a damped step takes and how much the model says it gains; nil where it can't be computed.
  ///
  /// Where the damped model has no minimum, as at a neuron that had better be two, its curvatures H are replaced by their absolute
  /// values, √(H²): a step leads down along all of them.
  ///
  /// - Complexity: O(p³).
  func solve(damping: Double) -> (change: [Double], promise: Double)? {
    var factor = hessian
    // Each unknown is damped in its own scale.
    let largest = (0..<count).reduce(0) { max($0, abs(hessian[$1 * count + $1])) }
    for k in 0..<count {
      factor[k * count + k] += damping * max(abs(hessian[k * count + k]), 1e-12 * largest)
    }
    var step = gradient.map { -$0 }
    if BLAS.choleskyFactor(n: count, &factor) {
      BLAS.choleskySolve(n: count, factor: factor, x: &step)
    } else {
      guard let spectrum = spectrum(), let steepest = spectrum.values.first else { return nil }
      var shares = spectrum.rightTransposed.times(step)
      for k in shares.indices {
        shares[k] /= max(spectrum.values[k], 1e-10 * steepest) + damping * 1e-3 * steepest
      }
      step = spectrum.rightTransposed.transposedTimes(shares)
    }
    guard step.allSatisfy(\.isFinite) else { return nil }
    let promise = -0.5 * BLAS.dot(count, gradient, step)
    var change = [Double](repeating: 0, count: weights.values.count)
    for (j, face) in faces.enumerated() {
      let (first, k) = (starts[j], face.basis.rows)
      let hidden = face.basis.transposedTimes(Array(step[first..<(first + k)]))
      change.replaceSubrange((j * weights.inputs)..<((j + 1) * weights.inputs), with: hidden)
      let place = weights.split + j * weights.outputs
      change.replaceSubrange(
        place..<(place + weights.outputs), with: step[(first + k)..<(first + k + weights.outputs)])
    }
    for k in weights.penalized..<change.count { change[k] = step[count - change.count + k] }
    return (change, promise)
  }
}
