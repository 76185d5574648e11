import Bidual

/// Classes cut into clusters of their images, in place of the finer classes of a set that is not at hand.
struct PseudoClasses {
  /// The centres of each class's clusters.
  private let centres: [Matrix]
  private let parts: Int

  /// Clusters of images by k-means, so many of each class; with one they are the classes themselves.
  init(of set: ImageSet, parts: Int, using random: inout SeededGenerator) {
    self.parts = parts
    var centres: [Matrix] = []
    for kind in 0...(set.classes.max() ?? 0) {
      let own = set.classes.indices.filter { set.classes[$0] == kind }
      centres.append(RowClusters(set.images.selectingRows(own), count: parts, using: &random).centres)
    }
    self.centres = centres
  }

  /// How many there are.
  var count: Int { parts * centres.count }

  /// The pseudo-class of each image: the nearest centre of its class.
  func classes(of set: ImageSet) -> [Int] {
    set.classes.indices.map { i in
      let (kind, image) = (set.classes[i], Array(set.images.row(i)))
      func distance(_ part: Int) -> Double {
        zip(image, centres[kind].row(part)).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      }
      let nearest = (0..<centres[kind].rows).min { distance($0) < distance($1) } ?? 0
      return parts * kind + nearest
    }
  }
}
