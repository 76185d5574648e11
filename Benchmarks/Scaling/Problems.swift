import Bidual

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A benchmark problem with the gap to prove.
struct Problem {
  let name: String
  let dataset: Dataset
  let training: Training

  /// One feature and a bias: y = sin 4x + 0.1 noise, x uniform on [−1, 1].
  static func line(samples n: Int, threads: Int) throws -> Problem {
    var generator = SeededGenerator(seed: 7)
    let x = (0..<n).map { _ in 2 * generator.nextUniform() - 1 }
    let y = x.map { sin(4 * $0) + 0.1 * generator.nextGaussian() }
    return Problem(
      name: "line n=\(n)",
      dataset: try Dataset(features: Matrix(rows: n, columns: 1, elements: x), targets: y),
      training: Training(beta: .value(0.1), gap: 1e-6, bias: true, threads: threads))
  }

  /// Gaussian columns scaled to √n, y = sin(2x₁)x₂ + 0.3 noise.
  static func gauss(
    samples n: Int, rank r: Int, beta: Double, gap: Double = 1e-3, threads: Int, seed: UInt64 = 7
  )
    throws -> Problem
  {
    var generator = SeededGenerator(seed: seed)
    var x = Matrix(rows: n, columns: r, elements: (0..<(n * r)).map { _ in generator.nextGaussian() })
    for k in 0..<r {
      let scale = norm(x.column(k)) / Double(n).squareRoot()
      for i in 0..<n { x[i, k] /= scale }
    }
    let y = (0..<n).map { sin(2 * x[$0, 0]) * x[$0, 1] + 0.3 * generator.nextGaussian() }
    return Problem(
      name: "gauss n=\(n) r=\(r)", dataset: try Dataset(features: x, targets: y),
      training: Training(beta: .value(beta), gap: gap, threads: threads))
  }

  /// Columns of a CSV file with a bias, standardised.
  static func file(
    _ path: String, target: String, features: [String], ratio: Double, gap: Double, threads: Int
  )
    throws -> Problem
  {
    let table = try CSVReader(columns: [target] + features).table(path: path)
    return Problem(
      name: "\(path) \(features.joined(separator: ","))",
      dataset: try table.dataset(target: target, features: features),
      training: Training(beta: .ratio(ratio), gap: gap, bias: true, standardize: true, threads: threads))
  }

  /// The same with another loss, and β as a share of β_max.
  func fitted(loss name: String, ratio: Double) throws -> Problem {
    var training = training
    training.loss = try LossRegistry.standard.loss(name)!
    training.beta = .ratio(ratio)
    return Problem(name: "\(self.name) \(name)", dataset: dataset, training: training)
  }

  /// The same with targets ±1, above and below the median.
  func classified(loss name: String, ratio: Double) throws -> Problem {
    let median = dataset.targets.sorted()[dataset.samples / 2]
    let classes = try Dataset(
      features: dataset.features, targets: dataset.targets.map { $0 > median ? 1 : -1 })
    return try Problem(name: "\(self.name) classes", dataset: classes, training: training)
      .fitted(loss: name, ratio: ratio)
  }
}
