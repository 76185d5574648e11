/// Columns of text for people.
enum TextTable {
  /// The lines of rows of cells, each column as wide as its widest cell.
  static func lines(_ cells: [[String]]) -> [String] {
    let widths = (cells.first ?? []).indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
    return cells.map { row in
      row.indices.map { index in
        index == row.count - 1
          ? row[index] : row[index] + String(repeating: " ", count: widths[index] - row[index].count)
      }.joined(separator: "  ")
    }
  }
}
