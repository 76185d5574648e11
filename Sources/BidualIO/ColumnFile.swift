import BidualModels

/// A column that stands in a NumPy file of its own, one number a row.
package enum ColumnFile {
  /// The numbers of the file at a path.
  ///
  /// - Parameter rows: how many there must be.
  /// - Throws: `DataError` of kind `missingInput` where the file can't be read, or of kind `badData` where its
  ///   content is bad or it does not hold one number a row.
  /// - Complexity: O(rows).
  package static func numbers(path: String, rows: Int) throws(DataError) -> [Double] {
    let array = try NPYReader.array(path: path)
    guard array.shape.count == 1 else {
      throw DataError(
        .badData,
        "\(path): the array has \(array.shape.count) axes; give one with a single axis, one number a row"
      )
    }
    guard array.elements.count == rows else {
      throw DataError(
        .badData,
        "\(path): \(array.elements.count) numbers for the \(rows) rows of the data; give one number a row")
    }
    return array.elements
  }

  /// The numbers of the file at a path as the names of classes.
  ///
  /// - Throws: as `numbers(path:rows:)`.
  static func labels(path: String, rows: Int, named name: String) throws(DataError) -> [String] {
    let numbers = try numbers(path: path, rows: rows)
    do {
      return try NumberLabels.texts(numbers, named: name)
    } catch {
      throw error.located(in: path)
    }
  }

  /// The complaint about data that have a column of the file's name already.
  static func clash(_ path: String, _ name: String) -> DataError {
    DataError(
      .badData,
      "\(path): the data have a column '\(Excerpt(name))' of their own; leave it out with ", .features,
      ", or rename it")
  }
}

extension RawTable {
  /// The table with a column beside it that stands in a NumPy file of its own, as numbers or as labels.
  ///
  /// - Throws: `DataError` as `Table.joining`.
  /// - Complexity: O(rows).
  package func joining(_ path: String, named name: String, asLabels: Bool = false) throws(DataError)
    -> RawTable
  {
    guard !names.contains(name) else { throw ColumnFile.clash(path, name) }
    let column: Column =
      asLabels
      ? .texts(try ColumnFile.labels(path: path, rows: rows, named: name))
      : .numbers(try ColumnFile.numbers(path: path, rows: rows))
    return adding(column, named: name)
  }
}
