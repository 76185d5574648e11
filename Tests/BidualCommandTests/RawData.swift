import Bidual

/// A bundled data set as people have such data: classes and a column in words, cells missing, all by a seed.
struct RawData {
  let text: String
  /// The row with a level that no other row has.
  let strange: String

  init(_ data: BundledData, seed: UInt64, separator: String = ",") throws {
    let table = try data.table
    var random = SeededGenerator(seed: seed)
    let words = ["low", "middling", "high"]
    let last = table.names.count - 1
    let classes = Set(table.rows.map { $0[last] }).sorted()
    let first = table.rows.map { $0[0] }.sorted()
    func cells(_ row: [Double]) -> [String] {
      row.enumerated().map { place, value in
        if place == last { return "kind \(classes.firstIndex(of: value) ?? 0)" }
        if random.nextUniform() < 0.08 { return place == 0 ? "" : "NA" }
        guard place == 0 else { return "\(value)" }
        let rank = first.firstIndex(of: value) ?? 0
        return words[min(2, 3 * rank / first.count)]
      }
    }
    let names = ["level"] + table.names[1..<last] + ["kind"]
    text = ([names] + table.rows.map(cells)).map { $0.joined(separator: separator) + "\n" }.joined()
    strange =
      names.dropLast().joined(separator: separator) + "\n"
      + (["unheard of"] + table.rows[0][1..<last].map { "\($0)" }).joined(separator: separator) + "\n"
  }
}
