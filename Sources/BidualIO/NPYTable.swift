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
    guard reader.columns != nil || reader.labelColumn != nil else {
      return try Table(values: Matrix(rows: rows, columns: width, elements: try elements.all()))
    }
    let names = (reader.columns ?? ColumnNames.numbered(width)).filter { $0 != reader.labelColumn }
    let label = reader.labelColumn.map { [$0] } ?? []
    let positions = try positions(of: names + label, among: width)
    let picked = Matrix(
      rows: rows, columns: positions.count, elements: try elements.columns(positions, of: width))
    let table = try Table(names: names + label, values: picked)
    guard let name = reader.labelColumn else { return table }
    let numbers = picked.column(names.count)
    return try Table(
      names: names, values: picked.selectingColumns(Array(names.indices)),
      labels: try NumberLabels.texts(numbers, named: name))
  }

  private static func positions(of names: [String], among width: Int) throws(DataError) -> [Int] {
    let columns = try ColumnNames(ColumnNames.numbered(width))
    let known = Set(columns.names)
    if let name = names.first(where: { !known.contains($0) }) {
      let all = width == 1 ? "one column, c0" : "the columns c0 to c\(width - 1)"
      throw DataError(
        .badData,
        "there is no column '\(Excerpt(name))': an array has \(all); name one of these, or give a target or weights in a NumPy file of their own"
      )
    }
    return try columns.positions(of: names)
  }
}
