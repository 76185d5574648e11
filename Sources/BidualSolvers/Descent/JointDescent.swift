import BidualLinear
import BidualModels

/// Decreases the training objective over all neurons of a network together, by a quasi-Newton method.
struct JointDescent {
  let problem: TrainingProblem
  var method = LimitedMemoryDescent()
  var threads = 1
  var smooth = true
  var kink = 0.0

  typealias Neuron = (sign: Double, vector: [Double])

  func lowered(_ neurons: [Neuron]) -> (neurons: [Neuron], objective: Double, steps: Int, predictions: [Double]) {
    guard !neurons.isEmpty else { return ([], 0, 0, []) }
    let m = neurons.count
    let d = problem.design.columns
    let beta = problem.beta
    let evaluator = NetworkGradient(problem, width: m, threads: threads)
    if smooth {
      let roots = neurons.map { norm($0.vector).squareRoot() }
      var parameters = NetworkParameters(
        ReLUNetwork(
          hidden: Matrix(zip(neurons, roots).map { n, r in n.vector.map { $0 / r } }),
          output: zip(neurons, roots).map { $0.sign * $1 }))
      var point = parameters.values
      if kink > 0 {
        let size = (norm(problem.design.elements) / Double(problem.design.rows).squareRoot()) * kink
        let floor = 1e-3 * (roots.max() ?? 0)
        evaluator.kinks = roots.map { size * max($0, floor) }
      }
      let result = method.minimize(&point) { point, gradient in
        for k in point.indices { parameters.values[k] = point[k] }
        let loss = gradient.withUnsafeMutableBufferPointer {
          evaluator.evaluate(parameters, gradient: $0.baseAddress)
        }
        var square = 0.0
        for k in point.indices {
          square += point[k] * point[k]
          gradient[k] += beta * point[k]
        }
        return loss + 0.5 * beta * square
      }
      for k in point.indices { parameters.values[k] = point[k] }
      evaluator.kinks = nil
      let final = evaluator.evaluate(parameters) + beta * parameters.balancedDecay
      let network = parameters.network
      let vectors = (0..<m).map { j -> Neuron in
        (network.output[j] < 0 ? -1 : 1, network.hidden.row(j).map { $0 * abs(network.output[j]) })
      }
      return (vectors, final, result.steps, Array(evaluator.predictions))
    }
    var parameters = NetworkParameters(
      ReLUNetwork(hidden: Matrix(neurons.map(\.vector)), output: neurons.map(\.sign)))
    var full = [Double](repeating: 0, count: m * (d + 1))
    var point = Array(parameters.values[..<(m * d)])
    let result = method.minimize(&point) { point, gradient in
      for k in point.indices { parameters.values[k] = point[k] }
      let loss = full.withUnsafeMutableBufferPointer {
        evaluator.evaluate(parameters, gradient: $0.baseAddress)
      }
      var penalty = 0.0
      for j in 0..<m {
        var square = 0.0
        for k in (j * d)..<((j + 1) * d) { square += point[k] * point[k] }
        let length = square.squareRoot()
        penalty += length
        let factor = length > 0 ? beta / length : 0
        for k in (j * d)..<((j + 1) * d) { gradient[k] = full[k] + factor * point[k] }
      }
      return loss + beta * penalty
    }
    for k in point.indices { parameters.values[k] = point[k] }
    _ = evaluator.evaluate(parameters)
    let vectors = (0..<m).map { j -> Neuron in (neurons[j].sign, Array(point[(j * d)..<((j + 1) * d)])) }
    return (vectors, result.value, result.steps, Array(evaluator.predictions))
  }
}
