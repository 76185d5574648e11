import Bidual

/// Data whose targets a random parallel three-layer network made.
struct Teacher {
  let design: Matrix
  let targets: [Double]

  /// Gaussian inputs and the outputs, scaled to variance 1, of a network of Gaussian weights.
  init(samples: Int, features: Int, width: Int, subnetworks: Int, seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    func matrix(_ rows: Int, _ columns: Int) -> Matrix {
      Matrix(
        rows: rows, columns: columns, elements: (0..<(rows * columns)).map { _ in random.nextGaussian() })
    }
    design = matrix(samples, features)
    let network = ThreeLayerNetwork(
      hidden: matrix(subnetworks * width, features), inner: matrix(subnetworks * width, 1).elements,
      output: matrix(subnetworks, 1).elements, width: width)
    let outputs = network.predictions(design)
    let mean = outputs.reduce(0, +) / Double(samples)
    let variance = outputs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(samples)
    targets = variance > 0 ? outputs.map { $0 / variance.squareRoot() } : outputs
  }
}
