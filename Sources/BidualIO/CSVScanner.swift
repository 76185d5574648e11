/// Cuts the bytes of a CSV file into cells.
///
/// Cells are parted by commas, or what the dialect has in their place, and records by CR LF, LF or CR. A cell in quotes may hold separators, line ends
/// and doubled quotes. Spaces around a cell don't count, nor do tabs that don't part cells.
struct CSVScanner {
  /// The bytes of the file.
  let bytes: [UInt8]
  /// How it is written.
  let dialect: CSVDialect
  private let separator: UInt8
  /// The line, from 1, at which the scanner stands.
  private(set) var line = 1
  private var position: Int

  /// A scanner at the start of the file, behind a byte-order mark.
  init(_ bytes: [UInt8], dialect: CSVDialect = CSVDialect()) {
    self.bytes = bytes
    self.dialect = dialect
    separator = dialect.separator(of: bytes)
    position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  /// Whether nothing but spaces and line ends follows.
  var isAtEnd: Bool {
    var ahead = position
    while ahead < bytes.count, isSpace(bytes[ahead]) || Self.endsLine(bytes[ahead]) { ahead += 1 }
    return ahead == bytes.count
  }

  /// The next cell; to be called while `isAtEnd` is false or the last cell did not end its record.
  ///
  /// - Complexity: O(cell).
  mutating func next() -> CSVCell {
    skipSpaces()
    if position < bytes.count, bytes[position] == UInt8(ascii: "\"") { return nextQuoted() }
    let start = position
    while position < bytes.count, !endsCell(bytes[position]) { position += 1 }
    var end = position
    while end > start, isSpace(bytes[end - 1]) { end -= 1 }
    return CSVCell(content: start..<end, form: .plain, endsRecord: passSeparator())
  }

  private mutating func nextQuoted() -> CSVCell {
    position += 1
    let start = position
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: "\"") {
        guard position + 1 < bytes.count, bytes[position + 1] == byte else { break }
        position += 2
      } else if Self.endsLine(byte) {
        passLineEnd()
      } else {
        position += 1
      }
    }
    let content = start..<position
    guard position < bytes.count else {
      return CSVCell(content: content, form: .unterminated, endsRecord: true)
    }
    position += 1
    skipSpaces()
    guard position == bytes.count || endsCell(bytes[position]) else {
      return CSVCell(content: content, form: .overrun, endsRecord: true)
    }
    return CSVCell(content: content, form: .quoted, endsRecord: passSeparator())
  }

  private mutating func skipSpaces() {
    while position < bytes.count, isSpace(bytes[position]) { position += 1 }
  }

  /// Steps over the separator or line end behind a cell; true where the record ends.
  private mutating func passSeparator() -> Bool {
    guard position < bytes.count else { return true }
    guard bytes[position] != separator else {
      position += 1
      return false
    }
    passLineEnd()
    return true
  }

  private mutating func passLineEnd() {
    let isPair =
      bytes[position] == UInt8(ascii: "\r") && position + 1 < bytes.count
      && bytes[position + 1] == UInt8(ascii: "\n")
    position += isPair ? 2 : 1
    line += 1
  }

  private func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || (byte == UInt8(ascii: "\t") && byte != separator)
  }

  private static func endsLine(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
  }

  private func endsCell(_ byte: UInt8) -> Bool {
    byte == separator || Self.endsLine(byte)
  }
}
