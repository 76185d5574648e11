import BidualLinear
import BidualObjectives

/// Training of a network, posed:
///
///     minimise  Σᵢ ωᵢℓ(f(xᵢ), yᵢ) + β·(the penalty)
///
/// over the networks of an architecture, such as the two-layer ReLU networks of any width with β/2 Σⱼ(‖uⱼ‖² + ‖αⱼ‖²) (PE20,
/// eq. 2; SEPP21), with or without offsets that no penalty holds. The design holds what the network sees: features after
/// preprocessing, in the units in which the problem is posed.
///
/// Predictions, targets and dual points of networks with c outputs are n×c, kept in one array with the numbers of a row together.
///
/// What is worked out about the design is kept in the atoms, once for the problem and all that is made from it by
/// another β.
public struct TrainingProblem: Sendable {
  /// The inputs, n×d; samples of weight 0 are left out.
  public private(set) var design: Matrix
  /// The targets y, c for each row of the design.
  public private(set) var targets: [Double]
  /// The number c of outputs.
  public private(set) var outputs: Int
  /// The weights ω > 0, one a row of the design.
  public private(set) var weights: [Double]
  /// The loss ℓ of a single sample.
  public private(set) var loss: any Loss
  /// The weight β > 0 of the penalty.
  public private(set) var beta: Double
  /// Whether the network may have an offset for each output.
  public let hasOffset: Bool
  /// The kind of network.
  package private(set) var architecture: any Architecture
  /// How many principal directions of the rows that neurons see training keeps to; nil for all.
  public private(set) var rank: Int?
  /// The architecture's atoms over the design.
  package private(set) var atoms: any Atoms
  /// What neurons see: the rows of the design, or several for each of its samples, as the atoms' geometry has them.
  package private(set) var neuronRows: Matrix

  /// A problem from its parts; of an architecture with targets for each patch of an image the patches become the samples.
  ///
  /// - Parameter places: how many patches of an image have targets each, where the architecture that says so comes later.
  /// - Throws: `DataError` of kind `badData` if β is not a positive number, the shapes do not match, the
  ///   loss is not made for the targets, or numbers are so large or small that their squares overflow or
  ///   vanish; of kind `badSettings` if the architecture's networks don't have so many outputs.
  /// - Complexity: O(n(d + c)).
  package init(
    design: Matrix, targets: [Double], outputs: Int = 1, weights: [Double]? = nil,
    loss: any Loss = SquaredLoss(), beta: Double, hasOffset: Bool = false,
    architecture: any Architecture = TwoLayer(), places: Int = 1
  ) throws(DataError) {
    try Self.check(beta)
    let given = design.rows == 0 ? targets.count : targets.count / design.rows
    guard outputs > 0, design.rows * outputs == targets.count, design.rows > 0 else {
      throw DataError(
        .badData,
        outputs == 1
          ? "\(design.rows) rows of inputs but \(targets.count) targets; give one target a row"
          : "\(given) targets a row of inputs for \(outputs) outputs; give one for each")
    }
    guard design.elements.allSatisfy(\.isFinite), targets.allSatisfy(\.isFinite) else {
      throw DataError(
        .badData, "an input or a target is not a finite number; drop the row or rescale the data")
    }
    let weights = weights ?? Array(repeating: 1, count: design.rows)
    guard weights.count == design.rows, weights.allSatisfy({ $0.isFinite && $0 >= 0 }),
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
    try Self.check(targets, outputs, places: architecture.samplePatches?.count ?? places, for: loss)
    let samples = try architecture.samplePatches.map { patches throws(DataError) in
      try PatchSamples(patches, design: design, outputs: outputs, weights: weights)
    }
    let (design, outputs) = (samples?.design ?? design, samples?.outputs ?? outputs)
    let sampleWeights = samples?.weights ?? weights
    try Self.check(architecture, outputs, design)
    let kept = sampleWeights.indices.filter { sampleWeights[$0] > 0 }
    let isWhole = kept.count == sampleWeights.count
    self.design = isWhole ? design : design.selectingRows(kept)
    self.targets =
      isWhole ? targets : kept.flatMap { targets[($0 * outputs)..<(($0 + 1) * outputs)] }
    self.outputs = outputs
    self.weights = isWhole ? sampleWeights : kept.map { sampleWeights[$0] }
    self.loss = loss
    self.beta = beta
    self.hasOffset = hasOffset
    self.architecture = architecture
    atoms = architecture.atoms(of: self.design, outputs: outputs)
    neuronRows = atoms.geometry.design
  }

