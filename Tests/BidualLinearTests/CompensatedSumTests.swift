import BidualLinear
import Testing

@Suite struct CompensatedSumTests {
  private func sum(_ terms: [Double]) -> Double {
    var sum = CompensatedSum()
    for term in terms { sum.add(term) }
    return sum.value
  }

  @Test func smallTermsSurviveHugeOnesThatCancel() {
    #expect(sum([]) == 0)
    #expect(sum([1, 1e100, 1, -1e100]) == 2)
    #expect(sum([1e16, 1, -1e16]) == 1)
    #expect(sum(Array(repeating: 0.1, count: 10)) == 1)
  }

  /// Integers below 2⁵³ whose sum an integer type holds exactly.
  @Test func sumsOfCancellingIntegersAreExact() {
    var random = SeededGenerator(seed: 5)
    for _ in 0..<100 {
      var terms: [Double] = []
      var exact = 0
      for _ in 0..<500 {
        let whole = Int.random(in: -(1 << 52)...(1 << 52), using: &random)
        let rest = Int.random(in: -1000...1000, using: &random)
        terms += [Double(whole), Double(-whole + rest)]
        exact += rest
      }
      terms.shuffle(using: &random)
      let magnitude = terms.reduce(0) { $0 + abs($1) }
      // The documented bound: 2u|S| + n·(n u)²-like terms, far below one unit here.
      #expect(abs(sum(terms) - Double(exact)) <= 0x1p-52 * abs(Double(exact)) + 1e6 * 0x1p-106 * magnitude)
    }
  }
}
