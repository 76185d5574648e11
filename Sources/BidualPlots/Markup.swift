/// Text for XML and HTML: the one place where anything is escaped.
package enum Markup {
  /// The text with what markup would read as its own written as entities, and control characters as spaces.
  package static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      // No control character, and none of the code points that XML forbids.
      case "\u{0}"..<" ", "\u{7F}"..<"\u{A0}", "\u{FFFE}", "\u{FFFF}": result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// The text, cut to so many characters.
  package static func shortened(_ text: String, to length: Int = 40) -> String {
    text.count <= length ? text : text.prefix(length - 1) + "…"
  }

  /// A number of so many significant digits, in few characters.
  package static func number(_ value: Double, digits: Int = 4) -> String {
    guard value.isFinite else { return "–" }
    guard value != 0 else { return "0" }
    let exponent = Int(magnitude(value))
    guard (-4..<7).contains(exponent) else {
      let mantissa = rounded(value / power(exponent), digits - 1)
      return trimmed("\(mantissa)") + "e\(exponent)"
    }
    return trimmed("\(rounded(value, max(0, digits - 1 - exponent)))")
  }

  /// The decimal exponent of a number that is not zero.
  static func magnitude(_ value: Double) -> Double {
    var (exponent, rest) = (0.0, abs(value))
    while rest >= 10 {
      rest /= 10
      exponent += 1
    }
    while rest < 1 {
      rest *= 10
      exponent -= 1
    }
    return exponent
  }

  /// 10 to a whole power.
  static func power(_ exponent: Int) -> Double {
    var value = 1.0
    for _ in 0..<min(400, abs(exponent)) { value *= 10 }
    return exponent < 0 ? 1 / value : value
  }

  private static func rounded(_ value: Double, _ decimals: Int) -> Double {
    let scale = power(decimals)
    return (value * scale).rounded() / scale
  }

  private static func trimmed(_ text: String) -> String {
    text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
