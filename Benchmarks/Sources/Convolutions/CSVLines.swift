import Foundation

/// The lines of a CSV file.
struct CSVLines {
  private var lines: [String]

  /// A file without rows.
  init(_ header: String) { lines = [header] }

  /// Adds a row.
  mutating func add(_ cells: [String]) { lines.append(cells.joined(separator: ",")) }

  /// Writes the file, and the folders above it.
  func write(to path: String) throws {
    let url = URL(fileURLWithPath: path)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: url)
  }
}
