import BidualCertificates
import BidualLinear
import BidualModels
import BidualObjectives
import Testing

@testable import BidualSolvers

@Suite struct ErgenPilanci13Tests {
  private func problem(width: Int) throws -> TrainingProblem {
    var random = SeededGenerator(seed: 6)
    return try TrainingProblem(
      design: Matrix(rows: 6, columns: 2, elements: (0..<12).map { _ in random.nextGaussian() }),
      targets: (0..<6).map { _ in random.nextGaussian() }, beta: 0.05, architecture: ThreeLayer(width: width))
  }

  /// The printed program has the optimum of two layers, which three layers pass.
  @Test func itHasTheOptimumOfTwoLayers() throws {
    let problem = try problem(width: 2)
    let printed = try ErgenPilanci13(problem).train()
    let twoLayer = try WorkingSet(problem.replacing(architecture: TwoLayer())).train()
    let objective = printed.certificate.objective
    #expect(abs(objective - twoLayer.certificate.objective) <= 1e-6 * objective)
    #expect(abs(problem.objective(printed.network) - objective) <= 1e-9 * objective)
    #expect(printed.certificate.scope == .global)
    try Certifier(problem).verify(printed.certificate, of: printed.network)
    let exact = try WorkingSet(problem).train(stop: StopSignal(timeLimit: .seconds(20)))
    #expect(exact.certificate.objective < 0.99 * objective)
    #expect(printed.certificate.lowerBound <= exact.certificate.objective)
  }

  @Test func otherArchitecturesAreRefused() throws {
    let twoLayer = try problem(width: 2).replacing(architecture: TwoLayer())
    #expect(throws: DataError.self) { try ErgenPilanci13(twoLayer) }
  }
}
