import BidualLinear
import BidualModels

/// Columns that were picked from arrays, the one of labels behind the others if there is one.
struct NumberColumns {
  /// The names of the columns, no two alike.
  let names: [String]
  /// Their numbers, a row of the table a row.
  let values: Matrix
  /// The column of labels, if there is one.
  let label: String?

  /// The columns as a table of finite numbers.
  ///
  /// - Throws: `DataError` of kind `badData`, as `Table` and `NumberLabels`.
  func table() throws(DataError) -> Table {
    let table = try Table(names: names, values: values)
    guard let label else { return table }
    let others = names.indices.dropLast()
    return try Table(
      names: Array(names.dropLast()), values: values.selectingColumns(Array(others)),
      labels: NumberLabels.texts(values.column(others.count), named: label))
  }

  /// The columns as they are, where a number that is none is missing.
  ///
  /// - Parameter texts: columns that are texts beside the labels.
  /// - Throws: `DataError` of kind `badData` where a number is infinite, or as `NumberLabels`.
  func rawTable(texts: [String]) throws(DataError) -> RawTable {
    let columns = try names.indices.map { place throws(DataError) -> RawTable.Column in
      let numbers = values.column(place)
      if let row = numbers.firstIndex(where: \.isInfinite) {
        throw DataError(
          .badData,
          "row \(row + 1), column '\(names[place])': \(numbers[row]) is not a finite number; drop the row or replace the value"
        )
      }
      let isText = names[place] == label || texts.contains(names[place])
      guard isText, !numbers.contains(where: \.isNaN) else { return .numbers(numbers) }
      return .texts(try NumberLabels.texts(numbers, named: names[place]))
    }
    return RawTable(names: names, columns: columns, rows: values.rows)
  }
}
