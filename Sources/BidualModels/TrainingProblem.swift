import BidualLinear
import BidualObjectives

/// Training of a network, posed:
///
///     minimise  Σᵢ ωᵢℓ(f(xᵢ), yᵢ) + β·(the penalty)
///
/// over the networks of an architecture, such as the two-layer ReLU networks of any width with β/2 Σⱼ(‖uⱼ‖² + αⱼ²) (PE20,
/// eq. 2), with or without an offset that no penalty holds. The design holds what the network sees: features after
/// preprocessing, in the units in which the problem is posed.
///
/// What is worked out about the design is kept in the atoms, once for the problem and all that is made from it by
/// another β.
public struct TrainingProblem: Sendable {
  /// The inputs, n×d; samples of weight 0 are left out.
  public let design: Matrix
  /// The targets y, one a row of the design.
  public let targets: [Double]
  /// The weights ω > 0, one a row of the design.
  public let weights: [Double]
  /// The loss ℓ of a single sample.
  public let loss: any Loss
  /// The weight β > 0 of the penalty.
  public let beta: Double
  /// Whether the network may have an offset.
  public let hasOffset: Bool
  /// The kind of network.
  public let architecture: any Architecture
  /// The architecture's atoms over the design.
  public let atoms: any Atoms

  /// A problem from its parts.
  ///
  /// - Throws: `DataError` of kind `badData` if β is not a positive number, the shapes do not match, the
  ///   loss is not made for the targets, or numbers are so large or small that their squares overflow or
  ///   vanish.
  /// - Complexity: O(nd).
  public init(
    design: Matrix, targets: [Double], weights: [Double]? = nil, loss: any Loss = SquaredLoss(),
    beta: Double, hasOffset: Bool = false, architecture: any Architecture = TwoLayer()
  ) throws(DataError) {
    try Self.check(beta)
    guard design.rows == targets.count, design.rows > 0 else {
      throw DataError(
        .badData, "\(design.rows) rows of inputs but \(targets.count) targets; give one target a row")
    }
    guard design.elements.allSatisfy(\.isFinite), targets.allSatisfy(\.isFinite) else {
      throw DataError(
        .badData, "an input or a target is not a finite number; drop the row or rescale the data")
    }
    let weights = weights ?? Array(repeating: 1, count: targets.count)
    guard weights.count == targets.count, weights.allSatisfy({ $0.isFinite && $0 >= 0 }),
      weights.contains(where: { $0 > 0 })
    else {
      throw DataError(
        .badData, "the sample weights do not fit; give one number from 0 on for each row, not all of them 0")
    }
    let scales = [("input", design.elements), ("target", targets), ("sample weight", weights)].map {
      ($0, $1.reduce(0) { max($0, abs($1)) })
    }
    for (name, largest) in scales where largest != 0 && !(1e-100...1e100 ~= largest) {
      throw DataError(
        .badData,
        "the largest \(name) is \(largest), whose square is out of a double's range; change the units")
    }
    try Self.check(targets, for: loss)
    let kept = weights.indices.filter { weights[$0] > 0 }
    let isWhole = kept.count == weights.count
    let design = isWhole ? design : design.selectingRows(kept)
    self.init(
      design: design, targets: isWhole ? targets : kept.map { targets[$0] },
      weights: isWhole ? weights : kept.map { weights[$0] }, loss: loss, beta: beta, hasOffset: hasOffset,
      architecture: architecture, atoms: architecture.atoms(of: design))
  }

  private init(
    design: Matrix, targets: [Double], weights: [Double], loss: any Loss, beta: Double, hasOffset: Bool,
    architecture: any Architecture, atoms: any Atoms
  ) {
    self.design = design
    self.targets = targets
    self.weights = weights
    self.loss = loss
    self.beta = beta
    self.hasOffset = hasOffset
    self.architecture = architecture
    self.atoms = atoms
  }

  private static func check(_ beta: Double) throws(DataError) {
    guard beta.isFinite, beta > 0 else {
      throw DataError(.badData, "beta is \(beta); give a positive number")
    }
    guard 1e-100...1e100 ~= beta else {
      throw DataError(.badData, "beta is \(beta); give a number between 1e-100 and 1e100")
    }
  }

