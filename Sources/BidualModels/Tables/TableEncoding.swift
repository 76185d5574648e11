import BidualLinear

/// How the columns of a table became the features of a model: fitted to the rows of training, and applied alike to all others.
///
/// A column of numbers is a feature; a missing cell is filled in by a number. A column of categories is a feature for each level, 1 in its rows and 0 elsewhere, named
/// `column=level`; a missing cell is of no level. Either may be followed by `column is missing`, 1 where a cell is missing.
public struct TableEncoding: Sendable, Equatable, Codable {
  /// What one column becomes.
  public struct Column: Sendable, Equatable, Codable {
    /// The name of the column.
    public let name: String
    /// What stands for missing numbers; nil where they are refused, and for categories.
    public let fill: Double?
    /// The levels of categories that have a feature; nil for numbers.
    public let levels: [String]?
    /// A level that is known and has no feature.
    public let dropped: String?
    /// Whether a feature says where cells are missing.
    public let hasIndicator: Bool

    /// The names of its features.
    var featureNames: [String] {
      (levels.map { $0.map { "\(name)=\($0)" } } ?? [name]) + (hasIndicator ? ["\(name) is missing"] : [])
    }
  }

  /// The columns that are read, in the order of their features.
  public let columns: [Column]
  /// What becomes of missing cells.
  public let missing: EncodingRules.Missing
  /// Whether levels that training has not seen are no level at all.
  public let ignoresUnknown: Bool
  /// What is written where a value is missing.
  public let missingValues: [String]

  /// The columns of categories.
  public var categories: [String] { columns.filter { $0.levels != nil }.map(\.name) }

  /// The names of the features.
  public var featureNames: [String] { columns.flatMap(\.featureNames) }

  /// The encoding that some columns of a table need, fitted to some of its rows.
  ///
  /// - Parameters:
  ///   - names: the columns to become features, in their order.
  ///   - rows: the rows of training; all if nil.
  /// - Throws: `DataError` of kind `badData` that names column and remedy.
  /// - Complexity: O(rows · columns · log rows).
  public init(fitting table: RawTable, columns names: [String], rules: EncodingRules, rows: [Int]? = nil)
    throws(DataError)
  {
    let rows = rows ?? Array(0..<table.rows)
    if case .columns(let forced) = rules.categories {
      for name in forced where !names.contains(name) { _ = try table.column(name) }
    }
    columns = try names.map { name throws(DataError) in
      let column = try table.column(name)
      let isMissing = rows.contains { column.isMissing($0) }
      if isMissing, rules.missing == .error || rules.missing == .drop,
        let row = rows.first(where: { column.isMissing($0) })
      {
        throw Self.missing(row, name)
      }
      let hasIndicator = isMissing && rules.hasIndicators
      switch column {
      case .numbers(let numbers):
        let known = rows.map { numbers[$0] }.filter { !$0.isNaN }
        return Column(
          name: name, fill: try Self.fill(known, rules.missing, name), levels: nil, dropped: nil,
          hasIndicator: hasIndicator)
      case .texts(let texts):
        let levels = try Self.levels(rows.compactMap { texts[$0] }, rules, name)
        return Column(
          name: name, fill: nil, levels: rules.dropsFirstLevel ? Array(levels.dropFirst()) : levels,
          dropped: rules.dropsFirstLevel ? levels.first : nil, hasIndicator: hasIndicator)
      }
    }
    missing = rules.missing
    ignoresUnknown = rules.ignoresUnknown
    missingValues = rules.missingValues
  }

  private static func fill(_ known: [Double], _ missing: EncodingRules.Missing, _ name: String)
    throws(DataError) -> Double?
  {
    if case .constant(let value) = missing { return value }
    guard missing == .mean || missing == .median else { return nil }
    guard !known.isEmpty else {
      throw DataError(.badData, "column '\(name)' has no value at all; leave it out with ", .ignore)
    }
    guard missing == .median else {
      var sum = CompensatedSum()
      for value in known { sum.add(value / Double(known.count)) }
      return sum.value
    }
    let sorted = known.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : 0.5 * sorted[middle - 1] + 0.5 * sorted[middle]
  }

  private static func levels(_ texts: [String], _ rules: EncodingRules, _ name: String) throws(DataError)
    -> [String]
  {
    guard rules.categories != .none else {
      throw DataError(
        .badData, "column '\(name)' holds text, such as \"\(texts.first ?? "")\"; leave it out with ",
        .ignore,
        ", or take its values as categories")
    }
    // By their bytes, so that no locale has a say.
    let levels = Set(texts).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    guard levels.count <= rules.maximumLevels else {
      throw DataError(
        .badData,
        "column '\(name)' has \(levels.count) levels, such as \"\(levels[0])\", more than \(rules.maximumLevels); leave it out with ",
        .ignore, ", or allow more levels, each of which is a feature")
    }
    guard !levels.isEmpty else {
      throw DataError(.badData, "column '\(name)' has no value at all; leave it out with ", .ignore)
    }
    return levels
  }

  private static func missing(_ row: Int, _ name: String) -> DataError {
    DataError(
      .badData,
      "row \(row + 1), column '\(name)': the cell is missing; fill it in, or say what to do about such cells with ",
      .missing)
  }

  /// The features of some rows of a table, and how many cells were of levels that training has not seen, by column.
  ///
  /// - Throws: `DataError` of kind `badData` for a column that is missing or of another kind, a cell that is missing where none may be, or an unknown level.
  /// - Complexity: O(rows · features).
  public func features(of table: RawTable, rows: [Int]? = nil) throws(DataError) -> (
    values: Matrix, unknown: [String: Int]
  ) {
    let rows = rows ?? Array(0..<table.rows)
    var values = Matrix(rows: rows.count, columns: featureNames.count)
    var unknown: [String: Int] = [:]
    var place = 0
    for column in columns {
      let cells = try table.column(column.name)
      if let levels = column.levels {
        let places = Dictionary(zip(levels, levels.indices)) { first, _ in first }
        let texts = cells.texts
        for (i, row) in rows.enumerated() {
          guard let text = texts[row] else {
            if missing == .error || missing == .drop { throw Self.neverFilled(row, column.name) }
            continue
          }
          if let level = places[text] {
            values[i, place + level] = 1
          } else if text != column.dropped {
            guard ignoresUnknown else { throw unknownLevel(column, text, row, levels) }
            unknown[column.name, default: 0] += 1
          }
        }
        place += levels.count
      } else {
        let numbers = try cells.numbers(of: column.name, in: rows)
        for (i, row) in rows.enumerated() {
          guard let value = numbers[row].isNaN ? column.fill : numbers[row] else {
            throw Self.neverFilled(row, column.name)
          }
          values[i, place] = value
        }
        place += 1
      }
      if column.hasIndicator {
        for (i, row) in rows.enumerated() where cells.isMissing(row) { values[i, place] = 1 }
        place += 1
      }
    }
    return (values, unknown)
  }

  private static func neverFilled(_ row: Int, _ name: String) -> DataError {
    DataError(
      .badData,
      "row \(row + 1), column '\(name)': the cell is missing, and the model has nothing to fill it in; fill it in or drop the row"
    )
  }

  private func unknownLevel(_ column: Column, _ text: String, _ row: Int, _ levels: [String]) -> DataError {
    let known = levels.prefix(8).map { "'\($0)'" }.joined(separator: ", ")
    return DataError(
      .badData,
      "row \(row + 1), column '\(column.name)': '\(text)' is a level that training has not seen (\(known)\(levels.count > 8 ? ", …" : "")); correct it, drop the row, or train with unknown levels ignored"
    )
  }
}
