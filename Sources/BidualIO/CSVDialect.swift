/// How a CSV file parts its cells and writes its numbers.
public struct CSVDialect: Sendable, Equatable {
  /// What parts cells.
  public enum Separator: String, Sendable, CaseIterable {
    /// A comma where the first line has one outside quotes, else what it has most of semicolons, tabs and bars.
    case automatic = "auto"
    /// A comma.
    case comma
    /// A semicolon.
    case semicolon
    /// A tab.
    case tab

    var byte: UInt8? {
      switch self {
      case .automatic: nil
      case .comma: UInt8(ascii: ",")
      case .semicolon: UInt8(ascii: ";")
      case .tab: UInt8(ascii: "\t")
      }
    }
  }

  /// What parts cells; by default what the first line shows.
  public var separator: Separator
  /// Whether a comma stands where other numbers have a point; then no comma parts cells.
  public var hasDecimalComma: Bool

  /// A dialect.
  public init(separator: Separator = .automatic, hasDecimalComma: Bool = false) {
    self.separator = separator
    self.hasDecimalComma = hasDecimalComma
  }

  /// What stands between the whole and the fraction of a number.
  var point: UInt8 { hasDecimalComma ? UInt8(ascii: ",") : UInt8(ascii: ".") }

  /// What parts the cells of a file.
  ///
  /// - Complexity: O(first line).
  func separator(of bytes: [UInt8]) -> UInt8 {
    if let byte = separator.byte { return byte }
    var counts: [UInt8: Int] = [:]
    var isQuoted = false
    for byte in bytes {
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      guard !isQuoted else { continue }
      if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { break }
      counts[byte, default: 0] += 1
    }
    let comma = UInt8(ascii: ",")
    if !hasDecimalComma, counts[comma] != nil { return comma }
    let others = [UInt8(ascii: ";"), UInt8(ascii: "\t"), UInt8(ascii: "|")]
    let most = others.max { counts[$0] ?? 0 < counts[$1] ?? 0 }
    return most.flatMap { counts[$0] == nil ? nil : $0 } ?? (hasDecimalComma ? others[0] : comma)
  }
}
