/// Columns as a file has them, before they are features: numbers and texts, with cells that may be missing.
public struct RawTable: Sendable, Equatable {
  /// One column.
  public enum Column: Sendable, Equatable {
    /// Numbers; NaN where a cell is missing.
    case numbers([Double])
    /// Texts; nil where a cell is missing.
    case texts([String?])

    /// Whether a row's cell is missing.
    public func isMissing(_ row: Int) -> Bool {
      switch self {
      case .numbers(let numbers): numbers[row].isNaN
      case .texts(let texts): texts[row] == nil
      }
    }

    /// The cells as texts, numbers as short as they can be.
    var texts: [String?] {
      switch self {
      case .numbers(let numbers):
        numbers.map { $0.isNaN ? nil : Int(exactly: $0).map(String.init) ?? "\($0)" }
      case .texts(let texts): texts
      }
    }

    /// The cells as numbers, of which those in some rows must be missing or be read as such.
    ///
    /// - Throws: `DataError` of kind `badData` naming the first text.
    func numbers(of name: String, in rows: [Int]) throws(DataError) -> [Double] {
      switch self {
      case .numbers(let numbers): return numbers
      case .texts(let texts):
        if let row = rows.first(where: { texts[$0] != nil }) {
          throw DataError(
            .badData,
            "row \(row + 1), column '\(name)': \"\(texts[row] ?? "")\" is not a number; drop the row or replace the value"
          )
        }
        return texts.map { _ in .nan }
      }
    }

    /// How many cells are missing.
    public var missing: Int {
      switch self {
      case .numbers(let numbers): numbers.count(where: \.isNaN)
      case .texts(let texts): texts.count { $0 == nil }
      }
    }
  }

  /// The names of the columns, no two alike.
  public let names: [String]
  /// The columns, in that order.
  public let columns: [Column]
  /// The number of rows.
  public let rows: Int
  private let places: [String: Int]

  /// A table from its columns, all equally long, with names of which no two are alike.
  public init(names: [String], columns: [Column], rows: Int) {
    precondition(names.count == columns.count)
    self.names = names
    self.columns = columns
    self.rows = rows
    places = Dictionary(zip(names, names.indices)) { first, _ in first }
  }

  /// The column of a name.
  ///
  /// - Throws: `DataError` of kind `badData` where there is none.
  public func column(_ name: String) throws(DataError) -> Column {
    guard let place = places[name] else {
      throw DataError(.badData, "there is no column '\(name)'; check the names in the first line")
    }
    return columns[place]
  }

  /// The table with another column, in place of one of the same name.
  public func adding(_ column: Column, named name: String) -> RawTable {
    let kept = names.indices.filter { names[$0] != name }
    return RawTable(
      names: kept.map { names[$0] } + [name], columns: kept.map { columns[$0] } + [column], rows: rows)
  }

  /// The rows in which none of some columns is missing.
  ///
  /// - Complexity: O(rows · columns).
  public func wholeRows(in names: [String]) throws(DataError) -> [Int] {
    let columns = try names.map { name throws(DataError) in try column(name) }
    return (0..<rows).filter { row in !columns.contains { $0.isMissing(row) } }
  }

  /// The numbers of a column in some rows, none of which may be missing.
  ///
  /// - Parameter role: what the column is for, in messages.
  /// - Throws: `DataError` of kind `badData` naming the first cell that is no number.
  package func numbers(_ name: String, in rows: [Int], role: String) throws(DataError) -> [Double] {
    guard case .numbers(let numbers) = try column(name) else {
      throw DataError(.badData, "column '\(name)' is text, but \(role) must be numbers; name another column")
    }
    if let row = rows.first(where: { numbers[$0].isNaN }) {
      throw DataError(
        .badData,
        "row \(row + 1), column '\(name)': the cell is missing, and \(role) is never filled in; drop the row")
    }
    return rows.map { numbers[$0] }
  }
}
