import Bidual

/// The samples of a data file as they were read: numbers alone, or a raw table that is still to be encoded.
struct Intake {
  /// What was read.
  let content: TableContent
  /// What stands in which column of a raw table, without the classes; its features; and how they are encoded.
  let roles: RawTable.Roles
  let features: [String]
  let rules: EncodingRules
  /// The rows of a raw table that take part.
  let rows: [Int]

  /// The labels of the target, if it was read as such.
  var labels: [String]? {
    get throws(DataError) {
      switch content {
      case .numbers(let table): return table.labels
      case .raw(let table, _):
        guard case .texts = try table.column(roles.targets[0]) else { return nil }
        return try table.labels(roles.targets[0], in: rows)
      }
    }
  }

  /// The numbers of a column in the rows that take part.
  func numbers(_ name: String) throws(DataError) -> [Double] {
    switch content {
    case .numbers(let table): return try table.selecting(columns: [name]).values.elements
    case .raw(let table, _):
      guard case .numbers(let numbers) = try table.column(name), !rows.contains(where: { numbers[$0].isNaN })
      else {
        throw DataError(
          .badData, "column '\(name)' has cells that are no numbers; number the rows in a NumPy file")
      }
      return rows.map { numbers[$0] }
    }
  }

  /// The numbers of a NumPy file, one for each row of the data file, in the rows that take part.
  func numbers(file path: String) throws(DataError) -> [Double] {
    let all =
      switch content {
      case .numbers(let table): table.rows
      case .raw(let table, _): table.rows
      }
    let numbers = try ColumnFile.numbers(path: path, rows: all)
    return rows.map { numbers[$0] }
  }

  /// The samples of a raw table, encoded; nil for numbers alone.
  func encoded(_ classes: ClassLabels?) throws(DataError) -> Dataset? {
    guard case .raw(let table, _) = content else { return nil }
    let encoding = try TableEncoding(fitting: table, columns: features, rules: rules, rows: rows)
    return try table.dataset(roles.naming(classes), encoding: encoding, rows: rows)
  }

  /// What makes the data sets of folds, each encoded by its training rows; nil for numbers alone.
  func foldSource(_ classes: ClassLabels?) -> (any FoldSource)? {
    guard case .raw(let table, _) = content else { return nil }
    var rules = rules
    // A level may be in one fold only.
    rules.ignoresUnknown = true
    return EncodedFolds(
      table: table, roles: roles.naming(classes), columns: features, rules: rules, rows: rows)
  }

  /// What the columns became, in words; nil where they are the features.
  func remark(_ dataset: Dataset) -> String? {
    guard let encoding = dataset.encoding, case .raw(let table, _) = content else { return nil }
    let widened = encoding.columns.filter { $0.levels != nil }.map { "\($0.name): \($0.levels?.count ?? 0)" }
    let left = table.rows - rows.count
    return "\(features.count) columns become \(dataset.featureNames.count) features"
      + (widened.isEmpty ? "" : " (\(widened.joined(separator: ", ")))")
      + (left == 0 ? "" : "; \(left) of \(table.rows) rows have missing cells and are left out")
  }
}

extension RawTable.Roles {
  fileprivate func naming(_ classes: ClassLabels?) -> RawTable.Roles {
    RawTable.Roles(targets: targets, classes: classes, weights: weights, rowOffset: rowOffset)
  }
}
