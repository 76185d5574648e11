import BidualLinear
import Testing

@testable import BidualPolars

/// The walk through all chambers with a principal component analysis in each and the branch and bound on boxes share no step; they
/// must agree.
@Suite struct EnumeratedVectorPolarTests {
  @Test(arguments: DesignKind.allCases, 1...4) func walkAndProofAgree(kind: DesignKind, rank: Int) throws {
    var random = SeededGenerator(seed: UInt64(700 + rank))
    for (rows, outputs) in [(1, 2), (3, 2), (7, 3), (12, 1), (rank == 4 ? 12 : 20, 4)] {
      let (design, weights) = kind.instance(rows: rows, rank: rank, outputs: outputs, &random)
      let rounding = 1e-10 * vectorMagnitude(design, weights, outputs: outputs) + 1e-100
      let walked = try EnumeratedVectorPolar(design, outputs: outputs).bound(weights)
      let proven = VectorPolar(design, outputs: outputs)
        .bound(weights, goal: .maximize(relativeTolerance: 1e-5, floor: 0))
      #expect(walked.upper <= proven.upper + rounding, "\(kind), \(rows) rows")
      #expect(proven.upper <= walked.upper * (1 + 1.1e-5) + rounding, "\(kind), \(rows) rows")
      let best = try #require(walked.maximizers.first)
      let value = norm(naiveImage(design, weights, outputs: outputs, best.direction))
      #expect(abs(value - walked.upper) <= rounding)
    }
  }

  @Test func tooManyChambersAreRefused() {
    var random = SeededGenerator(seed: 1)
    let design = Matrix(rows: 30, columns: 3, elements: (0..<90).map { _ in random.nextGaussian() })
    #expect(throws: (any Error).self) { try EnumeratedVectorPolar(design, outputs: 2, limit: 100) }
  }
}
