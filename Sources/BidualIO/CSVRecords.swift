import BidualModels

/// Takes the records of a CSV file one by one, and sees to it that each has a cell for every column.
struct CSVRecords {
  /// The columns.
  let header: CSVHeader
  /// The records taken.
  private(set) var count = 0
  /// The line at which the latest one began.
  private(set) var line = 0

  /// None as yet, of a file with these columns.
  init(header: CSVHeader) { self.header = header }

  /// Takes the next record and hands over its cells, each with the place of its column.
  ///
  /// - Throws: `DataError` of kind `badData` for a record of the wrong length or with a quote out of place.
  /// - Complexity: O(record).
  mutating func next(_ scanner: inout CSVScanner, _ take: (_ column: Int, CSVCell) -> Void) throws(DataError)
  {
    line = scanner.line
    count += 1
    let width = header.columns.names.count
    var column = 0
    var isBlank = false
    while true {
      let cell = scanner.next()
      switch cell.form {
      case .unterminated:
        throw located(.init(.badData, "a quote opens here and is never closed; close it"), column: column)
      case .overrun:
        throw located(
          .init(.badData, "text follows the closing quote; double every quote inside a quoted cell"),
          column: column)
      case .plain, .quoted: break
      }
      if column < width { take(column, cell) }
      column += 1
      if cell.endsRecord {
        isBlank = column == 1 && cell.isBlank
        break
      }
    }
    guard !isBlank else {
      throw DataError(.badData, "line \(line) is blank; delete it, or fill in its cells")
    }
    guard column == width else {
      let many = column == 1 ? "1 cell" : "\(column) cells"
      let due = header.isNamed ? "the header names \(width)" : "the first row has \(width)"
      let remedy = column < width ? "fill in the missing cells" : "delete the surplus"
      throw DataError(.badData, "\(place): \(many), but \(due); \(remedy) or drop the row")
    }
  }

  /// The latest row and, where the row number doesn't tell it, its line in the file.
  private var place: String {
    line == count + (header.isNamed ? 1 : 0) ? "row \(count)" : "row \(count) (line \(line))"
  }

  /// What is wrong with a cell of the latest record that should be a number, and what to do about it.
  ///
  /// - Parameter isAmongNumbers: whether the rest of its column is read whatever it holds.
  func trouble(
    _ cell: CSVCell, _ bytes: [UInt8], _ dialect: CSVDialect, column: Int, isAmongNumbers: Bool = false
  ) -> DataError {
    located(trouble(cell, bytes, dialect, isAmongNumbers), column: column)
  }

  private func trouble(_ cell: CSVCell, _ bytes: [UInt8], _ dialect: CSVDialect, _ isAmongNumbers: Bool)
    -> DataError
  {
    func bad(_ message: String) -> DataError { DataError(.badData, message) }
    let text = cell.text(in: bytes)
    guard !text.isEmpty else {
      return DataError(
        .badData, "the cell is empty; drop the row, fill in a value, or choose what to do by ", .missing)
    }
    let shown = "\"\(Excerpt(text))\""
    if DecimalNumber.parse(bytes, cell.content, point: dialect.point) != nil {
      return bad("\(shown) is too large for a double; drop the row or replace the value")
    }
    if ["nan", "inf", "infinity"].contains(text.lowercased().drop { "+-".contains($0) }) {
      return bad("\(shown) is not a finite number; drop the row or replace the value")
    }
    if text.contains(";") || text.contains("\t") {
      return bad("\(shown) is not a number; part the cells by one kind of separator only")
    }
    if count == 1, !header.isNamed {
      return DataError(
        .badData, "\(shown) is not a number; leave out ", .noHeader, " if the first line names the columns")
    }
    let remedy = "\(shown) is not a number; drop the row or replace the value"
    return isAmongNumbers
      ? DataError(.badData, remedy + ", or take the column's values as categories by ", .categories)
      : bad(remedy)
  }

  private func located(_ error: DataError, column: Int) -> DataError {
    let names = header.columns.names
    let name = column < names.count ? "'\(Excerpt(names[column]))'" : "\(column + 1)"
    return error.located(in: "\(place), column \(name)")
  }
}
