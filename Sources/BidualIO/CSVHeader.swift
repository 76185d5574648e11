import BidualModels

/// The columns of a CSV file, from its first record.
struct CSVHeader {
  /// The names of the columns.
  let columns: ColumnNames
  /// Whether the first record holds the names, rather than data.
  let isNamed: Bool

  /// Reads the names and leaves the scanner at the first row of data.
  ///
  /// - Throws: `DataError` of kind `badData` for a first record that can't be a header.
  /// - Complexity: O(record).
  init(_ scanner: inout CSVScanner, isNamed: Bool) throws(DataError) {
    var ahead = scanner
    var cells: [CSVCell] = []
    repeat {
      cells.append(ahead.next())
      try Self.checkForm(cells[cells.count - 1], index: cells.count - 1, line: scanner.line)
    } while !cells[cells.count - 1].endsRecord
    guard cells.count > 1 || !cells[0].isBlank else {
      throw DataError(.badData, "line \(scanner.line) is blank; delete it")
    }
    let bytes = scanner.bytes
    self.isNamed = isNamed
    guard isNamed else {
      columns = try ColumnNames(ColumnNames.numbered(cells.count))
      return
    }
    guard
      !cells.allSatisfy({
        $0.form == .plain && DecimalNumber.parse(bytes, $0.content, point: scanner.dialect.point) != nil
      })
    else {
      throw DataError(
        .badData,
        "the first line holds numbers where the column names are expected; pass ", .noHeader,
        ", or add a line of names")
    }
    columns = try ColumnNames(cells.map { $0.text(in: bytes) })
    scanner = ahead
  }

  private static func checkForm(_ cell: CSVCell, index: Int, line: Int) throws(DataError) {
    if cell.form == .unterminated {
      throw DataError(
        .badData, "line \(line), column \(index + 1): a quote opens here and is never closed; close it")
    }
    if cell.form == .overrun {
      throw DataError(
        .badData,
        "line \(line), column \(index + 1): text follows the closing quote; double every quote inside a quoted cell"
      )
    }
  }
}
