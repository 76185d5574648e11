import BidualLinear
import BidualModels

/// Named columns of finite doubles, perhaps with a column of text beside them.
public struct Table: Sendable, Equatable {
  /// The names of the columns, none empty and no two alike.
  public let names: [String]
  /// The entries, one row of the table a row, one column for each name.
  public let values: Matrix
  /// The texts of the label column, one a row, where one was read.
  public private(set) var labels: [String]?

  /// Columns of numbers that joined the table from elsewhere, by name.
  private var joined: [String: [Double]] = [:]

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

  /// The table with a column beside it that stands in a NumPy file of its own, as numbers or as labels.
  ///
  /// The matrix of the other columns is not copied. `dataset` finds the column by its name.
  ///
  /// - Parameters:
  ///   - path: the file, an array with one axis.
  ///   - name: what the column is called.
  ///   - asLabels: whether its numbers are names of classes.
  /// - Throws: `DataError` of kind `missingInput` where the file can't be read, or of kind `badData` where its
  ///   content is bad or it does not hold one number a row.
  /// - Complexity: O(rows).
  public func joining(_ path: String, named name: String, asLabels: Bool = false) throws(DataError) -> Table {
    guard !names.contains(name) else { throw ColumnFile.clash(path, name) }
    var table = self
    if asLabels {
      table.labels = try ColumnFile.labels(path: path, rows: rows, named: name)
    } else {
      table.joined[name] = try ColumnFile.numbers(path: path, rows: rows)
    }
    return table
  }

  /// The table of the listed columns, in the listed order.
  ///
  /// - Throws: `DataError` of kind `badData` where a column is missing or listed twice.
  /// - Complexity: O(rows · listed columns + columns).
  public func selecting(columns: [String]) throws(DataError) -> Table {
    let positions = try ColumnNames(names).positions(of: columns)
    return try Table(names: columns, values: values.selectingColumns(positions), labels: labels)
  }

  /// The samples for learning one column from others; see `dataset(targets:features:classes:weights:)`.
  public func dataset(
    target: String, features: [String]? = nil, classes: ClassLabels? = nil, weights: String? = nil
  ) throws(DataError) -> Dataset {
    try dataset(targets: [target], features: features, classes: classes, weights: weights)
  }

  /// The samples for learning some columns from others: from the listed ones in the listed order, or
  /// from all others in the order of the table.
  ///
  /// - Parameters:
  ///   - targets: the columns to learn; the label column alone if `classes` are given.
  ///   - classes: what the labels mean, for a target of classes.
  ///   - weights: the column of sample weights, if there is one.
  ///   - rowOffset: the column that is added to the network's outputs, if there is one.
  /// - Throws: `DataError` of kind `badData` where a column is missing or listed twice, the target or the
  ///   weights are a feature too, a label is unknown, or there is no feature or no row.
  /// - Complexity: O(rows · features + columns).
  public func dataset(
    targets targetNames: [String], features: [String]? = nil, classes: ClassLabels? = nil,
    weights: String? = nil, rowOffset: String? = nil
  ) throws(DataError) -> Dataset {
    let columns = try ColumnNames(names)
    guard let target = targetNames.first else {
      throw DataError(.badData, "no column to learn is named; give at least one")
    }
    if let twice = targetNames.indices.first(where: { targetNames[..<$0].contains(targetNames[$0]) }) {
      throw DataError(
        .badData, "column '\(Excerpt(targetNames[twice]))' is named twice as a target; name it once")
    }
    let targets: [Double]
    if let classes, let labels {
      targets = try classes.targets(of: labels, named: target)
    } else {
      let all = try targetNames.map { name throws(DataError) in try column(name, among: columns) }
      targets = all.count == 1 ? all[0] : (0..<rows).flatMap { i in all.map { $0[i] } }
    }
    let sampleWeights = try weights.map { name throws(DataError) in try column(name, among: columns) }
    let offsets = try rowOffset.map { name throws(DataError) in try column(name, among: columns) }
    for (name, role) in targetNames.map({ ($0, "the target") }) + [
      (weights, "the weights"), (rowOffset, "the offset"),
    ] {
      if let name, features?.contains(name) ?? false {
        throw DataError(
          .badData, "column '\(Excerpt(name))' is \(role) and a feature at once; drop it from the features")
      }
    }
    if let weights, targetNames.contains(weights) {
      throw DataError(
        .badData, "column '\(Excerpt(weights))' is the target and the weights at once; name two columns")
    }
    if let rowOffset, targetNames.contains(rowOffset) || weights == rowOffset {
      throw DataError(
        .badData,
        "column '\(Excerpt(rowOffset))' is the offset and the \(weights == rowOffset ? "weights" : "target") at once; name two columns"
      )
    }
    let positions: [Int]
    if let features {
      positions = try columns.positions(of: features)
    } else {
      positions = names.indices.filter {
        !targetNames.contains(names[$0]) && names[$0] != weights && names[$0] != rowOffset
      }
    }
    guard !positions.isEmpty else {
      throw DataError(
        .badData, "no feature column beside the target '\(Excerpt(target))'; give at least one")
    }
    return try Dataset(
      features: values.selectingColumns(positions), targets: targets,
      outputs: classes?.outputs ?? targetNames.count, weights: sampleWeights,
      featureNames: positions.map { names[$0] }, targetNames: targetNames, weightsName: weights,
      rowOffsets: offsets, rowOffsetName: rowOffset)
  }

  /// The numbers of a column, of the table or beside it.
  ///
  /// - Throws: `DataError` of kind `badData` where there is none.
  package func numbers(_ name: String) throws(DataError) -> [Double] {
    try column(name, among: ColumnNames(names))
  }

  private func column(_ name: String, among columns: ColumnNames) throws(DataError) -> [Double] {
    if let column = joined[name] { return column }
    return values.column(try columns.positions(of: [name])[0])
  }
}
