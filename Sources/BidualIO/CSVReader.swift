import BidualLinear
import BidualModels

/// Reads tables of numbers from comma-separated files.
///
/// The format is that of RFC 4180, with lines ending in CR LF, LF or CR, spaces around cells, a
/// byte-order mark and blank lines at the end allowed. Numbers are decimal, with a point, and read as
/// the nearest double.
public struct CSVReader: Sendable {
  /// Whether the first record names the columns; otherwise they are named c0, c1, ….
  public var hasHeader: Bool
  /// The columns to read, in the order wanted, or nil for all; other columns may hold any text.
  public var columns: [String]?
  /// A column to read as text, such as the names of classes; it then is not among the columns of numbers.
  public var labelColumn: String?
  /// Columns that are not read, whatever they hold, where all are asked for.
  public var ignored: [String] = []
  /// How cells are parted and numbers are written.
  public var dialect: CSVDialect

  /// A reader of all columns, or of the listed ones, with or without a header, one of them perhaps as text.
  public init(
    hasHeader: Bool = true, columns: [String]? = nil, labelColumn: String? = nil,
    dialect: CSVDialect = CSVDialect()
  ) {
    self.dialect = dialect
    self.hasHeader = hasHeader
    self.columns = columns
    self.labelColumn = labelColumn
  }

  /// The table in the file at a path; the path `-` stands for standard input.
  ///
  /// - Throws: `DataError` of kind `missingInput` where the file can't be read, or of kind `badData`,
  ///   the path before the message, where its content is bad.
  /// - Complexity: O(bytes).
  public func table(path: String) throws(DataError) -> Table {
    let bytes = try FileContents.read(path: path)
    do {
      return try table(bytes: bytes)
    } catch {
      throw error.located(in: path)
    }
  }

  /// The table in the bytes of a CSV file.
  ///
  /// - Throws: `DataError` of kind `badData` naming row (from 1, the header not counted), column and
  ///   remedy; the line of the file is named too where it isn't the one that the row number tells.
  /// - Complexity: O(bytes).
  public func table(bytes: [UInt8]) throws(DataError) -> Table {
    var (scanner, header) = try start(bytes)
    let names = try names(in: header).filter { $0 != labelColumn }
    let label = try labelColumn.map { name throws(DataError) in try header.columns.positions(of: [name])[0] }
    var rows = CSVRows(header: header, wanted: try header.columns.positions(of: names), label: label)
    while !scanner.isAtEnd { try rows.append(&scanner) }
    try check(rows.count)
    return try Table(
      names: names, values: Matrix(rows: rows.count, columns: rows.width, elements: rows.values),
      labels: labelColumn == nil ? nil : rows.labels)
  }

  /// The columns in the bytes of a CSV file as numbers and texts, with missing cells; the label column is among them.
  ///
  /// - Parameters:
  ///   - texts: columns that are read as texts, whatever they hold.
  ///   - missingValues: what is written where a value is missing.
  /// - Throws: `DataError` of kind `badData` as `table(bytes:)`, and for a text among numbers.
  /// - Complexity: O(bytes).
  public func rawTable(
    bytes: [UInt8], texts: [String] = [], missingValues: [String] = EncodingRules().missingValues
  ) throws(DataError) -> RawTable {
    var (scanner, header) = try start(bytes)
    let label = labelColumn.map { [$0] } ?? []
    let names = try names(in: header).filter { $0 != labelColumn } + label
    let wanted = try header.columns.positions(of: names)
    let forced = zip(names, wanted).filter { (texts + label).contains($0.0) }.map(\.1)
    var rows = CSVRawRows(header: header, wanted: wanted, forced: Set(forced), missing: missingValues)
    while !scanner.isAtEnd { try rows.append(&scanner) }
    try check(rows.count)
    return try rows.table(named: names)
  }

  /// The columns asked for.
  private func names(in header: CSVHeader) throws(DataError) -> [String] {
    _ = try header.columns.positions(of: ignored)
    return columns ?? header.columns.names.filter { !ignored.contains($0) }
  }

  private func start(_ bytes: [UInt8]) throws(DataError) -> (CSVScanner, CSVHeader) {
    try TextBytes.check(bytes)
    var scanner = CSVScanner(bytes, dialect: dialect)
    guard !scanner.isAtEnd else {
      throw DataError(.badData, "the file is empty; give a line of column names and rows of numbers")
    }
    let header = try CSVHeader(&scanner, isNamed: hasHeader)
    return (scanner, header)
  }

  private func check(_ rows: Int) throws(DataError) {
    guard rows > 0 else {
      throw DataError(
        .badData,
        "there is a line of column names but no row of data; add at least one, or pass ", .noHeader,
        " if the line is data")
    }
  }
}
