import BidualIO
import BidualModels
import Testing

@Suite struct DecimalNumberTests {
  /// The numbers as the CSV reader sees them.
  private func read(_ texts: [String]) throws -> [Double] {
    try CSVReader().table(bytes: Array("x\n\(texts.joined(separator: "\n"))\n".utf8)).values.elements
  }

  private func check(_ texts: [String]) throws {
    let expected = texts.map { Double($0)! }
    let found = try read(texts)
    for (text, pair) in zip(texts, zip(found, expected)) where pair.0.bitPattern != pair.1.bitPattern {
      Issue.record("\(text) read as \(pair.0), not \(pair.1)")
    }
  }

  @Test func randomDecimalsAgreeWithTheStandardLibrary() throws {
    var random = SeededGenerator(seed: 4)
    var texts: [String] = []
    for _ in 0..<100_000 {
      let digits = (0..<Int.random(in: 1...24, using: &random)).map { _ in
        Character("\(Int.random(in: 0...9, using: &random))")
      }
      let point = Int.random(in: 0...digits.count, using: &random)
      var text = ["", "-", "+"].randomElement(using: &random)!
      text += String(digits[..<point])
      if Bool.random(using: &random) { text += "." }
      text += String(digits[point...])
      switch Int.random(in: 0..<4, using: &random) {
      case 0: text += "e\(Int.random(in: -25...25, using: &random))"
      case 1:
        text += "E\(["", "+", "-"].randomElement(using: &random)!)\(Int.random(in: 0...280, using: &random))"
      default: break
      }
      texts.append(text)
    }
    try check(texts)
  }

  @Test func printedDoublesAgreeWithTheStandardLibrary() throws {
    var random = SeededGenerator(seed: 5)
    try check((0..<100_000).map { _ in random.finiteDouble().description })
    try check((0..<100_000).map { _ in Double.random(in: -1000...1000, using: &random).description })
  }

  /// Numbers halfway between two doubles, or a hair beside, all of at most 19 digits.
  @Test func halfwayCasesRoundToEven() throws {
    var random = SeededGenerator(seed: 6)
    var texts = ["9007199254740993", "9007199254740993.0", "9007199254740993.001", "9007199254740992.999"]
    for _ in 0..<50_000 {
      let odd = UInt64.random(in: (1 << 53)...(1 << 54), using: &random) | 1
      let shift = UInt64.random(in: 0...8, using: &random)
      let halfway = odd << shift
      texts += ["\(halfway)", "\(halfway).0", "\(halfway + 1)", "\(halfway - 1)", "\(halfway)e-3"]
      // odd / 2ᵏ has an exact decimal form.
      texts.append("\(odd >> 1).5")
    }
    try check(texts)
  }

  @Test func edgesOfTheRange() throws {
    try check([
      "0", "-0", "0e999999999999999999999", "-0.000e-5", "1e-400", "-1e-99999999999999999999", "4.9e-324",
      "2.4703282292062327208e-324", "2.4703282292062328e-324", "2.2250738585072014e-308",
      "1.7976931348623157e308", "1.7976931348623158e308", "18446744073709551615", "18446744073709551616",
      "9999999999999999999", "0.9999999999999999999", "0.0000000000000000001", "00000000000000000000001.5",
      "0.00000000000000000000000000000000000000001", "1e22", "1e23", "1e-22", "1e-23", "9007199254740992e22",
      "9007199254740993e-19", "123456789012345678901234567890e-30", "5.", ".5", "+.5e1", "1E+05", "1e-003",
    ])
  }

  @Test(arguments: [
    "+", "-", ".", "e5", "1e", "1e+", "1.2.3", "--1", "+-1", "1 2", "1_000", "1e1.5", "0x10", "١",
  ])
  func otherTextIsNoNumber(text: String) {
    expectError(
      .badData, "row 1, column 'x': \"\(text)\" is not a number; drop the row or replace the value"
    ) { try read([text]) }
  }

  @Test(arguments: ["1.7976931348623159e308", "-1e309", "1e99999999999999999999999"])
  func hugeNumbersAreTooLarge(text: String) {
    expectError(
      .badData, "row 1, column 'x': \"\(text)\" is too large for a double; drop the row or replace the value"
    ) { try read([text]) }
  }
}
