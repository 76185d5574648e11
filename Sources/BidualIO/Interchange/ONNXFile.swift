import BidualLinear
import BidualModels
import BidualObjectives

/// Writes models as ONNX files (operator set 17): `features` in, `prediction` out, and `probability` for models of classes that know them.
public enum ONNXFile {
  /// The numbers in a file.
  public typealias Element = ExportedElement

  /// Writes a model, atomically.
  ///
  /// - Throws: `DataError` of kind `badSettings` for networks that ONNX files are not written of here, of kind `cannotWrite`.
  public static func write(_ model: Model, to path: String, as element: Element = .float32) throws(DataError)
  {
    try AtomicFile.write(try bytes(model, as: element), to: path)
  }

  /// The bytes of the file.
  static func bytes(_ model: Model, as element: Element) throws(DataError) -> [UInt8] {
    let model = try content(of: model, as: element)
    let layers = try ExportedLayers(model, for: "ONNX")
    var graph = Graph(element: element)
    var value = "features"
    let d = model.featureNames.count
    if let standardization = model.preprocessing.standardization {
      value = graph.apply("Sub", value, graph.tensor("means", [d], standardization.means))
      value = graph.apply("Div", value, graph.tensor("scales", [d], standardization.scales))
    }
    if let whitening = model.preprocessing.whitening {
      let matrix = whitening.matrix
      value = graph.apply(
        "MatMul", value, graph.tensor("whitening", [matrix.rows, matrix.columns], matrix.elements))
    }
    let (width, c) = (layers.hidden.rows, layers.heads.rows)
    value = graph.dense(
      value, graph.tensor("hidden.weight", [width, layers.hidden.columns], layers.hidden.elements),
      graph.tensor("hidden.bias", [width], layers.biases))
    if layers.hasReLUs { value = graph.apply("Relu", value) }
    value = graph.dense(
      value, graph.tensor("output.weight", [c, width], layers.heads.elements),
      graph.tensor("output.bias", [c], layers.offsets),
      named: "prediction")
    var outputs = [("prediction", c)]
    switch model.loss {
    case LogisticLoss().name:
      _ = graph.apply("Sigmoid", value, named: "probability")
      outputs.append(("probability", c))
    case SoftmaxLoss().name:
      _ = graph.apply("Softmax", value, named: "probability")
      outputs.append(("probability", c))
    default: break
    }
    return graph.model(input: d, outputs: outputs, about: model)
  }

  /// The model as the file has it: every number is rounded, those of scaling and whitening too.
  ///
  /// - Throws: `DataError` of kind `badSettings` as `write`.
  package static func content(of model: Model, as element: ExportedElement) throws(DataError) -> Model {
    guard var network = model.network.twoLayer, model.encoding == nil, element != .float64 else {
      return model
    }
    network.hidden.elements = network.hidden.elements.map(element.stored)
    network.output = network.output.map(element.stored)
    network.offsets = network.offsets.map(element.stored)
    let given = model.preprocessing
    let preprocessing = Preprocessing(
      standardization: given.standardization.map {
        .init(means: $0.means.map(element.stored), scales: $0.scales.map(element.stored))
      },
      whitening: given.whitening.map { whitening in
        var matrix = whitening.matrix
        matrix.elements = matrix.elements.map(element.stored)
        return .init(kind: whitening.kind, matrix: matrix)
      }, bias: given.bias)
    return try model.holding(network, behind: preprocessing, as: element)
  }
}

extension ExportedElement {
  /// The type's number in ONNX.
  fileprivate var code: Int { self == .float32 ? 1 : 11 }
}

/// A graph that is written.
private struct Graph {
  let element: ONNXFile.Element
  private var nodes: [Protobuf.Message] = []
  private var tensors: [Protobuf.Message] = []

  init(element: ONNXFile.Element) { self.element = element }

  /// A tensor's name.
  mutating func tensor(_ name: String, _ shape: [Int], _ values: [Double]) -> String {
    tensors.append(
      Protobuf.Message { message in
        for size in shape { message.put(1, size) }
        message.put(2, element.code)
        message.put(8, name)
        message.put(9, element.bytes(values))
      })
    return name
  }

  /// The value of an operation.
  mutating func apply(_ operation: String, _ inputs: String..., named name: String? = nil) -> String {
    node(operation, inputs, name)
  }

  /// The value of x·Wᵀ + b.
  mutating func dense(_ value: String, _ weights: String, _ biases: String, named name: String? = nil)
    -> String
  {
    node("Gemm", [value, weights, biases], name, isTransposed: true)
  }

  private mutating func node(
    _ operation: String, _ inputs: [String], _ name: String?, isTransposed: Bool = false
  ) -> String {
    let output = name ?? "value\(nodes.count)"
    nodes.append(
      Protobuf.Message { message in
        for input in inputs { message.put(1, input) }
        message.put(2, output)
        message.put(3, "\(operation)\(nodes.count)")
        message.put(4, operation)
        if isTransposed {
          message.put(
            5,
            Protobuf.Message { attribute in
              attribute.put(1, "transB")
              attribute.put(3, 1)
              attribute.put(20, 2)
            })
        }
      })
    return output
  }

  /// The whole file.
  func model(input: Int, outputs: [(String, Int)], about model: Model) -> [UInt8] {
    func value(_ name: String, _ width: Int) -> Protobuf.Message {
      Protobuf.Message { message in
        message.put(1, name)
        message.put(
          2,
          Protobuf.Message { type in
            type.put(
              1,
              Protobuf.Message { tensor in
                tensor.put(1, element.code)
                tensor.put(
                  2,
                  Protobuf.Message { shape in
                    shape.put(1, Protobuf.Message { $0.put(2, "samples") })
                    shape.put(1, Protobuf.Message { $0.put(1, width) })
                  })
              })
          })
      }
    }
    let graph = Protobuf.Message { graph in
      for node in nodes { graph.put(1, node) }
      graph.put(2, "bidual")
      for tensor in tensors { graph.put(5, tensor) }
      graph.put(11, value("features", input))
      for (name, width) in outputs { graph.put(12, value(name, width)) }
    }
    return Protobuf.Message { file in
      file.put(1, 8)
      file.put(2, "bidual")
      file.put(7, graph)
      file.put(8, Protobuf.Message { $0.put(2, 17) })
      for (key, text) in model.facts {
        file.put(
          14,
          Protobuf.Message { entry in
            entry.put(1, key)
            entry.put(2, text)
          })
      }
    }.bytes
  }
}
