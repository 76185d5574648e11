import BidualLinear
import BidualModels

/// Models as JSON files, format version 1.
public enum ModelFile {
  /// Writes `model` to `path`, atomically.
  ///
  /// - Throws: `DataError` of kind `cannotWrite`.
  public static func write(_ model: Model, to path: String) throws(DataError) {
    try JSONDocument.write(Document(model), to: path)
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

  private struct Document: Codable {
    static let format = "bidual-model"
    static let version = 1

    var format: String
    var version: Int
    var architecture: String
    var loss: String
    var beta: Double
    var features: [String]
    var target: String
    var bias: Bool
    var standardization: Preprocessing.Standardization?
    var hidden: [[Double]]
    var output: [Double]

    init(_ model: Model) {
      format = Document.format
      version = Document.version
      architecture = "two-layer"
      loss = model.loss
      beta = model.beta
      features = model.featureNames
      target = model.targetName
      bias = model.preprocessing.bias
      standardization = model.preprocessing.standardization
      hidden = (0..<model.network.neurons).map { Array(model.network.hidden.row($0)) }
      output = model.network.output
    }

    func model() throws(DataError) -> Model {
      guard format == Document.format, version == Document.version, architecture == "two-layer" else {
        throw DataError(
          .badData,
          "the file says \(format) version \(version), architecture \(architecture); this program reads \(Document.format) version \(Document.version), two-layer"
        )
      }
      let inputs = features.count + (bias ? 1 : 0)
      guard hidden.count == output.count, hidden.allSatisfy({ $0.count == inputs }) else {
        throw DataError(
          .badData,
          "the layers do not fit: \(hidden.count) neurons for \(inputs) inputs, \(output.count) output weights; write the model again"
        )
      }
      let network = ReLUNetwork(
        hidden: Matrix(rows: hidden.count, columns: inputs, elements: Array(hidden.joined())), output: output)
      return try Model(
        featureNames: features, targetName: target,
        preprocessing: Preprocessing(standardization: standardization, bias: bias), network: network,
        loss: loss,
        beta: beta)
    }
  }
}
