/// The two classes of a two-class problem, as the data spell them.
public struct ClassLabels: Sendable, Equatable, Codable {
  /// The spelling of the class that is −1.
  public let negative: String
  /// The spelling of the class that is +1.
  public let positive: String
  /// Whether −1 stands for everything that is not `positive`.
  public let isOneAgainstRest: Bool

  /// Labels from their spellings.
  public init(negative: String, positive: String, isOneAgainstRest: Bool = false) {
    self.negative = negative
    self.positive = positive
    self.isOneAgainstRest = isOneAgainstRest
  }

  /// The two labels that stand in `column`: in the order of the numbers, if both are numbers, else of the
  /// alphabet. With `positive` given, that label against all others.
  ///
  /// - Throws: `DataError` of kind `badData` unless there are two classes.
  /// - Complexity: O(n log n).
  public init(of column: [String], named name: String, positive: String? = nil) throws(DataError) {
    let distinct = Set(column).sorted { a, b in
      if let x = Double(a), let y = Double(b), x != y { return x < y }
      return a < b
    }
    let shown = distinct.prefix(8).map { "'\($0)'" }.joined(separator: ", ")
    let list = distinct.count > 8 ? shown + ", …" : shown
    if let positive {
      guard distinct.contains(positive) else {
        throw DataError(
          .badData, "column '\(name)' has no label '\(positive)'; its labels are \(list)")
      }
      let others = distinct.filter { $0 != positive }
      guard let first = others.first else {
        throw DataError(
          .badData, "column '\(name)' is '\(positive)' in every row: there is nothing to learn; check ",
          .target)
      }
      self.init(
        negative: others.count == 1 ? first : "not \(positive)", positive: positive,
        isOneAgainstRest: others.count > 1)
      return
    }
    guard distinct.count <= 2 else {
      throw DataError(
        .badData,
        "column '\(name)' has \(distinct.count) classes (\(list)), but the loss takes two; name the one to tell from the rest with ",
        .positive)
    }
    guard distinct.count == 2 else {
      throw DataError(
        .badData, "column '\(name)' is \(list) in every row: there is nothing to learn; check ", .target)
    }
    self.init(negative: distinct[0], positive: distinct[1])
  }

  /// The targets ±1 of labels.
  ///
  /// - Throws: `DataError` of kind `badData` for a label that is neither, unless it counts as the rest.
  public func targets(of column: [String], named name: String) throws(DataError) -> [Double] {
    var targets: [Double] = []
    targets.reserveCapacity(column.count)
    for (i, label) in column.enumerated() {
      guard label == positive || label == negative || isOneAgainstRest else {
        throw DataError(
          .badData,
          "row \(i + 1), column '\(name)': '\(label)' is neither '\(negative)' nor '\(positive)'; correct it or drop the row"
        )
      }
      targets.append(label == positive ? 1 : -1)
    }
    return targets
  }

  /// The label that a prediction stands for.
  public func label(_ prediction: Double) -> String { prediction > 0 ? positive : negative }
}
