import BidualCertificates
import BidualLinear
import BidualModels
import BidualObjectives
import BidualSolvers
import Foundation
import Testing

/// A reference case: data with an optimum computed by an independent convex solver over all chambers.
struct GoldenCase: Decodable, Sendable, CustomTestStringConvertible {
  let name: String
  let norm: String?
  let loss: String
  let beta: Double
  let X: [[Double]]
  let Y: [Double]
  let optimum: Double

  var testDescription: String { name }

  func problem() throws -> TrainingProblem {
    try TrainingProblem(
      design: Matrix(X), targets: Y, loss: try #require(try LossRegistry.standard.loss(loss)), beta: beta,
      architecture: TwoLayer(norm.map { try #require(FirstLayerNorm(rawValue: $0)) } ?? .l2))
  }

  static let all = cases("two_layer_")

  /// The cases whose names begin like this.
  static func cases(_ prefix: String) -> [GoldenCase] {
    let folder = Bundle.module.resourceURL!.appendingPathComponent("Golden")
    let files = try! FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    return files.filter { $0.lastPathComponent.hasPrefix(prefix) }
      .sorted { $0.path < $1.path }
      .map { try! JSONDecoder().decode(GoldenCase.self, from: Data(contentsOf: $0)) }
  }
}

/// The training objective by loops over samples, neurons and features.
func naiveObjective(_ network: any Network, _ problem: TrainingProblem) -> Double {
  guard let network = network.twoLayer else { return .nan }
  var sum = 0.0
  for i in 0..<problem.design.rows {
    var prediction = network.offset ?? 0
    for j in 0..<network.neurons {
      var height = 0.0
      for k in 0..<problem.design.columns { height += problem.design[i, k] * network.hidden[j, k] }
      if height > 0 { prediction += network.output[j] * height }
    }
    sum += problem.weights[i] * problem.loss.value(prediction, target: problem.targets[i])
  }
  switch problem.architecture.norm {
  case .l2:
    for weight in network.hidden.elements + network.output { sum += 0.5 * problem.beta * weight * weight }
  case .l1:
    for j in 0..<network.neurons {
      for k in 0..<problem.design.columns {
        sum += problem.beta * abs(network.hidden[j, k]) * abs(network.output[j])
      }
    }
  }
  return sum
}

@Suite struct GoldenTests {
  @Test func allReferenceCasesAreThere() { #expect(GoldenCase.all.count >= 39) }

  @Test(arguments: GoldenCase.all) func optimumOfTheReference(golden: GoldenCase) throws {
    let problem = try golden.problem()
    var options = WorkingSet.Options()
    let gap = golden.loss == "squared" ? 1e-7 : 1e-6
    options.gap = gap
    options.nodeLimit = 2_000_000
    let outcome = try WorkingSet(problem, options: options).train()
    let certificate = outcome.certificate
    #expect(outcome.status == .solved)
    #expect(certificate.scope == .global)
    #expect(certificate.relativeGap <= gap)
    // The references of the other losses are trusted to 1e-5.
    let trust = golden.loss == "squared" ? 1e-6 : 1e-5
    #expect(abs(certificate.objective - golden.optimum) <= trust * golden.optimum)
    #expect(certificate.lowerBound <= golden.optimum * (1 + trust))
    #expect(certificate.objective >= golden.optimum * (1 - trust))
    let naive = naiveObjective(outcome.network, problem)
    #expect(abs(naive - certificate.objective) <= 1e-9 * naive)
    #expect(outcome.network.neurons <= problem.targets.count)
    try Certifier(problem).verify(certificate, of: outcome.network)
  }
}
