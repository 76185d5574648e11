import BidualLinear
import BidualModels
import BidualObjectives

/// The fields of a network in a model file, with those that say of which architecture it is.
struct NetworkDocument: Codable {
  var architecture: String
  /// Only ℓ₁ is written; files without the field are of ℓ₂.
  var norm: String?
  var hidden: [[Double]]
  /// The second layer of three: the weights of each sub-network's units, whose first layers stand in this order in `hidden`.
  var inner: [[Double]]?
  /// The number m₁ of units of a sub-network.
  var width: Int?
  /// The last layer of one output.
  var output: [Double]?
  /// The last layer of several outputs, a neuron's weights together.
  var outputs: [[Double]]?
  var offset: Double?
  var offsets: [Double]?
  var gates: [[Double]]?
  var gateOfNeuron: [Int]?
  /// What the filters of a convolution see.
  var convolution: ConvolutionDocument?

  /// The fields of a network.
  ///
  /// - Throws: `DataError` of kind `cannotWrite` for an architecture that has no file format.
  init(_ whole: any Network, architecture: any Architecture) throws(DataError) {
    let given = architecture.sampleNetwork(whole)
    self.architecture = architecture.name
    norm = architecture.norm == .l2 ? nil : architecture.norm.rawValue
    // Convolutions are written as the networks of patches that they are made of.
    var network = given
    if let architecture = architecture as? ReLUConvolution, let filters = architecture.neurons(of: network) {
      convolution = ConvolutionDocument(architecture)
      network = filters
    } else if let architecture = architecture as? PlacewiseConvolution {
      convolution = ConvolutionDocument(architecture)
    } else if let architecture = architecture as? LinearConvolution,
      let linear = network as? LinearConvolutionalNetwork, linear.patches == architecture.patches
    {
      convolution = ConvolutionDocument(architecture.patches)
      network = linear.filters
    } else if let local = (architecture as? LocallyConnected)?.own(network) {
      convolution = ConvolutionDocument(local)
      network = local.filters
    } else if let circular = network as? CircularConvolutionalNetwork {
      network = circular.filters
    }
    switch (architecture, network) {
    case (is TwoLayer, let network as TwoLayerNetwork), (is Gated, let network as TwoLayerNetwork),
      (is Linear, let network as TwoLayerNetwork), (is ReLUConvolution, let network as TwoLayerNetwork),
      (is PlacewiseConvolution, let network as TwoLayerNetwork),
      (is LinearConvolution, let network as TwoLayerNetwork),
      (is LocallyConnected, let network as TwoLayerNetwork),
      (is CircularConvolution, let network as TwoLayerNetwork):
      hidden = Self.rows(network.hidden)
      write(network.output, outputs: network.outputs, offsets: network.offsets)
      if case .gated(let given) = network.activation {
        gates = Self.rows(given.vectors)
        gateOfNeuron = given.owner
      }
    case (let architecture as ThreeLayer, let network as ThreeLayerNetwork):
      hidden = Self.rows(network.hidden)
      inner = Self.rows(Matrix(rows: network.neurons, columns: network.width, elements: network.inner))
      width = architecture.width
      write(network.output, outputs: network.outputs, offsets: network.offsets)
    default:
      throw DataError(
        .cannotWrite,
        "there is no file format for networks of the architecture '\(architecture.name)'; keep the weights by other means"
      )
    }
    if given.outputs == 1 {
      offset = given.offset
    } else if !given.offsets.isEmpty {
      offsets = given.offsets
    }
  }

  /// Sets the fields of the last layer; the offset of one output is written apart.
  private mutating func write(_ layer: [Double], outputs count: Int, offsets given: [Double]) {
    guard count > 1 else {
      output = layer
      return
    }
    outputs = Self.rows(Matrix(rows: layer.count / count, columns: count, elements: layer))
    offsets = given.isEmpty ? nil : given
  }

  private static func rows(_ matrix: Matrix) -> [[Double]] {
    (0..<matrix.rows).map { Array(matrix.row($0)) }
  }

