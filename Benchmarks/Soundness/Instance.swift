import Bidual

/// A small problem that is drawn by its number: every architecture and every loss in turn, with data that are scaled, tied,
/// repeated, constant or zero.
struct Instance {
  /// A kind of network, by the name under which it is counted.
  enum Kind: String, CaseIterable {
    case twoLayer = "two-layer"
    case firstNorm = "two-layer, l1"
    case gated, linear
    case threeLayer = "three-layer"
    case reluConvolution = "relu-convolution"
    case linearConvolution = "linear-convolution"
    case circularConvolution = "circular-convolution"
    case locallyConnected = "locally-connected"

    /// Whether there may be several outputs.
    var takesOutputs: Bool {
      ![.firstNorm, .linearConvolution, .circularConvolution, .locallyConnected].contains(self)
    }
    /// Whether inputs are pixels.
    var isConvolution: Bool {
      [.reluConvolution, .linearConvolution, .circularConvolution, .locallyConnected].contains(self)
    }
    /// Whether targets may be met at least penalty.
    var interpolates: Bool { [.twoLayer, .reluConvolution].contains(self) }
  }

  /// The losses by name; the last is for `interpolate`.
  static let losses = [
    "squared", "logistic", "hinge", "absolute", "huber", "quantile", "poisson", "softmax", "interpolation",
  ]

  let number: UInt64
  let kind: Kind
  let loss: String
  let dataset: Dataset
  /// The certified method, with everything that makes the problem.
  let training: Training

  /// The instance of a number. Where an architecture and a loss don't go together it is one of filters for each place, which came later:
  /// so each number draws what it drew before.
  init(_ number: UInt64) throws {
    self.number = number
    let kinds = Kind.allCases.filter { $0 != .locallyConnected }
    let (kindCount, lossCount) = (UInt64(kinds.count), UInt64(Self.losses.count))
    let (first, second) = (kinds[Int(number % kindCount)], Self.losses[Int(number / kindCount % lossCount)])
    let isPair =
      (first.takesOutputs || second != "softmax") && (first.interpolates || second != "interpolation")
    kind = isPair ? first : .locallyConnected
    // Neither of the last two goes with filters for each place.
    loss = isPair ? second : Self.losses[Int(number / (kindCount * lossCount) % (lossCount - 2))]
    var draw = Draw(seed: 0x50_0D00 &+ number)
    let n =
      draw.chance(0.1) ? draw.number(1...2) : draw.number(kind == .threeLayer ? 2...7 : 3...10)
    let features: Int
    var images: Training.ImageShape?
    if kind.isConvolution {
      let shape = try draw.patches()
      features = kind == .circularConvolution ? draw.number(1...4) : shape.inputs
      images = Training.ImageShape(shape, pooling: draw.chance(0.5) ? .sum : .average)
    } else {
      features = draw.number(kind == .threeLayer ? 1...2 : 1...4)
    }
    let outputs =
      loss == "softmax"
      ? draw.number(2...3) : kind.takesOutputs && draw.chance(0.3) ? draw.number(2...3) : 1
    let targetScale = draw.scale
    let design = draw.design(n, features)
    let targets = draw.targets(loss, n, outputs, scale: targetScale)
    let weights = draw.chance(0.3) ? draw.weights(n) : nil
    dataset = try Dataset(
      features: design, targets: targets, outputs: outputs, weights: weights,
      targetNames: outputs == 1 ? ["y"] : (0..<outputs).map { "y\($0)" })
    let parameter: Double? =
      loss == "huber"
      ? targetScale * draw.power(-2, 0.5) : loss == "quantile" ? 0.05 + 0.9 * draw.uniform : nil
    let posed: any Loss =
      loss == "interpolation"
      ? SquaredLoss() : try LossRegistry.standard.loss(loss, parameter: parameter)!
    let bias = kind != .circularConvolution && draw.chance(0.3)
    let slopes = (0..<n).map { [loss] i in
      let own = targets[(i * outputs)..<((i + 1) * outputs)].reduce(0) { max($0, abs($1)) }
      return (weights?[i] ?? 1)
        * (loss == "squared" ? own : loss == "huber" ? min(own, parameter!) : loss == "poisson" ? own + 1 : 1)
    }
    // What the slopes weigh at most: about β_max.
    let whole = (0..<n).reduce(0) { sum, i in
      let row = design.row(i).reduce(bias ? 1 : 0) { $0 + $1 * $1 }
      return sum + slopes[i] * row.squareRoot()
    }
    let gaps = [1e-2, 1e-3, 1e-5, 1e-8]
    var training = Training(
      loss: posed, beta: .value(max(1e-90, (whole > 0 ? whole : 1) * draw.power(-5, 0.2))),
      gap: gaps[draw.number(0...3)], bias: bias, intercept: draw.chance(0.3),
      standardize: !kind.isConvolution && draw.chance(0.1), norm: kind == .firstNorm ? .l1 : .l2,
      seed: number, threads: 1)
    switch kind {
    case .twoLayer, .firstNorm: training.architecture = .twoLayer
    case .gated:
      training.architecture = .gated
      if draw.chance(0.7) { training.patterns = .given([.source(GaussianGates(draws: draw.number(1...8)))]) }
    case .linear: training.architecture = .linear
    case .threeLayer: training.architecture = .threeLayer(width: draw.number(1...2))
    case .reluConvolution: training.architecture = .reluConvolution(images)
    case .linearConvolution: training.architecture = .linearConvolution(images)
    case .circularConvolution: training.architecture = .circularConvolution
    case .locallyConnected: training.architecture = .locallyConnected(images)
    }
    self.training = training
  }
}
