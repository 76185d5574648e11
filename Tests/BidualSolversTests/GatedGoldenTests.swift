import BidualArrangements
import BidualCertificates
import BidualLinear
import BidualModels
import BidualSolvers
import Testing

/// The gated references: all open chambers as gates.
@Suite struct GatedGoldenTests {
  @Test func allReferenceCasesAreThere() { #expect(GoldenCase.cases("gated_squared_").count == 7) }

  @Test(arguments: GoldenCase.cases("gated_squared_")) func optimumOfTheReference(golden: GoldenCase) throws {
    let plain = try golden.problem()
    let tree = try Arrangement(plain.design).chambers()
    let gates = Matrix((0..<tree.count).map(tree.interiorPoint))
    let problem = try plain.replacing(architecture: Gated(Gates(vectors: gates)))
    var options = GivenPatterns.Options()
    options.gap = 1e-7
    let outcome = try PatternTraining(problem, options: options).train()
    let certificate = outcome.certificate
    #expect(certificate.scope == .restricted)
    // The reference for `lowrank` was computed on 1112 of the 1124 chambers, needles among them; more gates
    // reach lower.
    #expect(tree.count == 1124 || certificate.objective >= golden.optimum * (1 - 1e-6))
    #expect(certificate.objective <= golden.optimum * (1 + 1e-6))
    #expect(certificate.lowerBound <= golden.optimum * (1 + 1e-6))
    #expect(certificate.relativeGap <= 1e-6)
    try Certifier(problem).verify(certificate, of: outcome.network)
  }
}
