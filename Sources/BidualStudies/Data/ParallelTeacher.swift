import Bidual

/// Gaussian samples whose targets a random parallel three-layer network gives, scaled to variance 1.
enum ParallelTeacher {
  static func dataset(samples: Int, features: Int, width: Int, subnetworks: Int, seed: UInt64)
    throws(DataError) -> Dataset
  {
    var random = SeededGenerator(seed: seed)
    let design = Matrix.gaussian(rows: samples, columns: features, using: &random)
    let network = ThreeLayerNetwork(
      hidden: .gaussian(rows: subnetworks * width, columns: features, using: &random),
      inner: Matrix.gaussian(rows: subnetworks * width, columns: 1, using: &random).elements,
      output: Matrix.gaussian(rows: subnetworks, columns: 1, using: &random).elements, width: width)
    let outputs = network.predictions(design)
    let deviation = outputs.deviation ?? 0
    return try Dataset(
      features: design, targets: deviation > 0 ? outputs.map { $0 / deviation } : outputs)
  }
}
