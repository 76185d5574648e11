import BidualLinear
import BidualModels

extension ImportedLayers {
  /// Takes the state of a sequence of dense layers, as PyTorch names it: `N.weight`, outputs×inputs, and `N.bias` for rising numbers N, perhaps all with the same words before.
  ///
  /// The state does not say what stands between the layers.
  ///
  /// - Throws: `DataError` of kind `badData` that names the tensor at which the state is none of dense layers.
  init(_ state: SafetensorsState) throws(DataError) {
    var weights: [String: SafetensorsState.Tensor] = [:]
    var biases: [String: SafetensorsState.Tensor] = [:]
    for tensor in state.tensors {
      let (layer, role) = Self.parts(of: tensor.name)
      switch role {
      case "weight": weights[layer] = tensor
      case "bias": biases[layer] = tensor
      default:
        throw Self.unknown(tensor, "is neither the weights nor the biases of a dense layer")
      }
    }
    for (layer, tensor) in biases.sorted(by: { $0.key < $1.key }) where weights[layer] == nil {
      throw Self.unknown(tensor, "has no weights beside it")
    }
    guard !weights.isEmpty else {
      throw DataError(
        .badData, "the file holds no tensors; save the state_dict of a network of dense layers in it")
    }
    var layers: [Layer] = []
    for name in try Self.ordered(Array(weights.keys)) {
      guard let tensor = weights[name] else { continue }
      let layer = try Self.layer(tensor, biases[name])
      if let last = layers.last, last.weights.rows != layer.weights.columns {
        throw Self.unknown(
          tensor,
          "takes \(layer.weights.columns) inputs, but the layer before has \(last.weights.rows) outputs")
      }
      layers.append(layer)
    }
    self.init(withoutReLUs: layers)
  }

  /// The name of a tensor's layer, and what the tensor is in it.
  private static func parts(of name: String) -> (layer: String, role: String) {
    guard let dot = name.lastIndex(of: ".") else { return ("", name) }
    return (String(name[..<dot]), String(name[name.index(after: dot)...]))
  }

  /// The layers by the numbers that their names end with.
  private static func ordered(_ names: [String]) throws(DataError) -> [String] {
    guard names.count > 1 else { return names }
    var places: [Int: String] = [:]
    var prefix: String?
    for name in names.sorted() {
      let digits = String(name.reversed().prefix { $0.isASCII && $0.isWholeNumber }.reversed())
      let words = String(name.dropLast(digits.count))
      guard prefix ?? words == words, let place = Int(digits),
        places.updateValue(name, forKey: place) == nil
      else {
        throw DataError(
          .badData,
          "the place of tensor '\(Excerpt(name)).weight' among the layers can't be told; name the layers alike but for a rising number, such as 0.weight and 2.weight"
        )
      }
      prefix = words
    }
    return places.sorted { $0.key < $1.key }.map(\.value)
  }

  private static func layer(_ weights: SafetensorsState.Tensor, _ biases: SafetensorsState.Tensor?)
    throws(DataError) -> Layer
  {
    guard weights.shape.count == 2, !weights.elements.isEmpty else {
      throw unknown(weights, "has the shape \(weights.shape), not outputs × inputs")
    }
    let outputs = weights.shape[0]
    if let biases, biases.shape != [outputs] {
      throw unknown(biases, "has the shape \(biases.shape), not one number for each of \(outputs) outputs")
    }
    for tensor in [weights] + (biases.map { [$0] } ?? []) where !tensor.elements.allSatisfy(\.isFinite) {
      throw DataError(
        .badData,
        "tensor '\(Excerpt(tensor.name))' holds a weight that is not a finite number; train the network again"
      )
    }
    return Layer(
      weights: Matrix(rows: outputs, columns: weights.shape[1], elements: weights.elements),
      biases: biases?.elements ?? Array(repeating: 0, count: outputs))
  }

  private static func unknown(_ tensor: SafetensorsState.Tensor, _ fault: String) -> DataError {
    DataError(
      .badData,
      "tensor '\(Excerpt(tensor.name))' \(fault); save a network of dense layers with ReLUs between them, and nothing else"
    )
  }
}
