import BidualModels

/// Spells numbers that stand for classes as the same classes are spelled in text: 3, not 3.0.
enum NumberLabels {
  /// The label of each number.
  ///
  /// - Throws: `DataError` of kind `badData` for whole numbers so large that neighbours read alike.
  /// - Complexity: O(n).
  static func texts(_ numbers: [Double], named name: String) throws(DataError) -> [String] {
    if let row = numbers.firstIndex(where: { abs($0) >= 0x1p53 }) {
      throw DataError(
        .badData,
        "row \(row + 1), column '\(Excerpt(name))': \(numbers[row]) is too large to tell classes apart; number the classes from 0"
      )
    }
    return numbers.map { Int(exactly: $0).map(String.init) ?? "\($0)" }
  }
}
