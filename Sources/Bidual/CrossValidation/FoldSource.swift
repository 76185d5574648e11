import BidualModels

/// What makes data sets of the rows of a fold and of the others: whatever is fitted to data on the way is fitted to the training rows alone.
public protocol FoldSource: Sendable {
  /// The samples to train on and those to predict, with the same columns.
  ///
  /// - Throws: `DataError` of kind `badData` where the rows make no data set.
  func split(training: [Int], heldOut: [Int]) throws(DataError) -> (training: Dataset, heldOut: Dataset)
}

extension Dataset: FoldSource {
  /// The samples of the rows; nothing is fitted.
  public func split(training: [Int], heldOut: [Int]) throws(DataError) -> (
    training: Dataset, heldOut: Dataset
  ) {
    (try selectingRows(training), try selectingRows(heldOut))
  }
}
