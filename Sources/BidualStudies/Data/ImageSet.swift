import Bidual

/// Images with their classes, as they lie in two NumPy files.
struct ImageSet {
  /// The images, each its channels one after the other, from 0 to 1.
  let images: Matrix
  let classes: [Int]
  let channels: Int
  let height: Int
  let width: Int

  /// The images of `STEM_images.npy`, with the classes of `STEM_labels.npy`.
  ///
  /// - Parameter limit: how many are taken, from the first one on.
  /// - Throws: `DataError` for files that are not there, are damaged, or do not go together.
  init(stem: String, limit: Int = .max) throws(DataError) {
    let array = try NPYReader.array(path: stem + "_images.npy")
    let labels = try NPYReader.array(path: stem + "_labels.npy")
    guard (3...4).contains(array.shape.count), array.shape.allSatisfy({ $0 > 0 }),
      labels.shape == [array.shape[0]]
    else {
      throw DataError(
        .badData,
        "\(stem)_images.npy: an array of shape \(array.shape) with labels of shape \(labels.shape); give n images of one or several channels, and n labels"
      )
    }
    guard labels.elements.allSatisfy({ (0..<Self.mostClasses).contains($0) && $0 == $0.rounded() }) else {
      throw DataError(
        .badData, "\(stem)_labels.npy: a label is no whole number from 0 on; give the numbers of classes")
    }
    (height, width) = (array.shape[array.shape.count - 2], array.shape[array.shape.count - 1])
    channels = array.shape.count == 4 ? array.shape[1] : 1
    let (count, pixels) = (min(limit, array.shape[0]), channels * height * width)
    images = Matrix(
      rows: count, columns: pixels, elements: array.elements[..<(count * pixels)].map { $0 / 255 })
    classes = labels.elements[..<count].map { Int($0) }
  }

  private static let mostClasses = 1e6

  init(_ images: Matrix, _ classes: [Int], _ channels: Int, _ height: Int, _ width: Int) {
    (self.images, self.classes) = (images, classes)
    (self.channels, self.height, self.width) = (channels, height, width)
  }

  /// The images at some places, in that order.
  func selecting(_ places: [Int]) -> ImageSet {
    ImageSet(images.selectingRows(places), places.map { classes[$0] }, channels, height, width)
  }

  /// So many images of each of some classes, drawn at random; all of a class that has fewer.
  func drawing(_ count: Int, ofEach chosen: [Int], using random: inout SeededGenerator) -> ImageSet {
    var places: [Int] = []
    for kind in chosen {
      places += classes.indices.filter { classes[$0] == kind }.shuffled(using: &random).prefix(count)
    }
    return selecting(places.sorted())
  }

  /// So many images of some classes, drawn at random, classes mixed; all there are where that is fewer.
  func drawing(_ count: Int, among chosen: [Int], using random: inout SeededGenerator) -> ImageSet {
    selecting(
      classes.indices.filter { chosen.contains(classes[$0]) }.shuffled(using: &random).prefix(count).sorted())
  }

  /// The first so many images of each class, one class after the other.
  func balanced(perClass count: Int) -> ImageSet {
    selecting(
      Set(classes).sorted().flatMap { kind in
        classes.indices.filter { classes[$0] == kind }.prefix(count)
      })
  }

  /// The images with the means and deviations of each channel of others taken out.
  func normalized(like others: ImageSet) -> ImageSet {
    let size = height * width
    var images = images
    for channel in 0..<channels {
      let columns = (channel * size)..<((channel + 1) * size)
      let known = (0..<others.images.rows).flatMap { i in columns.map { others.images[i, $0] } }
      let (mean, deviation) = (known.mean ?? 0, known.deviation ?? 0)
      let scale = deviation > 0 ? 1 / deviation : 1
      for i in 0..<images.rows { for k in columns { images[i, k] = scale * (images[i, k] - mean) } }
    }
    return ImageSet(images, classes, channels, height, width)
  }

  /// The means over channels and over equal areas: images of so many grey values down and across.
  func greyAreas(_ areas: (height: Int, width: Int)) -> Matrix {
    let (down, across) = (
      Self.shares(of: height, among: areas.height), Self.shares(of: width, among: areas.width)
    )
    var result = Matrix(rows: images.rows, columns: areas.height * areas.width)
    for i in 0..<images.rows {
      let image = Array(images.row(i))
      for (a, rows) in down.enumerated() {
        for (b, columns) in across.enumerated() {
          var sum = 0.0
          for (y, tall) in rows {
            for (x, wide) in columns {
              for channel in 0..<channels { sum += tall * wide * image[(channel * height + y) * width + x] }
            }
          }
          result[i, a * areas.width + b] = sum / Double(channels)
        }
      }
    }
    return result
  }

  /// Which pixels an area takes in along one axis, and what share each of them has of its mean.
  private static func shares(of pixels: Int, among areas: Int) -> [[(Int, Double)]] {
    let size = Double(pixels) / Double(areas)
    return (0..<areas).map { area in
      let (low, high) = (Double(area) * size, Double(area + 1) * size)
      return (Int(low)..<min(pixels, Int(high.rounded(.up)))).compactMap { pixel in
        let share = min(high, Double(pixel + 1)) - max(low, Double(pixel))
        return share > 0 ? (pixel, share / size) : nil
      }
    }
  }
}
