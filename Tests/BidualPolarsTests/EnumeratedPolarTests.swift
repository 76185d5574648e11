import BidualLinear
import Testing

@testable import BidualPolars

/// The walk through all chambers and the branch and bound on cones share no step; they must agree.
@Suite struct EnumeratedPolarTests {
  @Test(arguments: DesignKind.allCases, 1...4) func walkAndProofAgree(kind: DesignKind, rank: Int) throws {
    var random = SeededGenerator(seed: UInt64(900 + rank))
    for rows in [3, 7, 12, 20, 28, 34, 40, 40] {
      let (design, weights) = kind.instance(rows: rank == 4 ? min(rows, 28) : rows, rank: rank, &random)
      let size = magnitude(design, weights)
      let walked = try EnumeratedPolar(design).bound(weights)
      let proof = SphericalBranchAndBound(design)
      let found = proof.bound(weights, goal: .maximize(relativeTolerance: 1e-7, floor: 0))
      #expect(walked.upper <= found.upper + 1e-12 * size)
      #expect(found.upper <= walked.upper * (1 + 1.1e-7) + 1e-10 * size)
      // The maximiser takes the value.
      if let best = walked.maximizers.first {
        #expect(abs(best.sign * naiveValue(design, weights, best.direction) - walked.upper) <= 1e-10 * size)
      }
      // A threshold just above is proven, one just below is refuted.
      guard walked.upper > 1e-9 * size else { continue }
      let above = proof.bound(
        weights, goal: .prove(threshold: walked.upper * (1 + 1e-6), maximumViolators: 4))
      #expect(above.isComplete && above.maximizers.isEmpty)
      let below = proof.bound(
        weights, goal: .prove(threshold: walked.upper * (1 - 1e-6), maximumViolators: 4))
      #expect(!below.maximizers.isEmpty)
    }
  }
}
