import BidualObjectives

extension Dataset {
  /// The targets that the network itself has to meet, and the weights that its samples then have: those of the data set where there are no row offsets.
  ///
  /// - Throws: `DataError` of kind `badSettings` for a loss, or targets, that take no offsets, of kind `badData` for an offset that is too large.
  /// - Complexity: O(nc).
  package func posed(for loss: any Loss, classes: ClassLabels?) throws(DataError) -> (
    targets: [Double], weights: [Double]?
  ) {
    guard let rowOffsets, let name = rowOffsetName else { return (targets, weights) }
    guard classes == nil, loss.target(0, less: 0) != nil else {
      throw DataError(
        .badSettings,
        "an offset is added to numbers, but \(classes == nil ? "the \(loss.name) loss knows no target that stands for one" : "the targets are classes"); leave out the offset, or take a loss of numbers or counts"
      )
    }
    var (targets, weights) = (targets, weights ?? Array(repeating: 1, count: samples))
    for (i, offset) in rowOffsets.enumerated() {
      for place in (i * outputs)..<((i + 1) * outputs) {
        guard let posed = loss.target(targets[place], less: offset), posed.target.isFinite,
          posed.weight.isFinite, posed.weight > 0
        else {
          throw DataError(
            .badData,
            "row \(i + 1), column '\(name)': the \(loss.name) loss can't take the offset \(offset); of exposures give the logarithms"
          )
        }
        targets[place] = posed.target
        if place == i * outputs { weights[i] *= posed.weight }
      }
    }
    return (targets, weights)
  }
}