  /// Refuses targets that the loss is not made for.
  private static func check(_ targets: [Double], for loss: any Loss) throws(DataError) {
    switch loss.targetKind {
    case .real: break
    case .sign:
      if let i = targets.firstIndex(where: { abs($0) != 1 }) {
        throw DataError(
          .badData,
          "row \(i + 1): target \(targets[i]) is neither -1 nor 1, as the \(loss.name) loss needs; map the two classes to -1 and 1"
        )
      }
    case .count:
      if let i = targets.firstIndex(where: { $0 < 0 }) {
        throw DataError(
          .badData,
          "row \(i + 1): target \(targets[i]) is negative, but the \(loss.name) loss is for counts; drop the row or use another loss"
        )
      }
    }
  }

  /// The same problem with another β, and with what is known of the design.
  ///
  /// - Throws: `DataError` of kind `badData` if β is not a positive number in range.
  public func replacing(beta: Double) throws(DataError) -> TrainingProblem {
    try Self.check(beta)
    return TrainingProblem(
      design: design, targets: targets, weights: weights, loss: loss, beta: beta, hasOffset: hasOffset,
      architecture: architecture, atoms: atoms)
  }

  /// The same problem for another architecture.
  public func replacing(architecture: any Architecture) -> TrainingProblem {
    TrainingProblem(
      design: design, targets: targets, weights: weights, loss: loss, beta: beta, hasOffset: hasOffset,
      architecture: architecture, atoms: architecture.atoms(of: design))
  }

  /// The same problem with another loss and β, and with what is known of the design.
  ///
  /// - Throws: `DataError` of kind `badData` if β is not a positive number in range, or the loss is not made for the
  ///   targets.
  public func replacing(loss: any Loss, beta: Double) throws(DataError) -> TrainingProblem {
    try Self.check(beta)
    try Self.check(targets, for: loss)
    return TrainingProblem(
      design: design, targets: targets, weights: weights, loss: loss, beta: beta, hasOffset: hasOffset,
      architecture: architecture, atoms: atoms)
  }

  /// The same problem with each sample counted once.
  package var unweighted: TrainingProblem {
    TrainingProblem(
      design: design, targets: targets, weights: Array(repeating: 1, count: targets.count), loss: loss,
      beta: beta, hasOffset: hasOffset, architecture: architecture, atoms: atoms)
  }

  /// The problem in the coordinates of its row space. Its atoms are those of the design, which is where they are known.
  package var reduced: TrainingProblem {
    let design = atoms.geometry.coordinates
    return TrainingProblem(
      design: design, targets: targets, weights: weights, loss: loss, beta: beta, hasOffset: hasOffset,
      architecture: architecture, atoms: atoms)
  }

  /// The training objective of a network, in plain floating point.
  public func objective(_ network: any Network) -> Double {
    lossValue(network.predictions(design)) + beta * architecture.penalty(of: network)
  }

  /// The network without neurons that predicts `offset`, or the best constant; 0 for networks without an offset.
  public func constantNetwork(offset: Double? = nil) -> any Network {
    architecture.constant(inputs: design.columns, offset: hasOffset ? offset ?? constantFit : nil)
  }

  /// Σᵢ ωᵢℓ(fᵢ, yᵢ).
  public func lossValue(_ predictions: [Double]) -> Double {
    predictions.indices.reduce(0) { $0 + weights[$1] * loss.value(predictions[$1], target: targets[$1]) }
  }

  /// The natural dual point V = −∇Σᵢ ωᵢℓ(fᵢ, yᵢ) of predictions f.
  public func dualPoint(_ predictions: [Double]) -> [Double] {
    predictions.indices.map { -weights[$0] * loss.derivative(predictions[$0], target: targets[$0]) }
  }

  /// The closure of the domain of sample i's conjugate, ωᵢ·dom ℓ*(·, yᵢ).
  public func dualDomain(_ i: Int) -> ClosedRange<Double> {
    let domain = loss.dualDomain(target: targets[i])
    return (weights[i] * domain.lowerBound)...(weights[i] * domain.upperBound)
  }
}
