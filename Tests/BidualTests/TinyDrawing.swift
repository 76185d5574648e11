import Bidual

/// One of many tiny problems, drawn by number: every loss in turn, with and without weights, bias and intercept,
/// with rows repeated, tied, opposite or zero, and with fewer samples than features.
struct TinyDrawing: CustomStringConvertible {
  static let losses: [any Loss] = [
    SquaredLoss(), LogisticLoss(), HingeLoss(), AbsoluteLoss(), try! HuberLoss(threshold: 0.5),
    try! QuantileLoss(level: 0.8), PoissonLoss(),
  ]

  let number: Int
  let dataset: Dataset
  let training: Training

  init(_ number: Int, gap: Double = 1e-4) throws {
    self.number = number
    var random = SeededGenerator(seed: 1000 + UInt64(number))
    func chance(_ share: Double) -> Bool { random.nextUniform() < share }
    let loss = Self.losses[number % Self.losses.count]
    let d = Int.random(in: 1...3, using: &random)
    let n =
      chance(0.15) ? Int.random(in: 1...max(1, d), using: &random) : Int.random(in: 3...9, using: &random)
    let isTied = chance(0.3)
    let hasRepeats = chance(0.3)
    let hasOpposites = chance(0.2)
    let hasZeroRow = chance(0.2)
    var design = Matrix(rows: n, columns: d, elements: (0..<(n * d)).map { _ in 2 * random.nextGaussian() })
    for k in 0..<d {
      if isTied { for i in 0..<n { design[i, k] = design[i, k].rounded() } }
      if hasRepeats, n > 2 { design[1, k] = design[0, k] }
      if hasOpposites, n > 3 { design[3, k] = -2 * design[2, k] }
      if hasZeroRow { design[n - 1, k] = 0 }
    }
    let targets: [Double] = (0..<n).map { _ in
      let noise = 2 * random.nextGaussian()
      switch loss.targetKind {
      case .real: return isTied ? noise.rounded() : noise
      case .sign: return noise > 0 ? 1 : -1
      case .count, .oneHot: return abs(2 * noise).rounded()
      }
    }
    var weights: [Double]?
    if chance(0.3) {
      weights = (0..<n).map { $0 == 0 ? 1 : Double(Int.random(in: 0...3, using: &random)) }
    }
    dataset = try Dataset(features: design, targets: targets, weights: weights)
    let beta = [0.01, 0.05, 0.2, 1][Int.random(in: 0...3, using: &random)]
    training = Training(
      loss: loss, beta: .value(beta), gap: gap, bias: chance(0.4), intercept: chance(0.4), seed: 0)
  }

  /// The rounding of the loss of the network that predicts 0, with room.
  var rounding: Double {
    let loss = dataset.targets.indices.reduce(0) {
      $0 + (dataset.weights?[$1] ?? 1) * (1 + training.loss.value(0, target: dataset.targets[$1]))
    }
    return 1e-14 * loss
  }

  var description: String {
    "problem \(number): \(training.loss.name) \(dataset.features.rows)×\(dataset.features.columns), \(training.beta)"
      + (training.bias ? ", bias" : "") + (training.intercept ? ", intercept" : "")
      + (dataset.weights == nil ? "" : ", weights")
  }
}
