import BidualModels

/// The names of a table's columns: checks, look-up by name, and what to say of a name that is missing.
struct ColumnNames {
  /// The names in order, none empty and no two alike.
  let names: [String]
  private let indices: [String: Int]

  /// The names after a check that none is empty and no two are alike.
  ///
  /// - Throws: `DataError` of kind `badData` naming the column by its place.
  /// - Complexity: O(names).
  init(_ names: [String]) throws(DataError) {
    var indices = [String: Int](minimumCapacity: names.count)
    for (index, name) in names.enumerated() {
      guard !name.isEmpty else {
        throw DataError(.badData, "column \(index + 1) has no name; name every column")
      }
      if let first = indices.updateValue(index, forKey: name) {
        throw DataError(
          .badData,
          "column name '\(Excerpt(name))' stands twice (columns \(first + 1) and \(index + 1)); rename one of the two"
        )
      }
    }
    self.names = names
    self.indices = indices
  }

  /// The names c0, c1, … of columns that came without any.
  static func numbered(_ count: Int) -> [String] {
    (0..<count).map { "c\($0)" }
  }

  /// The place of the column that `numbered` gives this name, or nil for other names.
  static func number(of name: String) -> Int? {
    guard name.hasPrefix("c"), let number = Int(name.dropFirst()), name == "c\(number)", number >= 0 else {
      return nil
    }
    return number
  }

  /// Where the wanted columns stand, in the order wanted.
  ///
  /// - Throws: `DataError` of kind `badData` where one is missing or wanted twice.
  /// - Complexity: O(wanted) on average.
  func positions(of wanted: [String]) throws(DataError) -> [Int] {
    var seen: Set<String> = []
    var positions: [Int] = []
    for name in wanted {
      guard let index = indices[name] else { throw missing(name) }
      guard seen.insert(name).inserted else {
        throw Self.listedTwice(name)
      }
      positions.append(index)
    }
    return positions
  }

  /// The complaint about a column that is wanted twice.
  static func listedTwice(_ name: String) -> DataError {
    DataError(.badData, "column '\(Excerpt(name))' is listed twice; list it once")
  }

  private func missing(_ name: String) -> DataError {
    let shown = names.prefix(10).map { "'\(Excerpt($0))'" }.joined(separator: ", ")
    let rest = names.count > 10 ? ", … (\(names.count) in all)" : ""
    let question = closest(to: name).map { "did you mean '\(Excerpt($0))'? " } ?? ""
    return DataError(
      .badData, "there is no column '\(Excerpt(name))'; \(question)the columns are \(shown)\(rest)")
  }

  /// The name that a slip of the pen would turn into the given one, among the first thousand names.
  private func closest(to name: String) -> String? {
    let target = Array(name.lowercased().unicodeScalars.prefix(64))
    let allowed = max(1, target.count / 3)
    var best: (name: String, distance: Int)?
    for candidate in names.prefix(1000) {
      let scalars = Array(candidate.prefix(64).lowercased().unicodeScalars.prefix(64))
      let distance = Self.editDistance(target, scalars)
      if distance <= allowed, distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.name
  }

  /// The fewest insertions, deletions and replacements that lead from one text to the other.
  private static func editDistance(_ first: [Unicode.Scalar], _ second: [Unicode.Scalar]) -> Int {
    var previous = Array(0...second.count)
    for (i, a) in first.enumerated() {
      var current = [i + 1]
      for (j, b) in second.enumerated() {
        current.append(min(previous[j] + (a == b ? 0 : 1), previous[j + 1] + 1, current[j] + 1))
      }
      previous = current
    }
    return previous[second.count]
  }
}
