import Bidual

/// Samples to train on and samples held out, as a network sees them.
struct SplitData {
  /// What to train on: columns of mean 0 and deviation 1 with a column of ones.
  let design: Matrix
  let targets: [Double]
  /// The samples held out, transformed as the others.
  let heldOut: Matrix
  let heldOutTargets: [Double]

  /// A split of samples of which the first `count` are for training.
  init(features: Matrix, targets: [Double], trainingRows count: Int) throws {
    let training = features.selectingRows(0..<count)
    let preprocessing = try Preprocessing(fitting: training, standardize: true, bias: true)
    design = preprocessing.design(for: training)
    heldOut = preprocessing.design(for: features.selectingRows(count..<features.rows))
    self.targets = Array(targets[..<count])
    heldOutTargets = Array(targets[count...])
  }

  /// A column of a CSV file to learn from the others: `count` rows drawn by the seed, the rest held out, targets
  /// shifted and scaled to mean 0 and deviation 1 in training.
  static func regression(path: String, target: String, trainingRows count: Int, seed: UInt64) throws
    -> SplitData
  {
    let dataset = try CSVReader().table(path: path).dataset(target: target)
    var random = SeededGenerator(seed: seed)
    var order = Array(0..<dataset.samples)
    order.shuffle(using: &random)
    let targets = order.map { dataset.targets[$0] }
    let mean = targets[..<count].reduce(0, +) / Double(count)
    let square = targets[..<count].reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let deviation = (square / Double(count)).squareRoot()
    return try SplitData(
      features: dataset.features.selectingRows(order), targets: targets.map { ($0 - mean) / deviation },
      trainingRows: count)
  }

  /// Two classes of images from NPY files, the first `count` of them for training in equal shares, projected by a
  /// random matrix to `dimension` features.
  static func images(
    training: (images: String, labels: String), test: (images: String, labels: String),
    classes: (Double, Double), trainingRows count: Int, dimension: Int, seed: UInt64
  ) throws -> SplitData {
    let share = count / 2
    let (first, firstSigns) = try twoClasses(training, classes, limits: (share, count - share))
    let (second, secondSigns) = try twoClasses(test, classes, limits: (.max, .max))
    var random = SeededGenerator(seed: seed)
    let pixels = first.columns
    let scale = 1 / (255 * Double(pixels).squareRoot())
    let projection = Matrix(
      rows: dimension, columns: pixels,
      elements: (0..<(dimension * pixels)).map { _ in scale * random.nextGaussian() })
    let features = Matrix(
      rows: first.rows + second.rows, columns: pixels, elements: first.elements + second.elements
    )
    .timesTransposed(projection)
    return try SplitData(features: features, targets: firstSigns + secondSigns, trainingRows: count)
  }

  /// Images of two classes in the order of the file, up to a limit each, with targets −1 and 1.
  private static func twoClasses(
    _ paths: (images: String, labels: String), _ classes: (Double, Double), limits: (Int, Int)
  ) throws -> (Matrix, [Double]) {
    let images = try NPYReader.array(path: paths.images).matrix
    let labels = try NPYReader.array(path: paths.labels).elements
    let negative = labels.indices.filter { labels[$0] == classes.0 }.prefix(limits.0)
    let positive = labels.indices.filter { labels[$0] == classes.1 }.prefix(limits.1)
    let chosen = (negative + positive).sorted()
    return (images.selectingRows(chosen), chosen.map { labels[$0] == classes.1 ? 1 : -1 })
  }
}
