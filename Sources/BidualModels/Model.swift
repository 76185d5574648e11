import BidualLinear
import BidualObjectives

/// A trained network with everything needed to predict from raw data and to check its certificate.
public struct Model: Sendable, Equatable {
  /// The names of the features that it reads, in the order of the network's inputs.
  public let featureNames: [String]
  /// The names of the target columns that it predicts.
  public let targetNames: [String]
  /// How features become inputs.
  public let preprocessing: Preprocessing
  /// The kind of the network, with the choices it was trained with.
  package let architecture: any Architecture
  /// The network.
  public let network: any Network
  /// The name of the loss it was trained with.
  public let loss: String
  /// The loss's parameter, if it has one.
  public let lossParameter: Double?
  /// The β it was trained with.
  public let beta: Double
  /// The classes that predictions stand for, if it tells classes apart.
  public let classes: ClassLabels?
  /// The name of the column of sample weights, if it was trained with weights.
  public let weightsName: String?
  /// What the weights of rows were multiplied by, by their class in the order of `classes`, if anything.
  public let classWeights: [Double]?
  /// The name of the column that is added to the network's outputs, if there is one.
  public let rowOffsetName: String?
  /// How the features come from the columns of a table, if it is not by their numbers alone.
  public let encoding: TableEncoding?

  /// The names of the target columns, separated by commas.
  public var targetName: String { targetNames.joined(separator: ",") }

  /// A model from its parts.
  ///
  /// - Throws: `DataError` of kind `badData` if shapes contradict each other or a number is not finite.
  package init(
    featureNames: [String], targetNames: [String], preprocessing: Preprocessing,
    architecture: any Architecture = TwoLayer(), network: any Network,
    loss: String, lossParameter: Double? = nil, beta: Double, classes: ClassLabels? = nil,
    weightsName: String? = nil, classWeights: [Double]? = nil,
    rowOffsetName: String? = nil, encoding: TableEncoding? = nil
  ) throws(DataError) {
    if let whitening = preprocessing.whitening {
      guard whitening.matrix.rows == featureNames.count, whitening.matrix.columns > 0 else {
        throw DataError(
          .badData,
          "the model's whitening is \(whitening.matrix.rows)×\(whitening.matrix.columns) for \(featureNames.count) features; write the model again"
        )
      }
      guard whitening.matrix.elements.allSatisfy(\.isFinite) else {
        throw DataError(
          .badData, "the model's whitening has an entry that is not finite; write the model again")
      }
    }
    let inputs = preprocessing.inputs(features: featureNames.count)
    guard network.inputs == inputs else {
      throw DataError(
        .badData,
        "the model's first layer has \(network.inputs) inputs but its features make \(inputs); write the model again"
      )
    }
    if let standardization = preprocessing.standardization {
      guard standardization.means.count == featureNames.count,
        standardization.scales.count == featureNames.count
      else {
        throw DataError(
          .badData,
          "the model's standardisation does not fit its \(featureNames.count) features; write the model again"
        )
      }
      guard (standardization.means + standardization.scales).allSatisfy(\.isFinite),
        standardization.scales.allSatisfy({ $0 > 0 })
      else {
        throw DataError(
          .badData, "the model's standardisation is not finite and positive; write the model again")
      }
    }
    guard targetNames.count == network.outputs || (targetNames.count == 1 && classes?.isOneHot == true),
      classes.map({ network.outputs == ($0.isOneHot ? $0.names.count : 1) }) ?? true
    else {
      throw DataError(
        .badData,
        "the model has \(network.outputs) outputs for the targets '\(targetNames.joined(separator: ","))'; write the model again"
      )
    }
    guard encoding.map({ $0.featureNames == featureNames }) ?? true else {
      throw DataError(
        .badData, "the model's encoding of columns does not make its features; write the model again")
    }
    guard
      classWeights.map({ $0.count == classes?.names.count && $0.allSatisfy { $0.isFinite && $0 > 0 } })
        ?? true
    else {
      throw DataError(
        .badData, "the model's class weights are not a positive number for each class; write the model again")
    }
    guard rowOffsetName == nil || classes == nil else {
      throw DataError(.badData, "the model has an offset and classes at once; write the model again")
    }
    guard network.isFinite else {
      throw DataError(.badData, "the model has a weight that is not finite; write the model again")
    }
    guard beta.isFinite, beta > 0 else {
      throw DataError(.badData, "the model's beta is \(beta), not a positive number; write the model again")
    }
    self.featureNames = featureNames
    self.targetNames = targetNames
    self.preprocessing = preprocessing
    self.architecture = architecture
    self.network = network
    self.loss = loss
    self.lossParameter = lossParameter
    self.beta = beta
    self.classes = classes
    self.weightsName = weightsName
    self.classWeights = classWeights
    self.rowOffsetName = rowOffsetName
    self.encoding = encoding
  }

