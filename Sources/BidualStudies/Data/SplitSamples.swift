import Bidual

/// Samples to train on and samples held out, standardised by the former.
struct SplitSamples {
  let training: Dataset
  let heldOut: Dataset

  /// Samples whose columns get mean 0 and deviation 1 over those for training, perhaps with a column of ones behind.
  ///
  /// - Throws: `DataError` of kind `badData` where one of the two has no samples.
  init(
    training: (Matrix, [Double]), heldOut: (Matrix, [Double]), bias: Bool
  ) throws(DataError) {
    let preprocessing = try Preprocessing(fitting: training.0, standardize: true, bias: bias)
    self.training = try Dataset(features: preprocessing.design(for: training.0), targets: training.1)
    self.heldOut = try Dataset(features: preprocessing.design(for: heldOut.0), targets: heldOut.1)
  }

  /// The last column of a CSV file to learn from the others: `count` rows drawn by the seed, the rest held out, targets of mean 0
  /// and deviation 1 in training.
  ///
  /// - Throws: `DataError` for a file that is not there or damaged, or has no more than `count` rows.
  static func regression(path: String, count: Int, seed: UInt64) throws(DataError) -> SplitSamples {
    let table = try CSVReader().table(path: path)
    let dataset = try table.dataset(target: table.names.last ?? "")
    guard dataset.samples > count else {
      throw DataError(
        .badData, "\(path): \(dataset.samples) rows, of which \(count) are to train on; give more rows")
    }
    var random = SeededGenerator(seed: seed)
    let order = Array(0..<dataset.samples).shuffled(using: &random)
    let targets = order.map { dataset.targets[$0] }
    let mean = targets[..<count].reduce(0, +) / Double(count)
    let square = targets[..<count].reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let deviation = max((square / Double(count)).squareRoot(), .leastNormalMagnitude)
    let scaled = targets.map { ($0 - mean) / deviation }
    return try SplitSamples(
      training: (dataset.features.selectingRows(order[..<count]), Array(scaled[..<count])),
      heldOut: (dataset.features.selectingRows(order[count...]), Array(scaled[count...])), bias: true)
  }

  /// Two classes of images as grey areas with signs for targets: `count` for training in equal shares, and all there are for testing.
  ///
  /// - Throws: `DataError` for files that are not there or damaged.
  static func signs(
    training: String, heldOut: String, classes: (Int, Int), count: Int, side: Int, seed: UInt64
  ) throws(DataError) -> SplitSamples {
    var random = SeededGenerator(seed: seed)
    let chosen = [classes.0, classes.1]
    let first = try ImageSet(stem: training).drawing(count / 2, ofEach: chosen, using: &random)
    let second = try ImageSet(stem: heldOut).drawing(.max, ofEach: chosen, using: &random)
    func signs(_ set: ImageSet) -> [Double] { set.classes.map { $0 == classes.1 ? 1 : -1 } }
    return try SplitSamples(
      training: (first.greyAreas(side: side), signs(first)),
      heldOut: (second.greyAreas(side: side), signs(second)), bias: false)
  }
}
