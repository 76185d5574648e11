import BidualLinear
import BidualModels

/// Named columns of finite doubles, perhaps with a column of text beside them.
public struct Table: Sendable, Equatable {
  /// The names of the columns, none empty and no two alike.
  public let names: [String]
  /// The entries, one row of the table a row, one column for each name.
  public let values: Matrix
  /// The texts of the label column, one a row, where one was read.
  public let labels: [String]?

  /// The number of rows.
  public var rows: Int { values.rows }

  /// A table from its entries; columns are named c0, c1, … where no names are given.
  ///
  /// - Throws: `DataError` of kind `badData` where the names don't match the columns, are empty or
  ///   repeat, or an entry is not finite.
  /// - Complexity: O(entries).
  public init(names: [String]? = nil, values: Matrix, labels: [String]? = nil) throws(DataError) {
    precondition(labels == nil || labels?.count == values.rows)
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
    self.labels = labels
  }

  /// The table of the listed columns, in the listed order.
  ///
  /// - Throws: `DataError` of kind `badData` where a column is missing or listed twice.
  /// - Complexity: O(rows · listed columns + columns).
  public func selecting(columns: [String]) throws(DataError) -> Table {
    let positions = try ColumnNames(names).positions(of: columns)
    return try Table(names: columns, values: values.selectingColumns(positions), labels: labels)
  }

  /// The samples for learning one column from others: from the listed ones in the listed order, or
  /// from all others in the order of the table.
  ///
  /// - Parameters:
  ///   - target: the column to learn; the label column if `classes` are given.
  ///   - classes: what the labels mean, for a target of two classes.
  ///   - weights: the column of sample weights, if there is one.
  /// - Throws: `DataError` of kind `badData` where a column is missing or listed twice, the target or the
  ///   weights are a feature too, a label is unknown, or there is no feature or no row.
  /// - Complexity: O(rows · features + columns).
  public func dataset(
    target: String, features: [String]? = nil, classes: ClassLabels? = nil, weights: String? = nil
  ) throws(DataError) -> Dataset {
    let columns = try ColumnNames(names)
    let targets: [Double]
    if let classes, let labels {
      targets = try classes.targets(of: labels, named: target)
    } else {
      targets = values.column(try columns.positions(of: [target])[0])
    }
    let weightsPosition = try weights.map { name throws(DataError) in try columns.positions(of: [name])[0] }
    for (name, role) in [(target, "the target"), (weights, "the weights")] {
      if let name, features?.contains(name) ?? false {
        throw DataError(
          .badData, "column '\(Excerpt(name))' is \(role) and a feature at once; drop it from the features")
      }
    }
    guard weights != target else {
      throw DataError(
        .badData, "column '\(Excerpt(target))' is the target and the weights at once; name two columns")
    }
    let positions: [Int]
    if let features {
      positions = try columns.positions(of: features)
    } else {
      positions = names.indices.filter { names[$0] != target && $0 != weightsPosition }
    }
    guard !positions.isEmpty else {
      throw DataError(
        .badData, "no feature column beside the target '\(Excerpt(target))'; give at least one")
    }
    return try Dataset(
      features: values.selectingColumns(positions), targets: targets,
      weights: weightsPosition.map(values.column), featureNames: positions.map { names[$0] },
      targetName: target, weightsName: weights)
  }
}
