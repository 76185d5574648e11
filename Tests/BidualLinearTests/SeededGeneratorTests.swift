import BidualLinear
import Testing

@Suite struct SeededGeneratorTests {
  @Test func wordsAreThoseOfSplitMix64() {
    var random = SeededGenerator(seed: 1_234_567)
    let expected: [UInt64] = [
      6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
      4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
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
