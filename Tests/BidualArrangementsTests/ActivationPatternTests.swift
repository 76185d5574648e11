import BidualArrangements
import Testing

@Suite struct ActivationPatternTests {
  @Test(arguments: [0, 1, 63, 64, 65, 200])
  func bits(count: Int) {
    let values = (0..<count).map { $0 % 3 == 0 ? 0.5 : $0 % 3 == 1 ? 0 : -2 }
    var pattern = ActivationPattern(preActivations: values)
    #expect(pattern.count == count)
    #expect((0..<count).allSatisfy { pattern[$0] == ($0 % 3 == 0) })
    #expect(pattern.activeCount == (count + 2) / 3)
    let before = pattern
    for i in 0..<count { pattern.flip(i) }
    #expect(pattern.activeCount == count - before.activeCount)
    for i in 0..<count { pattern[i] = before[i] }
    #expect(pattern == before)
    #expect(pattern.hashValue == before.hashValue)
  }

  @Test func zerosOfEitherSignAreInactive() {
    #expect(ActivationPattern(preActivations: [0.0, -0.0, .leastNonzeroMagnitude]).description == "001")
  }

  @Test func lengthsAreDistinguished() {
    #expect(ActivationPattern(count: 3) != ActivationPattern(count: 4))
  }
}
