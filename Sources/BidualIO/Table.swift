import BidualLinear
import BidualModels

/// Named columns of finite doubles.
public struct Table: Sendable, Equatable {
  /// The names of the columns, none empty and no two alike.
  public let names: [String]
  /// The entries, one row of the table a row, one column for each name.
  public let values: Matrix

  /// The number of rows.
  public var rows: Int { values.rows }

  /// A table from its entries; columns are named c0, c1, … where no names are given.
  ///
  /// - Throws: `DataError` of kind `badData` where the names don't match the columns, are empty or
  ///   repeat, or an entry is not finite.
  /// - Complexity: O(entries).
  public init(names: [String]? = nil, values: Matrix) throws(DataError) {
    let names = names ?? ColumnNames.numbered(values.columns)
    guard names.count == values.columns else {
      throw DataError(
        .badData, "\(values.columns) columns but \(names.count) names; name each column once")
    }
    _ = try ColumnNames(names)
    if let index = values.elements.firstIndex(where: { !$0.isFinite }) {
      let (row, column) = index.quotientAndRemainder(dividingBy: values.columns)
      throw DataError(
        .badData,
        "row \(row + 1), column '\(Excerpt(names[column]))': \(values.elements[index]) is not a finite number; drop the row or replace the value"
      )
    }
    self.names = names
    self.values = values
  }

  /// The table of the listed columns, in the listed order.
  ///
  /// - Throws: `DataError` of kind `badData` where a column is missing or listed twice.
  /// - Complexity: O(rows · listed columns + columns).
  public func selecting(columns: [String]) throws(DataError) -> Table {
    let positions = try ColumnNames(names).positions(of: columns)
    return try Table(names: columns, values: values.selectingColumns(positions))
  }

  /// The samples for learning one column from others: from the listed ones in the listed order, or
  /// from all others in the order of the table.
  ///
  /// - Throws: `DataError` of kind `badData` where a column is missing or listed twice, the target is
  ///   a feature too, or there is no feature or no row.
  /// - Complexity: O(rows · features + columns).
  public func dataset(target: String, features: [String]? = nil) throws(DataError) -> Dataset {
    let columns = try ColumnNames(names)
    let targetPosition = try columns.positions(of: [target])[0]
    let positions: [Int]
    if let features {
      positions = try columns.positions(of: features)
      guard !positions.contains(targetPosition) else {
        throw DataError(
          .badData,
          "column '\(Excerpt(target))' is the target and a feature at once; drop it from the features")
      }
    } else {
      positions = names.indices.filter { $0 != targetPosition }
    }
    guard !positions.isEmpty else {
      throw DataError(
        .badData, "no feature column beside the target '\(Excerpt(target))'; give at least one")
    }
    return try Dataset(
      features: values.selectingColumns(positions), targets: values.column(targetPosition),
      featureNames: positions.map { names[$0] }, targetName: names[targetPosition])
  }
}