  /// Whether two models have the same weights and were trained alike.
  public static func == (a: Model, b: Model) -> Bool {
    a.featureNames == b.featureNames && a.targetNames == b.targetNames && a.preprocessing == b.preprocessing
      && a.architecture.isEqual(to: b.architecture) && a.network == b.network && a.loss == b.loss
      && a.lossParameter == b.lossParameter && a.beta == b.beta && a.classes == b.classes
      && a.weightsName == b.weightsName && a.classWeights == b.classWeights
      && a.rowOffsetName == b.rowOffsetName
      && a.encoding == b.encoding
  }

  /// Predictions for raw features, n×d in the order of `featureNames`: n·c numbers, those of a row together.
  ///
  /// - Parameter rowOffsets: a number for each row, which is added to its outputs; a model with a column of them predicts by it alone.
  public func predictions(_ features: Matrix, rowOffsets: [Double]? = nil) -> [Double] {
    precondition(features.columns == featureNames.count)
    var predictions = network.predictions(preprocessing.design(for: features))
    if let rowOffsets {
      for place in predictions.indices { predictions[place] += rowOffsets[place / network.outputs] }
    }
    return predictions
  }

  /// The network as `problem(on:)` has it: of patches, where these are its samples.
  public var sampleNetwork: any Network { architecture.sampleNetwork(network) }

  /// The training problem that this model answers on a data set; its networks are like `sampleNetwork`.
  ///
  /// - Parameter losses: those that the model's loss is looked up among.
  /// - Throws: `DataError` of kind `badData` if the data set's columns are not the model's, or the loss
  ///   is unknown.
  public func problem(on dataset: Dataset, losses: LossRegistry = .standard) throws(DataError)
    -> TrainingProblem
  {
    guard dataset.featureNames == featureNames, dataset.targetNames == targetNames,
      dataset.outputs == network.outputs
    else {
      throw DataError(
        .badData,
        "the data have features \(dataset.featureNames) and \(dataset.outputs) targets of '\(dataset.targetName)'; the model wants \(featureNames) and \(network.outputs) of '\(targetName)'"
      )
    }
    var weighed = dataset
    if let classes, let classWeights { weighed = try dataset.weighing(classes, by: classWeights) }
    guard (dataset.rowOffsets == nil) == (rowOffsetName == nil) else {
      throw DataError(
        .badData,
        rowOffsetName.map { "the model adds the column '\($0)', but the data have none; give it" }
          ?? "the data have an offset, but the model adds none; leave it out")
    }
    let loss = try trainingLoss(among: losses)
    let (targets, weights) = try weighed.posed(for: loss, classes: classes)
    return try TrainingProblem(
      design: preprocessing.design(for: dataset.features), targets: targets,
      outputs: dataset.outputs, weights: weights, loss: loss, beta: beta,
      hasOffset: !network.offsets.isEmpty, architecture: architecture)
  }

  /// The loss that the model was trained with.
  ///
  /// - Throws: `DataError` of kind `badData` if it is unknown.
  public func trainingLoss(among losses: LossRegistry = .standard) throws(DataError) -> any Loss {
    do {
      if let loss = try losses.loss(loss, parameter: lossParameter) { return loss }
    } catch {
      throw DataError(.badData, "the model's loss: \(error)")
    }
    throw DataError(
      .badData, "the model was trained with an unknown loss '\(loss)'; check it where that loss is registered"
    )
  }
}