  private static func check(_ beta: Double) throws(DataError) {
    guard beta.isFinite, beta > 0 else {
      throw DataError(.badData, "beta is \(beta); give a positive number")
    }
    guard 1e-100...1e100 ~= beta else {
      throw DataError(.badData, "beta is \(beta); give a number between 1e-100 and 1e100")
    }
  }

  private static func check(_ architecture: any Architecture, _ outputs: Int, _ design: Matrix)
    throws(DataError)
  {
    guard architecture.allows(outputs: outputs) else {
      throw DataError(
        .badSettings,
        "\(architecture.name) networks under the \(architecture.norm.rawValue) norm don't have \(outputs) outputs; train two-layer networks under the l2 norm"
      )
    }
    try architecture.check(inputs: design.columns, samples: design.rows)
  }

  /// Refuses targets that the loss is not made for.
  ///
  /// - Parameter places: how many patches share the targets of a row evenly.
  private static func check(_ targets: [Double], _ outputs: Int, places: Int, for loss: any Loss)
    throws(DataError)
  {
    func row(_ i: Int) -> Int { i / outputs + 1 }
    switch loss.targetKind {
    case .real: break
    case .sign:
      if let i = targets.firstIndex(where: { abs($0) != 1 }) {
        throw DataError(
          .badData,
          "row \(row(i)): target \(targets[i]) is neither -1 nor 1, as the \(loss.name) loss needs; map the two classes to -1 and 1"
        )
      }
    case .count:
      if let i = targets.firstIndex(where: { $0 < 0 }) {
        throw DataError(
          .badData,
          "row \(row(i)): target \(targets[i]) is negative, but the \(loss.name) loss is for counts; drop the row or use another loss"
        )
      }
    case .oneHot:
      let classes = outputs / places
      guard classes > 1 else {
        throw DataError(
          .badData, "the \(loss.name) loss tells classes apart; give a target for each of two classes or more"
        )
      }
      guard outputs.isMultiple(of: places) else { break }
      for first in stride(from: 0, to: targets.count, by: classes) {
        let own = targets[first..<(first + classes)]
        guard own.allSatisfy({ $0 == 0 || $0 == 1 }), own.reduce(0, +) == 1 else {
          throw DataError(
            .badData,
            "row \(row(first)): the targets \(Array(own)) are not 1 at one class and 0 at the others, as the \(loss.name) loss needs"
          )
        }
      }
    }
  }

  /// The same problem with another β, and with what is known of the design.
  ///
  /// - Throws: `DataError` of kind `badData` if β is not a positive number in range.
  public func replacing(beta: Double) throws(DataError) -> TrainingProblem {
    try Self.check(beta)
    var problem = self
    problem.beta = beta
    return problem
  }

  /// The same problem, whose samples are the data's rows, for another architecture.
  ///
  /// - Throws: `DataError` of kind `badSettings` if its networks don't have so many outputs, of kind `badData` if they don't have
  ///   such inputs.
  package func replacing(architecture: any Architecture) throws(DataError) -> TrainingProblem {
    precondition(self.architecture.samplePatches == nil, "images have been cut")
    var problem = self
    if let patches = architecture.samplePatches {
      let samples = try PatchSamples(patches, design: design, outputs: outputs, weights: weights)
      (problem.design, problem.outputs, problem.weights) = (samples.design, samples.outputs, samples.weights)
    }
    try Self.check(architecture, problem.outputs, problem.design)
    problem.architecture = architecture
    problem.rank = nil
    problem.atoms = architecture.atoms(of: problem.design, outputs: problem.outputs)
    problem.neuronRows = problem.atoms.geometry.design
    return try rank.map { rank throws(DataError) in try problem.truncated(toRank: rank) } ?? problem
  }

