import BidualArrangements
import BidualLinear
import Testing

@Suite struct SamplingTests {
  @Test func theGeneratorRepeatsItself() {
    var first = SeededGenerator(seed: 7)
    var second = SeededGenerator(seed: 7)
    var other = SeededGenerator(seed: 8)
    let numbers = (0..<100).map { _ in first.nextGaussian() }
    #expect(numbers == (0..<100).map { _ in second.nextGaussian() })
    #expect(first == second)
    #expect(numbers[0] != other.nextGaussian())
  }

  @Test func gaussianNumbersHaveTheRightMoments() {
    var generator = SeededGenerator(seed: 1)
    let count = 200_000
    var moments = [0.0, 0.0, 0.0, 0.0]
    for _ in 0..<count {
      let x = generator.nextGaussian()
      moments[0] += x
      moments[1] += x * x
      moments[2] += x * x * x
      moments[3] += x * x * x * x
    }
    // Five standard errors of each mean.
    for (sum, (mean, variance)) in zip(moments, [(0.0, 1.0), (1, 2), (0, 15), (3, 96)]) {
      #expect(abs(sum / Double(count) - mean) < 5 * (variance / Double(count)).squareRoot())
    }
  }
}
