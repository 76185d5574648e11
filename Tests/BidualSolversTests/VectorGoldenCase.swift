import BidualLinear
import BidualModels
import BidualObjectives
import Foundation
import Testing

@testable import BidualSolvers

/// A reference case with several outputs.
struct VectorGoldenCase: Decodable, Sendable, CustomTestStringConvertible {
  let name: String
  let beta: Double
  let X: [[Double]]
  let Y: [[Double]]
  let optimum: Double

  var testDescription: String { name }

  func problem() throws -> TrainingProblem {
    try TrainingProblem(
      design: Matrix(X), targets: Array(Y.joined()), outputs: Y[0].count, beta: beta)
  }

  static let all: [VectorGoldenCase] = {
    let folder = Bundle.module.resourceURL!.appendingPathComponent("Golden")
    let files = try! FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    return files.filter { $0.lastPathComponent.hasPrefix("vector_") }.sorted { $0.path < $1.path }
      .map { try! JSONDecoder().decode(VectorGoldenCase.self, from: Data(contentsOf: $0)) }
  }()
}

/// The training objective by loops over samples, neurons and features.
func naiveVectorObjective(_ network: any Network, _ problem: TrainingProblem) throws -> Double {
  let network = try #require(network.twoLayer)
  let c = problem.outputs
  var sum = 0.0
  for i in 0..<problem.design.rows {
    var predictions = network.offsets.isEmpty ? Array(repeating: 0, count: c) : network.offsets
    for j in 0..<network.neurons {
      var height = 0.0
      for k in 0..<problem.design.columns { height += problem.design[i, k] * network.hidden[j, k] }
      for l in 0..<c where height > 0 { predictions[l] += network.output[j * c + l] * height }
    }
    let targets = problem.targets[(i * c)..<((i + 1) * c)]
    if problem.loss is SoftmaxLoss {
      let sumOfPowers = predictions.reduce(0) { $0 + exp($1) }
      let own = targets.firstIndex(of: 1)! - targets.startIndex
      sum += problem.weights[i] * (log(sumOfPowers) - predictions[own])
    } else {
      for (f, y) in zip(predictions, targets) { sum += problem.weights[i] * problem.loss.value(f, target: y) }
    }
  }
  for weight in network.hidden.elements + network.output { sum += 0.5 * problem.beta * weight * weight }
  return sum
}
