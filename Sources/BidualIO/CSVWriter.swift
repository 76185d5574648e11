import BidualModels

/// Writes tables of numbers as comma-separated files.
///
/// Each number takes the shortest form that reads back as the same double.
public enum CSVWriter {
  /// The CSV file of a table: a line of names and a line for each row, each ending in LF.
  ///
  /// - Complexity: O(entries).
  public static func bytes(_ table: Table) -> [UInt8] {
    var bytes: [UInt8] = []
    for (index, name) in table.names.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      append(name: name, to: &bytes)
    }
    bytes.append(UInt8(ascii: "\n"))
    for row in 0..<table.rows {
      for (index, value) in table.values.row(row).enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        bytes.append(contentsOf: value.description.utf8)
      }
      bytes.append(UInt8(ascii: "\n"))
    }
    return bytes
  }

  /// The CSV file of one column of texts.
  ///
  /// - Complexity: O(characters).
  public static func bytes(column: String, texts: [String]) -> [UInt8] {
    var bytes: [UInt8] = []
    for text in [column] + texts {
      append(name: text, to: &bytes)
      bytes.append(UInt8(ascii: "\n"))
    }
    return bytes
  }

  /// Writes the table to the file at a path, whole or not at all.
  ///
  /// - Throws: `DataError` of kind `cannotWrite`, as `AtomicFile.write(_:to:)`.
  /// - Complexity: O(entries).
  public static func write(_ table: Table, to path: String) throws(DataError) {
    try AtomicFile.write(bytes(table), to: path)
  }

  /// A name in quotes, unless it is a plain word that no reader could take for anything else.
  private static func append(name: String, to bytes: inout [UInt8]) {
    let isWord = name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
      default: false
      }
    }
    guard isWord, let first = name.utf8.first, first > UInt8(ascii: "9") else {
      bytes.append(UInt8(ascii: "\""))
      for byte in name.utf8 {
        if byte == UInt8(ascii: "\"") { bytes.append(byte) }
        bytes.append(byte)
      }
      bytes.append(UInt8(ascii: "\""))
      return
    }
    bytes.append(contentsOf: name.utf8)
  }
}
