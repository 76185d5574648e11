/// A table of words and numbers, to be written as a comma-separated file.
struct TextRows: Sendable {
  let columns: [String]
  private(set) var rows: [[String]] = []

  init(_ columns: [String]) { self.columns = columns }

  mutating func append(_ cells: [String]) {
    precondition(cells.count == columns.count, "a row has a cell a column")
    rows.append(cells)
  }

  /// The file: a line of names and a line a row, each ending in LF.
  var csv: String {
    ([columns] + rows).map { $0.map(Self.quoted).joined(separator: ",") + "\n" }.joined()
  }

  /// The table in Markdown.
  var markdown: String {
    func line(_ cells: [String]) -> String {
      "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |\n"
    }
    return line(columns) + "|" + columns.map { _ in "---|" }.joined() + "\n" + rows.map(line).joined()
  }

  private static func quoted(_ cell: String) -> String {
    guard cell.contains(where: { ",\"\n\r".contains($0) }) else { return cell }
    return "\"" + cell.replacing("\"", with: "\"\"") + "\""
  }
}
