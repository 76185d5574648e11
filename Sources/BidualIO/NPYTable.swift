import BidualLinear
import BidualModels

/// A NumPy array as a table: the first axis gives the rows, all others are flattened to the columns c0, c1, ….
enum NPYTable: TableFormat {
  /// By the first bytes, or by a name that leaves no doubt what the user takes the file for.
  static func recognizes(path: String, start: [UInt8]) -> Bool {
    start == NPYHeader.magic || path.hasSuffix(".npy")
  }

  /// The wanted columns; only these must be finite.
  ///
  /// - Throws: `DataError` of kind `badData` where the array is a single number, or as `NPYReader` and `Table`.
  /// - Complexity: O(bytes · axes), and the memory of the wanted columns.
  static func table(_ stream: FileStream, for reader: TableReader) throws(DataError) -> Table {
    let header = try NPYHeader(stream)
    guard let rows = header.shape.first else {
      throw DataError(.badData, "the array is a single number; give an array with one row a sample")
    }
    let width = header.count / rows
    let elements = try NPYElements(header, stream)
    _ = try positions(of: reader.ignored, among: width)
    let kept =
      reader.ignored.isEmpty
      ? nil : ColumnNames.numbered(width).filter { !reader.ignored.contains($0) }
    guard let wanted = reader.columns ?? kept else {
      // The columns get names once they have come: until then a pipe's header is all that speaks of them.
      let all = Matrix(rows: rows, columns: width, elements: try elements.all())
      guard let label = reader.labelColumn else { return try Table(values: all) }
      let place = try positions(of: [label], among: width)[0]
      var names = ColumnNames.numbered(width)
      names.remove(at: place)
      let others = (0..<width).filter { $0 != place }
      return try Table(
        names: names, values: all.selectingColumns(others),
        labels: NumberLabels.texts(all.column(place), named: label))
    }
    let names = wanted.filter { $0 != reader.labelColumn }
    let label = reader.labelColumn.map { [$0] } ?? []
    let positions = try positions(of: names + label, among: width)
    let picked = Matrix(
      rows: rows, columns: positions.count, elements: try elements.columns(positions, of: width))
    return try NumberColumns(names: names + label, values: picked, label: reader.labelColumn).table()
  }

  /// The wanted columns, where a number that is none is missing if a raw table is asked for.
  static func content(_ stream: FileStream, for reader: TableReader, raw: RawReading) throws(DataError)
    -> TableContent
  {
    guard raw.isForced else { return .numbers(try table(stream, for: reader)) }
    let header = try NPYHeader(stream)
    guard let rows = header.shape.first else {
      throw DataError(.badData, "the array is a single number; give an array with one row a sample")
    }
    let width = header.count / rows
    let label = reader.labelColumn.map { [$0] } ?? []
    let all = ColumnNames.numbered(width).filter { !reader.ignored.contains($0) }
    let names = (reader.columns ?? all).filter { $0 != reader.labelColumn } + label
    let positions = try positions(of: names, among: width)
    let picked = Matrix(
      rows: rows, columns: names.count,
      elements: try NPYElements(header, stream).columns(positions, of: width))
    let columns = NumberColumns(names: names, values: picked, label: reader.labelColumn)
    return .raw(try columns.rawTable(texts: raw.texts), refusal: nil)
  }

  /// Where the columns of an array stand that are called c0, c1, …, in the order wanted.
  ///
  /// - Throws: `DataError` of kind `badData` where one is missing or wanted twice.
  private static func positions(of names: [String], among width: Int) throws(DataError) -> [Int] {
    var seen: Set<Int> = []
    var positions: [Int] = []
    for name in names {
      guard let position = ColumnNames.number(of: name), position < width else {
        let all = width == 1 ? "one column, c0" : "the columns c0 to c\(width - 1)"
        throw DataError(
          .badData,
          "there is no column '\(Excerpt(name))': an array has \(all); name one of these, or give a target or weights in a NumPy file of their own"
        )
      }
      guard seen.insert(position).inserted else { throw ColumnNames.listedTwice(name) }
      positions.append(position)
    }
    return positions
  }
}
