import BidualModels

/// The rows of data of a CSV file, taken in one by one.
struct CSVRows {
  /// The numbers of the wanted columns, row after row.
  private(set) var values: [Double] = []
  /// The texts of the label column, one a row.
  private(set) var labels: [String] = []
  /// The number of rows taken in.
  private(set) var count = 0
  /// The number of wanted columns.
  let width: Int

  private let header: CSVHeader
  /// For each column of the file its place among the wanted ones, or nil.
  private let places: [Int?]

  private let label: Int?

  /// No rows yet; `wanted` are the positions of the columns of numbers, `label` that of the column of text.
  init(header: CSVHeader, wanted: [Int], label: Int? = nil) {
    self.header = header
    self.label = label
    var places = [Int?](repeating: nil, count: header.columns.names.count)
    for (place, column) in wanted.enumerated() { places[column] = place }
    self.places = places
    width = wanted.count
  }

  /// Takes in the next record.
  ///
  /// - Throws: `DataError` of kind `badData` for a record of the wrong length or with a bad cell.
  /// - Complexity: O(record).
  mutating func append(_ scanner: inout CSVScanner) throws(DataError) {
    let line = scanner.line
    let start = values.count
    values.append(contentsOf: repeatElement(0, count: width))
    count += 1
    var bad: (column: Int, cell: CSVCell)?
    var column = 0
    var isBlank = false
    while true {
      let cell = scanner.next()
      guard cell.form != .unterminated, cell.form != .overrun else {
        throw complaint(cell, column: column, line: line, in: scanner.bytes)
      }
      if column < places.count, let place = places[column] {
        if let number = DecimalNumber.parse(scanner.bytes, cell.content), number.isFinite {
          values[start + place] = number
        } else if bad == nil {
          bad = (column, cell)
        }
      } else if column == label {
        if cell.content.isEmpty, bad == nil { bad = (column, cell) }
        labels.append(cell.text(in: scanner.bytes))
      }
      column += 1
      if cell.endsRecord {
        isBlank = column == 1 && cell.isBlank
        break
      }
    }
    guard !isBlank else {
      throw DataError(.badData, "line \(line) is blank; delete it, or fill in its cells")
    }
    guard column == places.count else {
      let many = column == 1 ? "1 cell" : "\(column) cells"
      let due = header.isNamed ? "the header names \(places.count)" : "the first row has \(places.count)"
      let remedy = column < places.count ? "fill in the missing cells" : "delete the surplus"
      throw DataError(.badData, "\(place(line)): \(many), but \(due); \(remedy) or drop the row")
    }
    if let bad { throw complaint(bad.cell, column: bad.column, line: line, in: scanner.bytes) }
  }

  /// The current row and, where the row number doesn't tell it, its line in the file.
  private func place(_ line: Int) -> String {
    line == count + (header.isNamed ? 1 : 0) ? "row \(count)" : "row \(count) (line \(line))"
  }

  private func complaint(_ cell: CSVCell, column: Int, line: Int, in bytes: [UInt8]) -> DataError {
    let names = header.columns.names
    let name = column < names.count ? "'\(Excerpt(names[column]))'" : "\(column + 1)"
    return trouble(cell, in: bytes).located(in: "\(place(line)), column \(name)")
  }

  /// What is wrong with a cell, and what to do about it.
  private func trouble(_ cell: CSVCell, in bytes: [UInt8]) -> DataError {
    func bad(_ message: String) -> DataError { DataError(.badData, message) }
    switch cell.form {
    case .unterminated: return bad("a quote opens here and is never closed; close it")
    case .overrun: return bad("text follows the closing quote; double every quote inside a quoted cell")
    case .plain, .quoted: break
    }
    let text = cell.text(in: bytes)
    guard !text.isEmpty else { return bad("the cell is empty; drop the row or fill in a value") }
    let shown = "\"\(Excerpt(text))\""
    if DecimalNumber.parse(bytes, cell.content) != nil {
      return bad("\(shown) is too large for a double; drop the row or replace the value")
    }
    if ["nan", "inf", "infinity"].contains(text.lowercased().drop { "+-".contains($0) }) {
      return bad("\(shown) is not a finite number; drop the row or replace the value")
    }
    if text.contains(";") || text.contains("\t") {
      return bad("\(shown) is not a number; part the cells by commas only")
    }
    if count == 1, !header.isNamed {
      return DataError(
        .badData, "\(shown) is not a number; leave out ", .noHeader, " if the first line names the columns")
    }
    return bad("\(shown) is not a number; drop the row or replace the value")
  }
}
