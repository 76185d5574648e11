import BidualLinear

extension RawTable {
  /// What stands in which column, beside the features.
  public struct Roles: Sendable {
    /// The columns to learn: numbers, or one of labels.
    public let targets: [String]
    /// What the labels mean, for a target of classes.
    public let classes: ClassLabels?
    /// The column of sample weights.
    public let weights: String?

    /// The column of row offsets.
    public let rowOffset: String?

    /// Roles by the names of columns.
    public init(
      targets: [String], classes: ClassLabels? = nil, weights: String? = nil, rowOffset: String? = nil
    ) {
      self.targets = targets
      self.classes = classes
      self.weights = weights
      self.rowOffset = rowOffset
    }

    /// The columns.
    public var names: [String] { targets + [weights, rowOffset].compactMap(\.self) }
  }

  /// The labels of a column, none missing.
  ///
  /// - Throws: `DataError` of kind `badData`.
  public func labels(_ name: String, in rows: [Int]? = nil) throws(DataError) -> [String] {
    guard case .texts(let texts) = try column(name) else {
      throw DataError(.badData, "column '\(name)' was not read as labels; read the table again")
    }
    let rows = rows ?? Array(0..<self.rows)
    if let row = rows.first(where: { texts[$0] == nil }) {
      throw DataError(
        .badData,
        "row \(row + 1), column '\(name)': the label is missing, and targets are never filled in; drop the row"
      )
    }
    return rows.compactMap { texts[$0] }
  }

  /// The samples of some rows, encoded.
  ///
  /// - Throws: `DataError` of kind `badData` as the encoding does, and for targets or weights that are missing.
  /// - Complexity: O(rows · features).
  public func dataset(_ roles: Roles, encoding: TableEncoding, rows: [Int]? = nil) throws(DataError)
    -> Dataset
  {
    let rows = rows ?? Array(0..<self.rows)
    let targets: [Double]
    if let classes = roles.classes {
      targets = try classes.targets(of: try labels(roles.targets[0], in: rows), named: roles.targets[0])
    } else {
      let columns = try roles.targets.map { name throws(DataError) in
        try numbers(name, in: rows, role: "a target")
      }
      targets = rows.indices.flatMap { i in columns.map { $0[i] } }
    }
    let weights = try roles.weights.map { name throws(DataError) in
      try numbers(name, in: rows, role: "a weight")
    }
    let offsets = try roles.rowOffset.map { name throws(DataError) in
      try numbers(name, in: rows, role: "an offset")
    }
    return try Dataset(
      features: encoding.features(of: self, rows: rows).values, targets: targets,
      outputs: roles.classes?.outputs ?? roles.targets.count, weights: weights,
      featureNames: encoding.featureNames, targetNames: roles.targets, weightsName: roles.weights,
      rowOffsets: offsets, rowOffsetName: roles.rowOffset,
      encoding: encoding)
  }
}
