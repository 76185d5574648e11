import BidualModels

/// The rows of numbers of a CSV file, taken in one by one.
struct CSVRows {
  /// The numbers of the wanted columns, row after row.
  private(set) var values: [Double] = []
  /// The texts of the label column, one a row.
  private(set) var labels: [String] = []
  /// The number of wanted columns.
  let width: Int

  private var records: CSVRecords
  /// For each column of the file its place among the wanted ones, or nil.
  private let places: [Int?]
  private let label: Int?

  /// The number of rows taken in.
  var count: Int { records.count }

  /// No rows yet; `wanted` are the positions of the columns of numbers, `label` that of the column of text.
  init(header: CSVHeader, wanted: [Int], label: Int? = nil) {
    records = CSVRecords(header: header)
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
    let start = values.count
    values.append(contentsOf: repeatElement(0, count: width))
    let dialect = scanner.dialect
    let bytes = scanner.bytes
    var bad: (column: Int, cell: CSVCell)?
    try records.next(&scanner) { column, cell in
      if let place = places[column] {
        if let number = DecimalNumber.parse(bytes, cell.content, point: dialect.point), number.isFinite {
          values[start + place] = number
        } else if bad == nil {
          bad = (column, cell)
        }
      } else if column == label {
        if cell.content.isEmpty, bad == nil { bad = (column, cell) }
        labels.append(cell.text(in: bytes))
      }
    }
    if let bad { throw records.trouble(bad.cell, bytes, dialect, column: bad.column) }
  }
}