  /// The same problem for networks along the first `rank` principal directions of the rows that neurons see, patches for a
  /// convolution (SEPP21, §2); what training and its certifier say is of these networks then.
  ///
  /// Objectives are those on the design as it is. With as many directions as there are it is the problem itself.
  ///
  /// - Throws: `DataError` of kind `badSettings` if the rank is not positive, or no direction can be left out.
  public func truncated(toRank rank: Int) throws(DataError) -> TrainingProblem {
    guard rank > 0 else { throw DataError(.badSettings, "the rank is \(rank); give at least 1") }
    guard let atoms = architecture.atoms(of: design, outputs: outputs, rank: rank) else {
      throw DataError(
        .badSettings,
        "\(architecture.name) networks under the \(architecture.norm.rawValue) norm are not trained along few directions of the data; leave out the rank"
      )
    }
    var problem = self
    problem.rank = rank
    problem.atoms = atoms
    problem.neuronRows = atoms.geometry.design
    return problem
  }

  /// The same problem with another loss and β, and with what is known of the design.
  ///
  /// - Throws: `DataError` of kind `badData` if β is not a positive number in range, or the loss is not made for the
  ///   targets.
  public func replacing(loss: any Loss, beta: Double) throws(DataError) -> TrainingProblem {
    try Self.check(targets, outputs, places: 1, for: loss)
    var problem = try replacing(beta: beta)
    problem.loss = loss
    return problem
  }

  /// The same problem with each sample counted once.
  package var unweighted: TrainingProblem {
    var problem = self
    problem.weights = Array(repeating: 1, count: weights.count)
    return problem
  }

  /// The problem in the coordinates of its row space, those of a sample's rows side by side. Its atoms are those of the design,
  /// which is where they are known.
  package var reduced: TrainingProblem {
    var problem = self
    let rows = atoms.geometry.coordinates
    problem.neuronRows = rows
    problem.design = Matrix(
      rows: atoms.samples, columns: rows.columns * atoms.pooling.rows, elements: rows.elements)
    return problem
  }

  /// The training objective of a network, in plain floating point.
  public func objective(_ network: any Network) -> Double {
    lossValue(network.predictions(design)) + beta * architecture.penalty(of: network)
  }

  /// The network without neurons that predicts the best constant; 0 for networks without an offset.
  public func constantNetwork() -> any Network {
    architecture.constant(
      inputs: design.columns, outputs: outputs, offsets: hasOffset ? constantFits : [])
  }

  /// The places of row i in targets, predictions and dual points.
  package func places(_ i: Int) -> Range<Int> { (i * outputs)..<((i + 1) * outputs) }

  /// Σᵢ ωᵢℓ(fᵢ, yᵢ).
  public func lossValue(_ predictions: [Double]) -> Double {
    guard let coupled = loss.coupled else {
      return predictions.indices.reduce(0) {
        $0 + weights[$1 / outputs] * loss.value(predictions[$1], target: targets[$1])
      }
    }
    return weights.indices.reduce(0) {
      $0 + weights[$1] * coupled.value(predictions[places($1)], targets: targets[places($1)])
    }
  }

  /// The natural dual point V = −∇Σᵢ ωᵢℓ(fᵢ, yᵢ) of predictions f.
  public func dualPoint(_ predictions: [Double]) -> [Double] {
    guard let coupled = loss.coupled else {
      return predictions.indices.map {
        -weights[$0 / outputs] * loss.derivative(predictions[$0], target: targets[$0])
      }
    }
    return weights.indices.flatMap { i in
      coupled.gradient(predictions[places(i)], targets: targets[places(i)]).map { -weights[i] * $0 }
    }
  }

  /// The closure of the domain of the conjugate's entry i, ωᵢ·dom ℓ*(·, yᵢ), for losses that are sums over outputs.
  public func dualDomain(_ i: Int) -> ClosedRange<Double> {
    let domain = loss.dualDomain(target: targets[i])
    let weight = weights[i / outputs]
    return (weight * domain.lowerBound)...(weight * domain.upperBound)
  }
}
