import Bidual
import Foundation

/// The problems of SEPP21's experiments, as far as the paper states them.
enum PaperProblems {
  /// Labels of a teacher with 100 neurons (§5.1): 25 Gaussian samples of two features, five outputs, β = 0.01.
  static func teacher(seed: UInt64) throws -> TrainingProblem {
    var random = SeededGenerator(seed: seed)
    let design = gaussian(25, 2, &random)
    func uniform(_ count: Int, within bound: Double) -> [Double] {
      (0..<count).map { _ in bound * (2 * random.nextUniform() - 1) }
    }
    let teacher = TwoLayerNetwork(
      hidden: Matrix(rows: 100, columns: 2, elements: uniform(200, within: 0.5.squareRoot())),
      output: uniform(500, within: 0.1), outputs: 5)
    return try TrainingProblem(
      design: design, targets: teacher.predictions(design), outputs: 5, beta: 0.01)
  }

  /// Three classes of 20 samples on spirals in the plane, one-hot (§5.3): 57 lines and 114 chambers.
  static func spiral(beta: Double, seed: UInt64) throws -> TrainingProblem {
    var random = SeededGenerator(seed: seed)
    var rows: [[Double]] = []
    for kind in 0..<3 {
      for j in 0..<20 {
        let radius = Double(j) / 19
        let angle = 4 * (Double(kind) + radius) + 0.2 * random.nextGaussian()
        rows.append([radius * sin(angle), radius * cos(angle)])
      }
    }
    return try TrainingProblem(
      design: Matrix(rows), targets: (0..<60).flatMap { i in (0..<3).map { $0 == i / 20 ? 1 : 0 } },
      outputs: 3, beta: beta)
  }

  /// Whitened Gaussian noise of 784 features to be mapped to images, ten of each kind, from 0 to 1 (A.1.1); β = 1.
  ///
  /// - Parameter stem: the files of images and labels without their ends; blobs of 8×8 pixels stand in where there are none.
  static func noise(samples: Int, images stem: String?, seed: UInt64) throws -> TrainingProblem {
    var random = SeededGenerator(seed: seed)
    let features = gaussian(samples, 784, &random)
    let design = try Preprocessing(fitting: features, whiten: .pca).design(for: features)
    if let stem {
      let images = try NPYReader.array(path: stem + "_images.npy").elements
      let labels = try NPYReader.array(path: stem + "_labels.npy").elements
      let pixels = images.count / labels.count
      let chosen = Set(labels).sorted().flatMap { kind in
        labels.indices.filter { labels[$0] == kind }.prefix(samples / 10)
      }
      return try TrainingProblem(
        design: design,
        targets: chosen.flatMap { i in images[(i * pixels)..<((i + 1) * pixels)].map { $0 / 255 } },
        outputs: pixels, beta: 1)
    }
    let centers = (0..<10).map { _ in (1 + 5 * random.nextUniform(), 1 + 5 * random.nextUniform()) }
    var targets: [Double] = []
    for i in 0..<samples {
      let (x, y) = centers[i % 10]
      let (left, top) = (x + 0.5 * random.nextGaussian(), y + 0.5 * random.nextGaussian())
      for pixel in 0..<64 {
        let (a, b) = (Double(pixel % 8) - left, Double(pixel / 8) - top)
        targets.append(min(1, exp(-(a * a + b * b) / 4) + 0.1 * random.nextUniform()))
      }
    }
    return try TrainingProblem(design: design, targets: targets, outputs: 64, beta: 1)
  }

  private static func gaussian(_ rows: Int, _ columns: Int, _ random: inout SeededGenerator) -> Matrix {
    Matrix(
      rows: rows, columns: columns, elements: (0..<(rows * columns)).map { _ in random.nextGaussian() })
  }
}
