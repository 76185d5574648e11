import BidualModels

/// Tells UTF-8 text from binary content.
enum TextBytes {
  /// Checks that the bytes are UTF-8 without a NUL.
  ///
  /// - Throws: `DataError` of kind `badData` naming the line and place of the first byte that is wrong.
  /// - Complexity: O(bytes).
  static func check(_ bytes: [UInt8]) throws(DataError) {
    var position = 0
    while position < bytes.count {
      let byte = bytes[position]
      let length = byte < 0x80 ? (byte == 0 ? 0 : 1) : sequenceLength(bytes, at: position)
      guard length > 0 else { throw complaint(bytes, at: position) }
      position += length
    }
  }

  /// The length of the well-formed sequence of two to four bytes at a place, or 0 where there is none.
  private static func sequenceLength(_ bytes: [UInt8], at position: Int) -> Int {
    let lead = bytes[position]
    let length: Int
    // What the second byte may be keeps out overlong forms, surrogates and scalars beyond U+10FFFF.
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch lead {
    case 0xC2...0xDF: length = 2
    case 0xE0...0xEF:
      length = 3
      if lead == 0xE0 { second = 0xA0...0xBF }
      if lead == 0xED { second = 0x80...0x9F }
    case 0xF0...0xF4:
      length = 4
      if lead == 0xF0 { second = 0x90...0xBF }
      if lead == 0xF4 { second = 0x80...0x8F }
    default: return 0
    }
    guard position + length <= bytes.count, second ~= bytes[position + 1] else { return 0 }
    let isWhole = (position + 2..<position + length).allSatisfy { 0x80...0xBF ~= bytes[$0] }
    return isWhole ? length : 0
  }

  private static func complaint(_ bytes: [UInt8], at position: Int) -> DataError {
    var line = 1
    for index in 0..<position {
      let isLoneReturn = bytes[index] == UInt8(ascii: "\r") && bytes[index + 1] != UInt8(ascii: "\n")
      if bytes[index] == UInt8(ascii: "\n") || isLoneReturn { line += 1 }
    }
    let digits = String(bytes[position], radix: 16, uppercase: true)
    let byte = digits.count == 1 ? "0x0\(digits)" : "0x\(digits)"
    return DataError(
      .badData,
      "line \(line): byte \(byte) at place \(position + 1) of the file is not text; save the data as CSV in UTF-8"
    )
  }
}
