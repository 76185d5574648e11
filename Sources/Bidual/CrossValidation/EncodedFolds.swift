import BidualModels

/// A raw table whose folds are encoded by their training rows: levels, means and medians of the others play no part.
public struct EncodedFolds: FoldSource {
  private let table: RawTable
  private let roles: RawTable.Roles
  private let columns: [String]
  private let rules: EncodingRules
  /// The rows that take part; folds number these.
  private let rows: [Int]

  /// The folds of some rows of a table.
  ///
  /// - Parameters:
  ///   - columns: those that become features.
  ///   - rules: which should ignore unknown levels, since a level may be in one fold only.
  public init(table: RawTable, roles: RawTable.Roles, columns: [String], rules: EncodingRules, rows: [Int]) {
    self.table = table
    self.roles = roles
    self.columns = columns
    self.rules = rules
    self.rows = rows
  }

  /// The samples of the rows, encoded as the first of them ask.
  public func split(training: [Int], heldOut: [Int]) throws(DataError) -> (
    training: Dataset, heldOut: Dataset
  ) {
    let seen = training.map { rows[$0] }
    let encoding = try TableEncoding(fitting: table, columns: columns, rules: rules, rows: seen)
    return (
      try table.dataset(roles, encoding: encoding, rows: seen),
      try table.dataset(roles, encoding: encoding, rows: heldOut.map { rows[$0] })
    )
  }
}
