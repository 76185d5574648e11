import BidualLinear
import BidualModels
import BidualObjectives

/// Models as JSON files: format version 1, or 2 for models with fields that readers of version 1 would overlook: a
/// whitening, an offset, another norm than ℓ₂; or 3 for several outputs.
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

  private struct Document: Codable {
    static let format = "bidual-model"
    /// Those whose networks have the fields of this format.
    static let architectures = [TwoLayer.name, Gated.name, Linear.name]

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
    var architecture: String
    var loss: String
    var lossParameter: Double?
    var beta: Double
    /// Only ℓ₁ is written; files without the field are of ℓ₂.
    var norm: String?
    var features: [String]
    /// The target of one output, or the column of classes.
    var target: String?
    /// Several targets.
    var targets: [String]?
    var classes: ClassLabels?
    var weights: String?
    var bias: Bool
    var standardization: Preprocessing.Standardization?
    var whitening: Whitening?
    var hidden: [[Double]]
    /// The second layer of one output.
    var output: [Double]?
    /// The second layer of several outputs, a neuron's weights together.
    var outputs: [[Double]]?
    var offset: Double?
    var offsets: [Double]?
    var gates: [[Double]]?
    var gateOfNeuron: [Int]?

    init(_ model: Model) throws(DataError) {
      guard let network = model.network.twoLayer, Self.architectures.contains(model.architecture.name) else {
        throw DataError(
          .cannotWrite,
          "there is no file format for networks of the architecture '\(model.architecture.name)'; keep the weights by other means"
        )
      }
      format = Document.format
      version = 1
      architecture = model.architecture.name
      loss = model.loss
      lossParameter = model.lossParameter
      beta = model.beta
      norm = model.architecture.norm == .l2 ? nil : model.architecture.norm.rawValue
      features = model.featureNames
      if model.targetNames.count == 1 {
        target = model.targetNames[0]
      } else {
        targets = model.targetNames
      }
      classes = model.classes
      weights = model.weightsName
      bias = model.preprocessing.bias
      standardization = model.preprocessing.standardization
      whitening = model.preprocessing.whitening.map(Whitening.init)
      hidden = (0..<network.neurons).map { Array(network.hidden.row($0)) }
      if network.outputs == 1 {
        output = network.output
        offset = network.offset
      } else {
        let layer = Matrix(rows: network.neurons, columns: network.outputs, elements: network.output)
        outputs = (0..<layer.rows).map { Array(layer.row($0)) }
        offsets = network.offsets.isEmpty ? nil : network.offsets
      }
      if case .gated(let given) = network.activation {
        gates = (0..<given.count).map { Array(given.vectors.row($0)) }
        gateOfNeuron = given.owner
      }
      version = neededVersion
    }

    /// The format version that the fields need.
    private var neededVersion: Int {
      outputs != nil ? 3 : whitening == nil && offset == nil && norm == nil ? 1 : 2
    }

    func model() throws(DataError) -> Model {
      guard format == Document.format, version == neededVersion else {
        throw DataError(
          .badData,
          "the file says \(format) version \(version); this program reads \(Document.format) version 1, 2 with a whitening, an offset or a norm, and 3 with several outputs"
        )
      }
      let preprocessing = Preprocessing(
        standardization: standardization, whitening: try whitening?.whitening(), bias: bias)
      let inputs = preprocessing.inputs(features: features.count)
      guard target != nil || targets != nil else { throw Self.isMissing("target") }
      guard output != nil || outputs != nil else { throw Self.isMissing("output") }
      let names = try targetNames()
      let layer = outputs ?? (output ?? []).map { [$0] }
      let width = outputs == nil ? 1 : classes.map(\.outputs) ?? names.count
      let offsets = outputs == nil ? offset.map { [$0] } ?? [] : offsets ?? []
      guard hidden.count == layer.count, hidden.allSatisfy({ $0.count == inputs }), width > 0,
        layer.allSatisfy({ $0.count == width }), offsets.isEmpty || offsets.count == width,
        (output == nil) != (outputs == nil)
      else {
        throw DataError(
          .badData,
          "the layers do not fit: \(hidden.count) neurons for \(inputs) inputs, \(layer.count) output weights; write the model again"
        )
      }
      let network = TwoLayerNetwork(
        hidden: Matrix(rows: hidden.count, columns: inputs, elements: Array(hidden.joined())),
        output: Array(layer.joined()), outputs: width, offsets: offsets,
        activation: try activation(inputs: inputs))
      return try Model(
        featureNames: features, targetNames: names,
        preprocessing: preprocessing, architecture: try kind(of: network), network: network, loss: loss,
        lossParameter: lossParameter, beta: beta, classes: classes, weightsName: weights)
    }

    private static func isMissing(_ field: String) -> DataError {
      DataError(.badData, "not a model: field '\(field)' is missing; give a file that bidual wrote")
    }

    private func targetNames() throws(DataError) -> [String] {
      guard let names = targets ?? target.map({ [$0] }), target == nil || targets == nil,
        targets.map({ $0.count > 1 && outputs != nil && classes == nil }) ?? true
      else {
        throw DataError(.badData, "the targets do not fit the outputs; write the model again")
      }
      return names
    }

    private func kind(of network: TwoLayerNetwork) throws(DataError) -> any Architecture {
      let norm = try firstLayerNorm()
      guard norm == .l2 || network.activation == .relu else {
        throw DataError(
          .badData,
          "the \(norm.rawValue) norm is for two-layer ReLU networks, not for \(architecture) ones; write the model again"
        )
      }
      return switch network.activation {
      case .relu: TwoLayer(norm)
      case .gated(let gates): Gated(gates)
      case .linear: Linear()
      }
    }

    private func firstLayerNorm() throws(DataError) -> FirstLayerNorm {
      guard let norm else { return .l2 }
      guard let known = FirstLayerNorm(rawValue: norm) else {
        throw DataError(.badData, "the norm '\(norm)' is unknown; this program reads l2 and l1")
      }
      return known
    }

    private func activation(inputs: Int) throws(DataError) -> Activation {
      switch architecture {
      case "two-layer": return .relu
      case "linear": return .linear
      case "gated":
        guard let gates, let gateOfNeuron, !gates.isEmpty, gates.allSatisfy({ $0.count == inputs }),
          gateOfNeuron.count == hidden.count, gateOfNeuron.allSatisfy({ gates.indices.contains($0) })
        else {
          throw DataError(.badData, "the gates do not fit the neurons; write the model again")
        }
        let vectors = Matrix(rows: gates.count, columns: inputs, elements: Array(gates.joined()))
        return .gated(Gates(vectors: vectors, owner: gateOfNeuron))
      default:
        throw DataError(
          .badData,
          "the architecture '\(architecture)' is unknown; this program reads two-layer, gated and linear")
      }
    }
  }
}