  /// Whether there may be several targets.
  var isVector: Bool { outputs != nil || convolution?.isPlacewise == true }

  /// The version of the model format that the fields need.
  var neededVersion: Int {
    convolution != nil || isCircular || needsShape
      ? 5 : inner != nil ? 4 : outputs != nil ? 3 : offset == nil && norm == nil ? 1 : 2
  }

  /// Whether its filters see patches of a shape.
  private var needsShape: Bool {
    [ReLUConvolution.name, LinearConvolution.name, LocallyConnected.name].contains(architecture)
  }

  private var isCircular: Bool { architecture == CircularConvolution.name }

  /// The network with its architecture.
  ///
  /// - Parameter outputs: how many a network of several outputs has.
  /// - Throws: `DataError` of kind `badData` for fields that do not fit each other.
  func network(inputs: Int, outputs: Int) throws(DataError) -> (any Architecture, any Network) {
    guard output != nil || self.outputs != nil else {
      throw DataError(.badData, "not a model: field 'output' is missing; give a file that bidual wrote")
    }
    if let convolution { return try convolutional(convolution, inputs: inputs, outputs: outputs) }
    if isCircular { return try circular(inputs: inputs) }
    if needsShape {
      throw DataError(
        .badData,
        "the \(architecture) network has no field 'convolution' with its shape; write the model again")
    }
    return architecture == ThreeLayer.name
      ? try threeLayers(inputs: inputs, outputs: outputs) : try twoLayers(inputs: inputs, outputs: outputs)
  }

  private func convolutional(_ document: ConvolutionDocument, inputs: Int, outputs: Int) throws(DataError)
    -> (
      any Architecture, any Network
    )
  {
    let patches = try document.patches(inputs: inputs)
    guard norm == nil, gates == nil else { throw misfit(inputs: inputs, outputs: outputs) }
    var filters = self
    switch architecture {
    case ReLUConvolution.name where document.isPlacewise:
      guard outputs > 0, outputs.isMultiple(of: patches.count) else {
        throw misfit(inputs: inputs, outputs: outputs)
      }
      filters.architecture = TwoLayer.name
      let network = try filters.twoLayerNetwork(inputs: patches.size, outputs: outputs / patches.count)
      guard network.outputs * patches.count == outputs else { throw misfit(inputs: inputs, outputs: outputs) }
      return (
        PlacewiseConvolution(patches), PlacewiseConvolutionalNetwork(network, patches: patches)
      )
    case ReLUConvolution.name:
      filters.architecture = TwoLayer.name
      let architecture = ReLUConvolution(patches, averages: try document.averages())
      return (
        architecture,
        ConvolutionalNetwork(
          try filters.twoLayerNetwork(inputs: patches.size, outputs: outputs), patches: patches,
          averages: architecture.averages)
      )
    case LinearConvolution.name:
      let given = outputs == 1 ? offset.map { [$0] } ?? [] : offsets ?? []
      let (heads, isLarge) = patches.count.multipliedReportingOverflow(by: outputs)
      guard (outputs == 1 ? offsets == nil : offset == nil), document.pooling == nil, outputs > 0, !isLarge,
        given.isEmpty || given.count == outputs
      else { throw misfit(inputs: inputs, outputs: outputs) }
      filters.architecture = Linear.name
      (filters.offset, filters.offsets) = (nil, nil)
      let network = try filters.twoLayerNetwork(inputs: patches.size, outputs: heads)
      guard network.outputs == heads else { throw misfit(inputs: inputs, outputs: network.outputs) }
      return (
        LinearConvolution(patches),
        LinearConvolutionalNetwork(network, patches: patches, offsets: given)
      )
    case LocallyConnected.name:
      filters.architecture = TwoLayer.name
      let network = try filters.twoLayerNetwork(inputs: patches.size, outputs: outputs)
      guard let places = document.placeOfFilter, places.count == network.neurons, document.pooling == nil,
        places.allSatisfy({ (0..<patches.count).contains($0) })
      else { throw misfit(inputs: inputs, outputs: network.neurons) }
      return (
        LocallyConnected(patches), LocallyConnectedNetwork(network, places: places, patches: patches)
      )
    default:
      throw DataError(
        .badData,
        "the architecture '\(architecture)' has no shape of a convolution; write the model again")
    }
  }

