import BidualLinear
import BidualModels
import BidualObjectives

/// Models as JSON files: format version 7 for models with class weights or a column of offsets; else 6 for models that encode columns of a table; else format version 1, or 2 for models with fields that readers of version 1 would overlook: a
/// whitening, an offset, another norm than ℓ₂; or 3 for several outputs; or 4 for three layers; or 5 for
/// convolutions.
public enum ModelFile {
  /// Writes `model` to `path`, atomically.
  ///
  /// - Throws: `DataError` of kind `cannotWrite`.
  public static func write(_ model: Model, to path: String) throws(DataError) {
    try JSONDocument.write(try Document(model), to: path)
  }

  /// Reads a model.
  ///
  /// - Throws: `DataError` of kind `missingInput` or `badData`.
  public static func read(path: String) throws(DataError) -> Model {
    let document = try JSONDocument.read(Document.self, path: path, kind: "model")
    do {
      return try document.model()
    } catch {
      throw DataError(error.kind, "\(path): \(error.description)")
    }
  }

  /// A model without its network, and the fields of the network beside them.
  private struct Document: Codable {
    var head: Head
    var network: NetworkDocument

    init(_ model: Model) throws(DataError) {
      network = try NetworkDocument(model.network, architecture: model.architecture)
      head = Head(model, version: 1)
      head.version = neededVersion
    }

    init(from decoder: any Decoder) throws {
      head = try Head(from: decoder)
      network = try NetworkDocument(from: decoder)
    }

    func encode(to encoder: any Encoder) throws {
      try head.encode(to: encoder)
      try network.encode(to: encoder)
    }

    /// The format version that the fields need.
    private var neededVersion: Int {
      head.classWeights != nil || head.rowOffset != nil
        ? 7 : head.encoding != nil ? 6 : max(network.neededVersion, head.whitening == nil ? 1 : 2)
    }

    func model() throws(DataError) -> Model {
      guard head.format == Head.format, head.version == neededVersion else {
        throw DataError(
          .badData,
          "the file says \(head.format) version \(head.version); this program reads \(Head.format) version 1, 2 with a whitening, an offset or a norm, 3 with several outputs, 4 with three layers, 5 with convolutions, 6 with an encoding of columns, and 7 with class weights or a column of offsets"
        )
      }
      let preprocessing = Preprocessing(
        standardization: head.standardization, whitening: try head.whitening?.whitening(), bias: head.bias)
      let names = try head.targetNames(isVector: network.isVector)
      let inputs = preprocessing.inputs(features: head.features.count)
      let (architecture, network) = try network.network(
        inputs: inputs, outputs: head.classes.map(\.outputs) ?? names.count)
      return try Model(
        featureNames: head.features, targetNames: names, preprocessing: preprocessing,
        architecture: architecture, network: network, loss: head.loss, lossParameter: head.lossParameter,
        beta: head.beta, classes: head.classes, weightsName: head.weights,
        classWeights: head.classWeights, rowOffsetName: head.rowOffset, encoding: head.encoding)
    }
  }

  /// What a model file says beside the network.
  private struct Head: Codable {
    static let format = "bidual-model"

    struct Whitening: Codable {
      var kind: String
      var matrix: [[Double]]

      init(_ whitening: Preprocessing.Whitening) {
        kind = whitening.kind.rawValue
        matrix = (0..<whitening.matrix.rows).map { Array(whitening.matrix.row($0)) }
      }

      func whitening() throws(DataError) -> Preprocessing.Whitening {
        guard let kind = Preprocessing.Whitening.Kind(rawValue: kind),
          matrix.allSatisfy({ $0.count == matrix.first?.count })
        else {
          throw DataError(
            .badData,
            "the whitening '\(kind)' is unknown or its rows are not equally long; write the model again"
          )
        }
        return Preprocessing.Whitening(kind: kind, matrix: Matrix(matrix))
      }
    }

    var format: String
    var version: Int
    var loss: String
    var lossParameter: Double?
    var beta: Double
    var features: [String]
    /// The target of one output, or the column of classes.
    var target: String?
    /// Several targets.
    var targets: [String]?
    var classes: ClassLabels?
    var weights: String?
    /// In the order of the classes.
    var classWeights: [Double]?
    /// The column that is added to the network's outputs.
    var rowOffset: String?
    var bias: Bool
    var standardization: Preprocessing.Standardization?
    var whitening: Whitening?
    var encoding: TableEncoding?

    init(_ model: Model, version: Int) {
      format = Head.format
      self.version = version
      loss = model.loss
      lossParameter = model.lossParameter
      beta = model.beta
      features = model.featureNames
      if model.targetNames.count == 1 {
        target = model.targetNames[0]
      } else {
        targets = model.targetNames
      }
      classes = model.classes
      weights = model.weightsName
      classWeights = model.classWeights
      rowOffset = model.rowOffsetName
      bias = model.preprocessing.bias
      standardization = model.preprocessing.standardization
      whitening = model.preprocessing.whitening.map(Whitening.init)
      encoding = model.encoding
    }

    func targetNames(isVector: Bool) throws(DataError) -> [String] {
      guard target != nil || targets != nil else {
        throw DataError(
          .badData, "not a model: field 'target' is missing; give a file that bidual wrote")
      }
      guard let names = targets ?? target.map({ [$0] }), target == nil || targets == nil,
        targets.map({ $0.count > 1 && isVector && classes == nil }) ?? true
      else {
        throw DataError(.badData, "the targets do not fit the outputs; write the model again")
      }
      return names
    }
  }
}
