import BidualLinear
import Testing

@Suite struct SeededGeneratorTests {
  /// Words from an implementation of the published algorithms in another language.
  @Test func wordsAreThoseOfXoshiro256SeededBySplitMix64() {
    var random = SeededGenerator(seed: 1_234_567)
    let expected: [UInt64] = [
      3_504_822_795_582_309_479, 1_819_558_768_956_484_042, 1_250_851_346_055_027_673,
      16_940_231_675_099_994_102, 11_585_879_347_611_423_030,
    ]
    #expect((0..<5).map { _ in random.next() } == expected)
  }

  @Test func oneSeedGivesOneSequence() {
    var a = SeededGenerator(seed: 9)
    var b = SeededGenerator(seed: 9)
    var c = SeededGenerator(seed: 10)
    let first = (0..<100).map { _ in a.nextGaussian().bitPattern }
    #expect(first == (0..<100).map { _ in b.nextGaussian().bitPattern })
    #expect(first != (0..<100).map { _ in c.nextGaussian().bitPattern })
  }

  @Test func uniformsFillTheirInterval() {
    var random = SeededGenerator(seed: 1)
    var bins = [Int](repeating: 0, count: 20)
    for _ in 0..<100_000 {
      let x = random.nextUniform()
      guard x >= 0, x < 1 else {
        Issue.record("\(x) lies outside [0, 1)")
        return
      }
      bins[Int(x * 20)] += 1
    }
    // Five standard deviations of a bin.
    for count in bins { #expect(abs(count - 5000) < 350) }
  }

  @Test func gaussiansHaveTheirMoments() {
    var random = SeededGenerator(seed: 2)
    let count = 200_000
    let xs = (0..<count).map { _ in random.nextGaussian() }
    let moments = (1...4).map { power in
      xs.reduce(0) { sum, x in sum + (0..<power).reduce(1) { product, _ in product * x } } / Double(count)
    }
    let root = Double(count).squareRoot()
    // Standard deviations of the four sample moments: 1, √2, √15, √96, each over √n.
    for (found, (expected, spread)) in zip(moments, [(0.0, 1.0), (1, 1.42), (0, 3.9), (3, 9.8)]) {
      #expect(abs(found - expected) < 5 * spread / root)
    }
    #expect(xs.allSatisfy { $0.isFinite })
    let beyond = Double(xs.count { abs($0) > 2 }) / Double(count)
    #expect(abs(beyond - 0.0455) < 0.0025)
  }
}
