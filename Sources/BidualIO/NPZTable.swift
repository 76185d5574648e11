import BidualModels

/// An archive of NumPy arrays as a table: one matrix, whose columns are c0, c1, …, and vectors, each the column of its name.
enum NPZTable: TableFormat {
  /// By the first bytes, or by a name that leaves no doubt what the user takes the file for.
  static func recognizes(path: String, start: [UInt8]) -> Bool {
    start.starts(with: ZipArchive.magic) || path.hasSuffix(".npz")
  }

  /// The wanted columns; only these must be finite.
  ///
  /// - Throws: `DataError` of kind `badData` as `NPZArrays`, `NPYReader` and `Table`.
  /// - Complexity: O(bytes · axes), and the memory of the archive, one member and the wanted columns.
  static func table(_ stream: FileStream, for reader: TableReader) throws(DataError) -> Table {
    try columns(stream, for: reader).table()
  }

  /// The wanted columns, where a number that is none is missing if a raw table is asked for.
  static func content(_ stream: FileStream, for reader: TableReader, raw: RawReading) throws(DataError)
    -> TableContent
  {
    let columns = try columns(stream, for: reader)
    return raw.isForced
      ? .raw(try columns.rawTable(texts: raw.texts), refusal: nil) : .numbers(try columns.table())
  }

  private static func columns(_ stream: FileStream, for reader: TableReader) throws(DataError)
    -> NumberColumns
  {
    let arrays = try NPZArrays(stream.rest())
    let names = if let columns = reader.columns { columns } else { try arrays.names(except: reader.ignored) }
    return try arrays.columns(names.filter { $0 != reader.labelColumn }, label: reader.labelColumn)
  }
}
