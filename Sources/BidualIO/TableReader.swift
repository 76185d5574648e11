import BidualModels

/// A kind of file that holds a table.
protocol TableFormat {
  /// Whether a file is of this kind, by its path and its first bytes.
  static func recognizes(path: String, start: [UInt8]) -> Bool
  /// The table in a file of this kind, as the reader wants it.
  ///
  /// - Throws: `DataError`, without the path in messages about the content.
  static func table(_ stream: FileStream, for reader: TableReader) throws(DataError) -> Table
  /// What a file of this kind holds, numbers alone or not.
  ///
  /// - Throws: `DataError`, without the path in messages about the content.
  static func content(_ stream: FileStream, for reader: TableReader, raw: RawReading) throws(DataError)
    -> TableContent
}

/// Reads tables from files of every kind: NumPy arrays, whose columns are named c0, c1, …, archives of such arrays, and CSV.
///
/// What a file holds decides its kind, so that pipes and odd names do. Each may be compressed by gzip.
public struct TableReader: Sendable {
  /// Whether the first record of a CSV file names the columns; otherwise they are named c0, c1, ….
  public var hasHeader: Bool
  /// The columns to read, in the order wanted, or nil for all.
  public var columns: [String]?
  /// A column to read as text, such as the names of classes; it then is not among the columns of numbers.
  public var labelColumn: String?
  /// Columns that are not read, whatever they hold, where all are asked for.
  public var ignored: [String] = []
  /// How cells of a CSV file are parted and numbers are written.
  public var dialect: CSVDialect

  /// The kinds of files; the first that recognises a file reads it.
  private static var formats: [any TableFormat.Type] { [NPYTable.self, NPZTable.self, CSVReader.self] }
  private static let startLength = NPYHeader.magic.count

  /// A reader of all columns, or of the listed ones, one of them perhaps as text.
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
    try reading(path) { format, stream throws(DataError) in try format.table(stream, for: self) }
  }

  /// What the file at a path holds: numbers alone if every cell that is asked for is one, else columns as they are.
  ///
  /// - Throws: as `table(path:)`; text and missing cells are no errors here.
  /// - Complexity: O(bytes).
  package func content(path: String, raw: RawReading) throws(DataError) -> TableContent {
    try reading(path) { format, stream throws(DataError) in
      try format.content(stream, for: self, raw: raw)
    }
  }

  private func reading<Content>(
    _ path: String, _ read: (any TableFormat.Type, FileStream) throws(DataError) -> Content
  ) throws(DataError) -> Content {
    var stream = try FileStream(path: path)
    var start = try stream.start(Self.startLength)
    if start.starts(with: Gunzip.magic) {
      do {
        stream = FileStream(bytes: try Gunzip.expanded(stream.rest()), name: path)
      } catch {
        throw error.kind == .badData ? error.located(in: path) : error
      }
      start = try stream.start(Self.startLength)
    }
    guard let format = Self.formats.first(where: { $0.recognizes(path: path, start: start) }) else {
      preconditionFailure("whatever is of no other kind is CSV")
    }
    do {
      return try read(format, stream)
    } catch {
      guard error.kind == .badData else { throw error }
      throw error.located(in: path)
    }
  }
}

extension CSVReader: TableFormat {
  /// Whatever is of no other kind.
  static func recognizes(path: String, start: [UInt8]) -> Bool { true }

  static func table(_ stream: FileStream, for reader: TableReader) throws(DataError) -> Table {
    try CSVReader(reader).table(bytes: stream.rest())
  }

  /// The numbers, or on the first cell that is none the raw table of the same bytes.
  static func content(_ stream: FileStream, for reader: TableReader, raw: RawReading) throws(DataError)
    -> TableContent
  {
    let csv = CSVReader(reader)
    let bytes = try stream.rest()
    var refusal: DataError?
    if !raw.isForced {
      do throws(DataError) {
        return .numbers(try csv.table(bytes: bytes))
      } catch {
        refusal = error
      }
    }
    return .raw(
      try csv.rawTable(bytes: bytes, texts: raw.texts, missingValues: raw.missingValues), refusal: refusal)
  }

  private init(_ reader: TableReader) {
    self.init(
      hasHeader: reader.hasHeader, columns: reader.columns, labelColumn: reader.labelColumn,
      dialect: reader.dialect)
    ignored = reader.ignored
  }
}
