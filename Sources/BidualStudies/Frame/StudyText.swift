/// Numbers for the tables of a summary.
enum StudyText {
  /// Four significant digits.
  static func short(_ value: Double?) -> String {
    guard let value else { return "" }
    guard value.isFinite, value != 0 else { return "\(value)" }
    var (scale, size) = (1.0, abs(value))
    while size < 1000, scale < 1e12 { (size, scale) = (size * 10, scale * 10) }
    return scale < 1e12 ? "\((value * scale).rounded() / scale)" : "\(value)"
  }
}
