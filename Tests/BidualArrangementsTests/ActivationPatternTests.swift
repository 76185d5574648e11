import BidualArrangements
import BidualLinear
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

  @Test(arguments: [0, 1, 7, 8, 9, 63, 64, 65, 200]) func bytesHoldThePattern(count: Int) throws {
    var random = SeededGenerator(seed: UInt64(count))
    let pattern = ActivationPattern(preActivations: (0..<count).map { _ in random.nextGaussian() })
    let bytes = pattern.bytes
    for i in 0..<count { #expect((bytes[i / 8] >> UInt8(i % 8) & 1 == 1) == pattern[i]) }
    #expect(ActivationPattern(bytes: bytes, count: count) == pattern)
  }

  /// Files may say anything.
  @Test func bytesThatAreNoPattern() {
    for count in [-5, -1, .min, .max, 1, 8] {
      #expect(ActivationPattern(bytes: [UInt8](), count: count) == nil)
    }
    for count in [-8, 0, 9, .min, .max] { #expect(ActivationPattern(bytes: [1], count: count) == nil) }
    #expect(ActivationPattern(bytes: [0b1000], count: 3) == nil)
  }
}
