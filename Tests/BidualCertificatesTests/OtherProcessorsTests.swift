import BidualLinear
import BidualModels
import BidualObjectives
import Testing

@testable import BidualCertificates

/// What a certificate states must survive being recomputed where sums are added in another order. Reordered
/// features, neurons and samples are the same problem with other orders of the same sums.
@Suite struct OtherProcessorsTests {
  private struct Case {
    var problem: TrainingProblem
    var network: TwoLayerNetwork
    var dualPoint: [Double]

    init(_ loss: any Loss, samples n: Int, features d: Int, neurons m: Int, _ random: inout SeededGenerator)
      throws
    {
      func numbers(_ count: Int) -> [Double] { (0..<count).map { _ in random.nextGaussian() } }
      let targets = numbers(n).map { y in
        switch loss.targetKind {
        case .real: y
        case .sign: y < 0 ? -1.0 : 1
        case .count, .oneHot: abs(y).rounded()
        }
      }
      problem = try TrainingProblem(
        design: Matrix(rows: n, columns: d, elements: numbers(n * d)), targets: targets, loss: loss, beta: 0.1
      )
      network = TwoLayerNetwork(
        hidden: Matrix(rows: m, columns: d, elements: numbers(m * d)), output: numbers(m).map { 0.1 * $0 })
      dualPoint = problem.dualPoint(network.predictions(problem.design))
    }

    /// The same with everything in another order.
    func shuffled(_ random: inout SeededGenerator) throws -> Case {
      func order(_ count: Int) -> [Int] {
        (0..<count).map { ($0, random.nextUniform()) }.sorted { $0.1 < $1.1 }.map(\.0)
      }
      let (rows, columns, neurons) = (
        order(problem.targets.count), order(problem.design.columns), order(network.neurons)
      )
      var other = self
      other.problem = try TrainingProblem(
        design: Matrix(rows.map { i in columns.map { problem.design[i, $0] } }),
        targets: rows.map { problem.targets[$0] }, loss: problem.loss, beta: problem.beta)
      other.network = TwoLayerNetwork(
        hidden: Matrix(neurons.map { j in columns.map { network.hidden[j, $0] } }),
        output: neurons.map { network.output[$0] })
      other.dualPoint = rows.map { dualPoint[$0] }
      return other
    }
  }

  @Test func statedNumbersSurviveOtherOrdersOfTheSums() throws {
    var random = SeededGenerator(seed: 1)
    let losses: [any Loss] = [
      SquaredLoss(), AbsoluteLoss(), LogisticLoss(), PoissonLoss(), HingeLoss(), try HuberLoss(),
    ]
    var closest = Double.infinity
    var hasMoved = false
    for trial in 0..<120 {
      let item = try Case(
        losses[trial % losses.count], samples: 1 + trial % 40, features: 1 + trial % 23,
        neurons: 1 + trial % 17, &random)
      let (objective, scale) = (UpperBound.objective(of: item.network, in: item.problem), 0.9)
      let own = UpperBound.objective(of: item.network, in: item.problem, rounding: .own)
      let lower = LowerBound.value(item.dualPoint, scale: scale, in: item.problem)
      for _ in 0..<5 {
        let other = try item.shuffled(&random)
        let recomputed = UpperBound.objective(of: other.network, in: other.problem, rounding: .own)
        #expect(recomputed <= objective, "\(item.problem.loss.name)")
        #expect(
          LowerBound.value(other.dualPoint, scale: scale, in: other.problem, rounding: .own) >= lower,
          "\(item.problem.loss.name)")
        hasMoved = hasMoved || recomputed > own
        closest = min(closest, (objective - recomputed) / objective)
      }
    }
    // The orders do tell, and the room is small.
    #expect(hasMoved && closest < 1e-13)
  }
}
