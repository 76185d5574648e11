/// A table of numbers read in the plainest way: for files that need no quotes.
struct NaiveTable {
  let names: [String]
  var rows: [[Double]]

  init(_ text: String) {
    let lines = text.split(whereSeparator: \.isNewline).map { $0.split(separator: ",").map(String.init) }
    names = lines[0]
    rows = lines.dropFirst().map { $0.map { Double($0)! } }
  }

  /// The entries of one column.
  func column(_ name: String) -> [Double] {
    let place = names.firstIndex(of: name)!
    return rows.map { $0[place] }
  }

  /// The entries of some columns, row by row.
  func columns(_ names: [String]) -> [[Double]] {
    let places = names.map { self.names.firstIndex(of: $0)! }
    return rows.map { row in places.map { row[$0] } }
  }

  /// The table as CSV text.
  var text: String {
    ([names] + rows.map { $0.map { "\($0)" } }).map { $0.joined(separator: ",") + "\n" }.joined()
  }
}
