/// One cell of a CSV file: where its content stands among the file's bytes.
struct CSVCell {
  /// How a cell was written.
  enum Form {
    case plain
    case quoted
    /// The opening quote is never closed.
    case unterminated
    /// Text follows the closing quote.
    case overrun
  }

  /// The content, without the spaces and quotes around it.
  let content: Range<Int>
  /// How the cell was written.
  let form: Form
  /// Whether the record ends with this cell.
  let endsRecord: Bool

  /// Whether this cell is all there is on a line with nothing but spaces.
  var isBlank: Bool { content.isEmpty && form == .plain }

  /// The text of the cell, doubled quotes made single.
  ///
  /// - Complexity: O(content).
  func text(in bytes: [UInt8]) -> String {
    guard form != .plain else { return String(decoding: bytes[content], as: UTF8.self) }
    var kept: [UInt8] = []
    var skips = false
    for byte in bytes[content] {
      skips = byte == UInt8(ascii: "\"") && !skips
      // Of each pair of quotes the second stays.
      if !skips { kept.append(byte) }
    }
    return String(decoding: kept, as: UTF8.self)
  }
}
