import Bidual

/// Images of a NumPy file with the classes of another one, as rows of pixels from 0 to 1.
struct LabelledImages {
  let pixels: Matrix
  let labels: [Int]
  /// Planes of colour, which lie one after the other in a row.
  let planes: Int

  /// The images of STEM_images.npy and STEM_labels.npy.
  ///
  /// - Parameter limit: how many are taken, from the first one on.
  /// - Throws: `DataError` for files that can't be read or do not belong together.
  init(_ stem: String, limit: Int = .max) throws(DataError) {
    let images = try NPYReader.array(path: stem + "_images.npy")
    let labels = try NPYReader.array(path: stem + "_labels.npy").elements
    guard let samples = images.shape.first, samples == labels.count, samples > 0 else {
      throw DataError(
        .badData,
        "\(stem)_images.npy holds \(images.shape.first ?? 0) images but there are \(labels.count) labels; give files that belong together"
      )
    }
    let (count, size) = (min(limit, samples), images.elements.count / samples)
    pixels = Matrix(rows: count, columns: size, elements: images.elements[..<(count * size)].map { $0 / 255 })
    self.labels = labels[..<count].map { Int($0) }
    planes = images.shape.count > 3 ? images.shape[1] : 1
  }

  private init(pixels: Matrix, labels: [Int], planes: Int) {
    (self.pixels, self.labels, self.planes) = (pixels, labels, planes)
  }

  /// The first so many images of each class, one class after the other.
  func balanced(perClass count: Int) -> LabelledImages {
    let rows = Set(labels).sorted().flatMap { kind in
      labels.indices.filter { labels[$0] == kind }.prefix(count)
    }
    return LabelledImages(
      pixels: pixels.selectingRows(rows), labels: rows.map { labels[$0] }, planes: planes)
  }

  /// The images with the means and deviations of each plane of others taken out.
  func normalized(like others: LabelledImages) -> LabelledImages {
    let size = pixels.columns / planes
    var pixels = pixels
    for plane in 0..<planes {
      let columns = (plane * size)..<((plane + 1) * size)
      let known = (0..<others.pixels.rows).flatMap { i in columns.map { others.pixels[i, $0] } }
      let mean = known.mean ?? 0
      let variance = known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(known.count)
      let scale = variance > 0 ? 1 / variance.squareRoot() : 1
      for i in 0..<pixels.rows { for k in columns { pixels[i, k] = scale * (pixels[i, k] - mean) } }
    }
    return LabelledImages(pixels: pixels, labels: labels, planes: planes)
  }
}
