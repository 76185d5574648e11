import BidualLinear
import BidualModels

/// A feed-forward network of dense layers with ReLUs between them, as read from a file of another program.
package struct ImportedLayers: Sendable {
  /// A layer: outputs×inputs weights, and a number for each output.
  package struct Layer: Sendable {
    /// The weights, a row an output.
    package var weights: Matrix
    /// What is added.
    package var biases: [Double]
  }

  /// The layers, the first one first; a ReLU follows each but the last.
  package private(set) var layers: [Layer] = []
  /// What is subtracted from each feature, and what it is divided by then, before the first layer; nil where features enter as they are.
  package private(set) var scaling: (means: [Double], scales: [Double])?

  /// Whether the file says itself that ReLUs stand between the layers; else they are taken for granted.
  package private(set) var namesReLUs = true

  /// Reads an ONNX or a safetensors file; what it holds decides which it is, and a name that leaves no doubt.
  ///
  /// - Throws: `DataError` of kind `missingInput` or `badData` that names the node and operator, or the tensor, at which the network is none of dense layers with ReLUs.
  package init(path: String) throws(DataError) {
    let bytes = try FileContents.read(path: path)
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    do throws(DataError) {
      if SafetensorsState.recognizes(bytes) || path.hasSuffix(SafetensorsFile.suffix) {
        try self.init(SafetensorsState(bytes: bytes))
      } else {
        try self.init(ONNXGraph(bytes: bytes, folder: folder))
      }
    } catch {
      throw error.located(in: path)
    }
  }

  /// Layers from a file that does not say what stands between them.
  init(withoutReLUs layers: [Layer]) {
    self.layers = layers
    namesReLUs = false
  }

  /// Walks a graph from its input to its last dense layer.
  init(_ graph: ONNXGraph) throws(DataError) {
    let inputs = graph.inputs.filter { graph.tensors[$0] == nil }
    guard inputs.count == 1, var value = inputs.first else {
      throw DataError(
        .badData, "the network has \(inputs.count) inputs; export one that takes all features as one matrix")
    }
    var slopes: [Double]?
    var shifts: [Double]?
    var hasReLU = false
    var visited: Set<String> = []
    walk: while let node = graph.nodes.first(where: { $0.inputs.contains(value) && $0.operation != "Shape" })
    {
      guard visited.insert(value).inserted, let next = node.outputs.first else { throw Self.unknown(node) }
      let constant = node.inputs.first { $0 != value }.flatMap { graph.tensors[$0] }
      switch node.operation {
      case "Identity", "Cast", "Dropout", "Flatten", "Reshape", "Squeeze", "Unsqueeze": break
      case "Sigmoid", "Softmax", "LogSoftmax", "ArgMax", "Exp": break walk
      case "Scaler":
        guard layers.isEmpty, slopes == nil else { throw Self.unknown(node) }
        let scale = node.attributes["scale"] ?? [1]
        slopes = scale
        shifts = Self.combined(node.attributes["offset"] ?? [0], scale) { -$0 * $1 }
      case "Sub", "Add", "Mul", "Div":
        guard let constant, node.inputs.count == 2, !hasReLU else { throw Self.unknown(node) }
        let isFirst = node.inputs[0] == value
        if layers.isEmpty {
          guard
            let (slope, shift) = Self.scaled(node, constant.elements, isFirst, slopes ?? [1], shifts ?? [0])
          else { throw Self.unknown(node) }
          (slopes, shifts) = (slope, shift)
        } else {
          guard node.operation == "Add" || (node.operation == "Sub" && isFirst) else {
            throw Self.unknown(node)
          }
          let sign = node.operation == "Add" ? 1.0 : -1
          let count = layers[layers.count - 1].biases.count
          guard let added = Self.spread(constant.elements, to: count) else { throw Self.unknown(node) }
          for k in 0..<count { layers[layers.count - 1].biases[k] += sign * added[k] }
        }
      case "MatMul", "Gemm":
        guard layers.isEmpty || hasReLU, node.inputs.first == value,
          let layer = Self.layer(node, graph.tensors)
        else { throw Self.unknown(node) }
        guard layers.last.map({ $0.weights.rows == layer.weights.columns }) ?? true else {
          throw DataError(
            .badData, "\(node.text): its weights do not fit the layer before; export the network again")
        }
        layers.append(layer)
        hasReLU = false
      case "Relu":
        guard !layers.isEmpty, !hasReLU else { throw Self.unknown(node) }
        hasReLU = true
      default: throw Self.unknown(node)
      }
      value = next
    }
    guard !layers.isEmpty, !hasReLU else {
      throw DataError(
        .badData,
        "the network ends with a ReLU, or has no dense layer; export one that ends with a dense layer")
    }
    let finite = layers.allSatisfy {
      $0.weights.elements.allSatisfy(\.isFinite) && $0.biases.allSatisfy(\.isFinite)
    }
    guard finite else {
      throw DataError(.badData, "a weight is not a finite number; train the network again")
    }
    guard slopes != nil || shifts != nil else { return }
    let count = layers[0].weights.columns
    guard let slope = Self.spread(slopes ?? [1], to: count),
      let shift = Self.spread(shifts ?? [0], to: count),
      slope.allSatisfy({ $0 > 0 && (1 / $0).isFinite }), shift.allSatisfy(\.isFinite)
    else {
      throw DataError(
        .badData,
        "the features are scaled by numbers that are not positive, or not one for each; scale them before")
    }
    scaling = (zip(slope, shift).map { -$1 / $0 }, slope.map { 1 / $0 })
  }

  private static func unknown(_ node: ONNXGraph.Node) -> DataError {
    DataError(
      .badData,
      "\(node.text) is none of dense layers with ReLUs between them; export such a network, without other steps before or inside it"
    )
  }

  /// One number for each of so many places, from one for all or one for each.
  private static func spread(_ values: [Double], to count: Int) -> [Double]? {
    values.count == count ? values : values.count == 1 ? Array(repeating: values[0], count: count) : nil
  }

  private static func combined(_ a: [Double], _ b: [Double], _ combine: (Double, Double) -> Double)
    -> [Double]?
  {
    let count = max(a.count, b.count)
    guard let x = spread(a, to: count), let y = spread(b, to: count) else { return nil }
    return zip(x, y).map(combine)
  }

  /// What becomes of slope·x + shift by a step with a constant.
  private static func scaled(
    _ node: ONNXGraph.Node, _ constant: [Double], _ isFirst: Bool, _ slope: [Double], _ shift: [Double]
  ) -> ([Double], [Double])? {
    switch node.operation {
    case "Add": combined(shift, constant, +).map { (slope, $0) }
    case "Sub" where isFirst: combined(shift, constant, -).map { (slope, $0) }
    case "Mul":
      combined(slope, constant, *).flatMap { slopes in combined(shift, constant, *).map { (slopes, $0) } }
    case "Div" where isFirst:
      combined(slope, constant, /).flatMap { slopes in combined(shift, constant, /).map { (slopes, $0) } }
    default: nil
    }
  }

  /// The dense layer of a product.
  private static func layer(_ node: ONNXGraph.Node, _ tensors: [String: ONNXGraph.Tensor]) -> Layer? {
    guard node.inputs.count > 1, let factor = tensors[node.inputs[1]], factor.shape.count == 2,
      factor.shape.allSatisfy({ $0 > 0 }), factor.elements.count == factor.shape[0] * factor.shape[1]
    else { return nil }
    let isTransposed = node.attributes["transB"]?.first == 1
    let alpha = node.attributes["alpha"]?.first ?? 1
    let given = Matrix(
      rows: factor.shape[0], columns: factor.shape[1], elements: factor.elements.map { alpha * $0 })
    let weights = isTransposed ? given : given.transposed
    guard node.attributes["transA"]?.first ?? 0 == 0 else { return nil }
    var biases = [Double](repeating: 0, count: weights.rows)
    if node.operation == "Gemm", node.inputs.count > 2, !node.inputs[2].isEmpty {
      let beta = node.attributes["beta"]?.first ?? 1
      guard let added = tensors[node.inputs[2]].flatMap({ spread($0.elements, to: weights.rows) }) else {
        return nil
      }
      biases = added.map { beta * $0 }
    }
    return Layer(weights: weights, biases: biases)
  }
}
