/// Reads decimal numbers such as `-1.5`, `+.5` and `1e-3`, each rounded to the nearest double.
enum DecimalNumber {
  /// The number that the bytes in a range spell, or nil where they spell none.
  ///
  /// `point` parts the whole from the fraction. Agrees bit for bit with `Double(String)`; too large a number gives an infinity, while the words
  /// `nan` and `inf` and hexadecimal forms count as no number.
  ///
  /// - Complexity: O(range).
  static func parse(_ bytes: [UInt8], _ range: Range<Int>, point: UInt8 = UInt8(ascii: ".")) -> Double? {
    var position = range.lowerBound
    let end = range.upperBound
    var isNegative = false
    if position < end, bytes[position] == UInt8(ascii: "-") || bytes[position] == UInt8(ascii: "+") {
      isNegative = bytes[position] == UInt8(ascii: "-")
      position += 1
    }
    // The digits read so far are significand · 10^exponent, exact while at most 19 are significant.
    var significand: UInt64 = 0
    var significant = 0
    var digits = 0
    var exponent = 0
    var sawPoint = false
    while position < end {
      let digit = bytes[position] &- UInt8(ascii: "0")
      if digit <= 9 {
        digits += 1
        if significant < 19 {
          significand = significand &* 10 &+ UInt64(digit)
        }
        if significand != 0 { significant += 1 }
        if sawPoint { exponent -= 1 }
      } else if bytes[position] == point, !sawPoint {
        sawPoint = true
      } else {
        break
      }
      position += 1
    }
    guard digits > 0 else { return nil }
    if position < end {
      guard let power = parseExponent(bytes, position..<end) else { return nil }
      exponent += power
    }
    if significant <= 19, let magnitude = exact(significand, exponent) {
      return isNegative ? -magnitude : magnitude
    }
    return Double(
      String(decoding: bytes[range].map { $0 == point ? UInt8(ascii: ".") : $0 }, as: UTF8.self))
  }

  /// The value of `e-3` or the like, which must fill the whole range; clamped far outside doubles.
  private static func parseExponent(_ bytes: [UInt8], _ range: Range<Int>) -> Int? {
    var position = range.lowerBound
    let end = range.upperBound
    guard bytes[position] | 0x20 == UInt8(ascii: "e") else { return nil }
    position += 1
    var isNegative = false
    if position < end, bytes[position] == UInt8(ascii: "-") || bytes[position] == UInt8(ascii: "+") {
      isNegative = bytes[position] == UInt8(ascii: "-")
      position += 1
    }
    guard position < end else { return nil }
    var power = 0
    while position < end {
      let digit = bytes[position] &- UInt8(ascii: "0")
      guard digit <= 9 else { return nil }
      power = min(power * 10 + Int(digit), 1_000_000)
      position += 1
    }
    return isNegative ? -power : power
  }

  /// significand · 10^exponent rounded to nearest, or nil where the quick ways don't reach.
  private static func exact(_ significand: UInt64, _ exponent: Int) -> Double? {
    if significand == 0 { return 0 }
    // Both factors are doubles, so that the one operation rounds once.
    if significand <= 1 << 53, abs(exponent) <= 22 {
      return exponent < 0
        ? Double(significand) / powers[-exponent] : Double(significand) * powers[exponent]
    }
    guard (-19)...0 ~= exponent else { return nil }
    // An integer quotient of 64 bits or more, its last bit set where anything was cut off, rounds to
    // the same double as the true quotient.
    let shift = significand.leadingZeroBitCount
    let dividend = UInt128(significand << UInt64(shift)) << 64
    let (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: UInt128(integerPowers[-exponent]))
    let excess = 64 - quotient.leadingZeroBitCount
    let kept = UInt64(truncatingIfNeeded: quotient >> UInt128(excess))
    let isCut = remainder != 0 || quotient & ((1 << UInt128(excess)) - 1) != 0
    return Double(sign: .plus, exponent: excess - shift - 64, significand: Double(isCut ? kept | 1 : kept))
  }

  /// 10⁰ … 10²², all exact doubles.
  private static let powers: [Double] = (0...22).map { exponent in
    (0..<exponent).reduce(1.0) { product, _ in product * 10 }
  }

  /// 10⁰ … 10¹⁹, all that fit 64 bits.
  private static let integerPowers: [UInt64] = (0...19).map { exponent in
    (0..<exponent).reduce(1) { product, _ in product * 10 }
  }
}
