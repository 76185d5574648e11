import Bidual

extension Dataset {
  /// Samples with a target for each class, 1 for their own and 0 for the others, named y0, y1, ….
  ///
  /// - Throws: `DataError` as the initialiser from parts.
  init(features: Matrix, labels: [Int], classes: Int) throws(DataError) {
    try self.init(
      features: features, outputs: classes,
      targets: labels.flatMap { label in (0..<classes).map { $0 == label ? 1 : 0 } })
  }

  /// Samples with several targets each, named y0, y1, ….
  ///
  /// - Throws: `DataError` as the initialiser from parts.
  init(features: Matrix, outputs: Int, targets: [Double]) throws(DataError) {
    try self.init(
      features: features, targets: targets, outputs: outputs, targetNames: (0..<outputs).map { "y\($0)" })
  }
}
