import BidualLinear
import Testing

@Suite struct BLASScalarTests {
  private func check<Scalar: BLASScalar>(_: Scalar.Type, accuracy: Scalar) {
    var random = SeededGenerator(seed: 3)
    for (m, n, k) in [(1, 1, 1), (2, 3, 4), (7, 5, 33)] {
      let a = Scalar.rounded((0..<(m * k)).map { _ in random.nextGaussian() })
      let b = Scalar.rounded((0..<(k * n)).map { _ in random.nextGaussian() })
      let start = Scalar.rounded((0..<(m * n)).map { _ in random.nextGaussian() })
      for (transposeA, transposeB) in [(false, false), (true, false), (false, true)] {
        var c = start
        Scalar.gemm(
          transposeA: transposeA, transposeB: transposeB, m: m, n: n, k: k, alpha: 2, a: a, b: b, beta: -1,
          c: &c)
        for i in 0..<m {
          for j in 0..<n {
            var sum = -start[i * n + j]
            for l in 0..<k {
              sum +=
                2 * (transposeA ? a[l * m + i] : a[i * k + l]) * (transposeB ? b[j * k + l] : b[l * n + j])
            }
            #expect(abs(c[i * n + j] - sum) <= accuracy * Scalar(k + 1))
          }
        }
      }
    }
  }

  @Test func productsAgreeWithLoops() {
    check(Double.self, accuracy: 1e-14)
    check(Float.self, accuracy: 1e-5)
  }

  @Test func numbersAreRoundedToTheNearest() {
    #expect(Float.rounded([0.1, -2, 1e39]) == [Float(0.1), -2, .infinity])
    #expect(Double.rounded([0.1]) == [0.1])
  }
}