  private func circular(inputs: Int) throws(DataError) -> (any Architecture, any Network) {
    guard norm == nil, gates == nil, offsets == nil else { throw misfit(inputs: inputs, outputs: inputs) }
    var filters = self
    filters.architecture = Linear.name
    filters.offset = nil
    let network = try filters.twoLayerNetwork(inputs: inputs, outputs: inputs)
    guard network.outputs == inputs else { throw misfit(inputs: inputs, outputs: network.outputs) }
    return (
      CircularConvolution(),
      CircularConvolutionalNetwork(network, offsets: offset.map { [$0] } ?? [])
    )
  }

  private func twoLayers(inputs: Int, outputs: Int) throws(DataError) -> (any Architecture, any Network) {
    let network = try twoLayerNetwork(inputs: inputs, outputs: outputs)
    return (try kind(of: network), network)
  }

  private func twoLayerNetwork(inputs: Int, outputs: Int) throws(DataError) -> TwoLayerNetwork {
    let last = try lastLayer(inputs: inputs, outputs: outputs)
    guard hidden.count == last.neurons, hidden.allSatisfy({ $0.count == inputs }), inner == nil
    else { throw misfit(inputs: inputs, outputs: last.neurons) }
    return TwoLayerNetwork(
      hidden: Matrix(rows: hidden.count, columns: inputs, elements: Array(hidden.joined())),
      output: last.weights, outputs: last.outputs, offsets: last.offsets,
      activation: try activation(inputs: inputs))
  }

  /// The last layer, of one output or several, whose fields fit each other.
  private func lastLayer(inputs: Int, outputs: Int) throws(DataError)
    -> (weights: [Double], neurons: Int, outputs: Int, offsets: [Double])
  {
    let layer = self.outputs ?? (output ?? []).map { [$0] }
    let width = self.outputs == nil ? 1 : outputs
    let offsets = self.outputs == nil ? offset.map { [$0] } ?? [] : offsets ?? []
    guard width > 0, layer.allSatisfy({ $0.count == width }), offsets.isEmpty || offsets.count == width,
      (output == nil) != (self.outputs == nil)
    else { throw misfit(inputs: inputs, outputs: layer.count) }
    return (Array(layer.joined()), layer.count, width, offsets)
  }

  private func threeLayers(inputs: Int, outputs: Int) throws(DataError) -> (any Architecture, any Network) {
    let last = try lastLayer(inputs: inputs, outputs: outputs)
    // Without sub-networks the units are those of the architecture, as they were written.
    let units = inner?.first?.count ?? width ?? 1
    guard try firstLayerNorm() == .l2, let inner, let width, inner.count == last.neurons, width > 0,
      (1...width).contains(units), inner.allSatisfy({ $0.count == units }),
      hidden.count == inner.count * units, hidden.allSatisfy({ $0.count == inputs }), gates == nil
    else { throw misfit(inputs: inputs, outputs: last.neurons) }
    let network = ThreeLayerNetwork(
      hidden: Matrix(rows: hidden.count, columns: inputs, elements: Array(hidden.joined())),
      inner: Array(inner.joined()), output: last.weights, width: units, outputs: last.outputs,
      offsets: last.offsets)
    return (ThreeLayer(width: width), network)
  }

  private func misfit(inputs: Int, outputs: Int) -> DataError {
    DataError(
      .badData,
      "the layers do not fit: \(hidden.count) neurons for \(inputs) inputs, \(outputs) output weights; write the model again"
    )
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
        "the architecture '\(architecture)' is unknown; this program reads two-layer, gated, linear, three-layer, relu-convolution, linear-convolution, circular-convolution and locally-connected"
      )
    }
  }
}
