import BidualModels

/// What a file of data holds.
package enum TableContent: Sendable {
  /// Numbers in every cell that was asked for, perhaps with a column of labels beside them.
  case numbers(Table)
  /// Columns of more kinds, the label column among them, and why they are not numbers alone; nil where nobody tried.
  case raw(RawTable, refusal: DataError?)
}

/// How to read a file that may hold more than numbers.
package struct RawReading: Sendable {
  /// Columns that are texts, whatever they hold.
  package var texts: [String]
  /// What is written where a value is missing.
  package var missingValues: [String]
  /// Whether to read a raw table even where all cells are numbers.
  package var isForced: Bool

  /// How to read.
  package init(texts: [String] = [], missingValues: [String], isForced: Bool) {
    self.texts = texts
    self.missingValues = missingValues
    self.isForced = isForced
  }
}
