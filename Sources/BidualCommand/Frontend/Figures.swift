/// Numbers for people.
enum Figures {
  /// A time that is known only roughly, such as "40 s", "2 min", "3 h" or "5 days".
  static func span(_ seconds: Double) -> String {
    func count(_ unit: Double) -> Int { Int(min(seconds / unit, 1e6).rounded()) }
    if seconds < 99.5 { return "\(count(1)) s" }
    if seconds < 99.5 * 60 { return "\(count(60)) min" }
    if seconds < 47.5 * 3600 { return "\(count(3600)) h" }
    return "\(count(86400)) days"
  }

  /// About six significant digits, with an exponent where that is shorter.
  static func short(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return "\(value)" }
    var exponent = 0
    var mantissa = abs(value)
    while mantissa >= 10 {
      mantissa /= 10
      exponent += 1
    }
    while mantissa < 1 {
      mantissa *= 10
      exponent -= 1
    }
    // Rounding the mantissa may carry into another digit.
    if mantissa >= 9.9995 {
      mantissa /= 10
      exponent += 1
    }
    let sign = value < 0 ? "-" : ""
    if (-3..<7).contains(exponent) {
      var scale = 1.0
      for _ in 0..<max(0, 5 - exponent) { scale *= 10 }
      return sign + "\((abs(value) * scale).rounded() / scale)"
    }
    return sign + "\((mantissa * 1000).rounded() / 1000)e\(exponent)"
  }
}
