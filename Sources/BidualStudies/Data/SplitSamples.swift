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
    let mean = targets[..<count].mean ?? 0
    let deviation = max(targets[..<count].deviation ?? 0, .leastNormalMagnitude)
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
      training: (first.greyAreas((side, side)), signs(first)),
      heldOut: (second.greyAreas((side, side)), signs(second)), bias: false)
  }

  /// The files that studies of CIFAR-10 read.
  static let imageFiles = [
    "cifar10_train_images.npy", "cifar10_train_labels.npy", "cifar10_test_images.npy",
    "cifar10_test_labels.npy",
  ]

  /// Two classes of images with signs for targets, `count` of them for training and all there are for testing. All numbers are scaled
  /// alike, to mean 0 and deviation 1 in training, as filters shared by all places ask for.
  ///
  /// - Parameter areas: grey areas down and across in place of the pixels.
  /// - Throws: `DataError` for files that are not there or damaged.
  static func images(
    training: String, heldOut: String, classes: (Int, Int), count: Int,
    areas: (height: Int, width: Int)? = nil, seed: UInt64
  ) throws(DataError) -> SplitSamples {
    var random = SeededGenerator(seed: seed)
    let chosen = [classes.0, classes.1]
    let first = try ImageSet(stem: training).drawing(count, among: chosen, using: &random)
    let second = try ImageSet(stem: heldOut).drawing(.max, among: chosen, using: &random)
    func numbers(_ set: ImageSet) -> Matrix { areas.map(set.greyAreas) ?? set.images }
    let all = numbers(first).elements
    let mean = all.mean ?? 0
    let deviation = max(all.deviation ?? 0, .leastNormalMagnitude)
    func part(_ set: ImageSet) throws(DataError) -> Dataset {
      var features = numbers(set)
      for place in features.elements.indices {
        features.elements[place] = (features.elements[place] - mean) / deviation
      }
      return try Dataset(
        features: features, targets: set.classes.map { $0 == classes.1 ? 1 : -1 })
    }
    return SplitSamples(try part(first), try part(second))
  }

  private init(_ training: Dataset, _ heldOut: Dataset) {
    (self.training, self.heldOut) = (training, heldOut)
  }
}
