import BidualModels

/// The rows of a CSV file whose cells may be numbers, texts or missing, taken in one by one.
struct CSVRawRows {
  /// One column as far as it was read.
  private struct Column {
    let place: Int
    /// Whether its cells are texts, whatever they hold.
    let isForced: Bool
    var numbers: [Double] = []
    var texts: [String?] = []
    /// Whether a cell that is a number was met.
    var hasNumbers = false
    /// The first cell that is neither number nor missing.
    var firstText: DataError?
  }

  private var records: CSVRecords
  private var columns: [Column]
  /// For each column of the file its place among the wanted ones, or nil.
  private let places: [Int?]
  private let missing: Set<String>

  /// The number of rows taken in.
  var count: Int { records.count }

  /// No rows yet.
  ///
  /// - Parameters:
  ///   - wanted: the positions of the columns to read.
  ///   - forced: those of them that are texts, whatever they hold.
  ///   - missing: what is written where a value is missing.
  init(header: CSVHeader, wanted: [Int], forced: Set<Int>, missing: [String]) {
    records = CSVRecords(header: header)
    columns = wanted.map { Column(place: $0, isForced: forced.contains($0)) }
    var places = [Int?](repeating: nil, count: header.columns.names.count)
    for (place, column) in wanted.enumerated() { places[column] = place }
    self.places = places
    self.missing = Set(missing)
  }

  /// Takes in the next record.
  ///
  /// - Throws: `DataError` of kind `badData` for a record of the wrong length.
  /// - Complexity: O(record).
  mutating func append(_ scanner: inout CSVScanner) throws(DataError) {
    let (bytes, dialect) = (scanner.bytes, scanner.dialect)
    var first: [(place: Int, cell: CSVCell)] = []
    try records.next(&scanner) { column, cell in
      guard let place = places[column] else { return }
      if !columns[place].isForced,
        let number = DecimalNumber.parse(bytes, cell.content, point: dialect.point), number.isFinite
      {
        columns[place].hasNumbers = true
        columns[place].numbers.append(number)
        if columns[place].firstText != nil { columns[place].texts.append(cell.text(in: bytes)) }
        return
      }
      let text = cell.text(in: bytes)
      let isMissing = missing.contains(text)
      if !columns[place].isForced {
        columns[place].numbers.append(.nan)
        if !isMissing, columns[place].firstText == nil {
          first.append((place, cell))
          // Until now none was text, and none that was missing is.
          columns[place].texts = Array(repeating: nil, count: columns[place].numbers.count - 1)
          columns[place].texts.append(text)
        } else if columns[place].firstText != nil {
          columns[place].texts.append(isMissing ? nil : text)
        }
      } else {
        columns[place].texts.append(isMissing ? nil : text)
      }
    }
    for (place, cell) in first {
      columns[place].firstText = records.trouble(
        cell, bytes, dialect, column: columns[place].place, isAmongNumbers: true)
    }
  }

  /// The columns: numbers where every cell that is not missing is one, else texts.
  ///
  /// - Throws: `DataError` of kind `badData` naming a text among numbers.
  func table(named names: [String]) throws(DataError) -> RawTable {
    let read = try columns.map { column throws(DataError) -> RawTable.Column in
      if column.isForced { return .texts(column.texts) }
      guard let firstText = column.firstText else { return .numbers(column.numbers) }
      guard !column.hasNumbers else { throw firstText }
      return .texts(column.texts)
    }
    return RawTable(names: names, columns: read, rows: count)
  }
}
