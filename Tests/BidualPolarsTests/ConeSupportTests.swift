import BidualLinear
import Testing

@testable import BidualPolars

@Suite struct ConeSupportTests {
  /// max{qᵀλ : ‖Pλ‖ ≤ 1, λ ≥ 0} by trying every face: on a face it is √(q_FᵀG_F⁻¹q_F) if λ ≥ 0 there.
  private func exact(_ generators: Matrix, _ q: [Double]) -> Double {
    var best = 0.0
    for face in 1..<(1 << q.count) {
      let members = q.indices.filter { face >> $0 & 1 == 1 }
      let part = generators.selectingRows(members)
      var factor = part.timesTransposed(part).elements
      guard BLAS.choleskyFactor(n: members.count, &factor) else { continue }
      let right = members.map { q[$0] }
      var lambda = right
      BLAS.choleskySolve(n: members.count, factor: factor, x: &lambda)
      if lambda.allSatisfy({ $0 >= 0 }) { best = max(best, dot(right, lambda).squareRoot()) }
    }
    return best
  }

  private func bound(_ generators: Matrix, _ q: [Double]) -> Double {
    let support = ConeSupport(rank: q.count)
    return support.bound(generators: generators.elements, q: q)
  }

  private func cone(_ rank: Int, spread: Double, _ random: inout SeededGenerator) -> Matrix {
    let center = (0..<rank).map { _ in 0.3 + random.nextUniform() }
    return Matrix(
      (0..<rank).map { k in
        (0..<rank).map { j in (1 - spread) * center[j] + spread * (j == k ? 1 : 0.3 * random.nextUniform()) }
          .normalized
      })
  }

  @Test(arguments: 1...7) func boundIsValidAndTightOnWellConditionedCones(rank: Int) {
    var random = SeededGenerator(seed: UInt64(rank))
    for trial in 0..<1500 {
      let generators = cone(rank, spread: 0.2 + 0.8 * random.nextUniform(), &random)
      let scale = [1e-8, 1, 1e8][trial % 3]
      let q = (0..<rank).map { _ in scale * (random.nextGaussian() + Double(trial % 4) - 1) }
      let expected = exact(generators, q)
      let found = bound(generators, q)
      #expect(found >= expected - 1e-14 * norm(q))
      #expect(found <= expected + 1e-9 * norm(q))
    }
  }

  /// Narrow cones, as after many bisections: the bound must not fall below a point of the cone.
  @Test(arguments: 2...6) func boundIsValidOnNarrowCones(rank: Int) {
    var random = SeededGenerator(seed: UInt64(20 + rank))
    for trial in 0..<200 {
      let generators = cone(rank, spread: [1e-2, 1e-5, 1e-9, 1e-13][trial % 4], &random)
      let q = (0..<rank).map { _ in random.nextGaussian() }
      let found = bound(generators, q)
      for _ in 0..<200 {
        let lambda = (0..<rank).map { _ in -random.nextGaussian().magnitude * random.nextUniform() }
          .map { Bool.random(using: &random) ? -$0 : 0 }
        let point = generators.transposedTimes(lambda)
        let length = norm(point)
        guard length > 0 else { continue }
        #expect(dot(q, lambda) / length <= found + 1e-13 * norm(q))
      }
      // Values of a linear function give its norm or less.
      let g = (0..<rank).map { _ in random.nextGaussian() }
      let linear = bound(generators, generators.times(g))
      #expect(linear <= norm(g) * (1 + 1e-9))
    }
  }

  @Test func cornersAndAxes() {
    let axes = Matrix.identity(3)
    #expect(abs(bound(axes, [3, 4, -5]) - 5) <= 1e-14)
    #expect(abs(bound(axes, [-3, 4, -5]) - 4) <= 1e-14)
    #expect(bound(axes, [-3, -4, -5]) == 0)
    #expect(bound(axes, [0, 0, 0]) == 0)
    #expect(bound(Matrix([[1.0]]), [2]) == 2)
  }
}
