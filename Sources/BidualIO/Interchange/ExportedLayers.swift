import BidualLinear
import BidualModels

/// The layers of a model as files of other programs have them: dense, each with biases, and with one neuron at least.
struct ExportedLayers {
  /// The first layer, neurons × inputs, without the weights of the column of ones.
  private(set) var hidden: Matrix
  /// What is added to each neuron.
  private(set) var biases: [Double]
  /// The second layer, outputs × neurons.
  private(set) var heads: Matrix
  /// What is added to each output.
  private(set) var offsets: [Double]
  /// Whether ReLUs stand between.
  let hasReLUs: Bool

  /// The layers of a model on its inputs.
  ///
  /// - Parameter kind: what the files are called.
  /// - Throws: `DataError` of kind `badSettings` for networks that are not two dense layers.
  init(_ model: Model, for kind: String) throws(DataError) {
    guard let network = model.network.twoLayer, model.encoding == nil else {
      throw DataError(
        .badSettings,
        "\(kind) files are written of two-layer networks on features as they are, not of \(model.architecture.name) networks with encoded columns or more layers; keep the model file"
      )
    }
    if case .gated = network.activation {
      throw DataError(
        .badSettings, "\(kind) files are not written of gated networks; keep the model file")
    }
    let hasBias = model.preprocessing.bias
    let inputs = network.inputs - (hasBias ? 1 : 0)
    let (m, c) = (network.neurons, network.outputs)
    hasReLUs = network.activation == .relu
    offsets = network.offsets.isEmpty ? Array(repeating: 0, count: c) : network.offsets
    guard m > 0 else {
      // A file needs a neuron; one that is always silent changes nothing.
      hidden = Matrix(rows: 1, columns: inputs)
      biases = [0]
      heads = Matrix(rows: c, columns: 1)
      return
    }
    hidden = Matrix(
      rows: m, columns: inputs, elements: (0..<m).flatMap { network.hidden.row($0).prefix(inputs) })
    biases = (0..<m).map { hasBias ? network.hidden[$0, inputs] : 0 }
    heads = Matrix(
      rows: c, columns: m, elements: (0..<c).flatMap { k in (0..<m).map { network.output[$0 * c + k] } })
  }
  /// Takes what is done to features before into the first layer, so that it reads them as they are.
  ///
  /// - Complexity: O(neurons · features · inputs).
  mutating func fold(_ preprocessing: Preprocessing) {
    if let whitening = preprocessing.whitening { hidden = hidden.timesTransposed(whitening.matrix) }
    guard let standardization = preprocessing.standardization else { return }
    for j in 0..<hidden.rows {
      var sum = CompensatedSum()
      sum.add(biases[j])
      for i in 0..<hidden.columns {
        hidden[j, i] /= standardization.scales[i]
        sum.add(-hidden[j, i] * standardization.means[i])
      }
      biases[j] = sum.value
    }
  }

  /// Rounds all numbers to those that a file holds.
  ///
  /// - Throws: `DataError` of kind `badSettings` where one is too large for that.
  mutating func round(to element: ExportedElement) throws(DataError) {
    hidden.elements = hidden.elements.map(element.stored)
    biases = biases.map(element.stored)
    heads.elements = heads.elements.map(element.stored)
    offsets = offsets.map(element.stored)
    guard (hidden.elements + biases + heads.elements + offsets).allSatisfy(\.isFinite) else {
      throw element.tooNarrow
    }
  }
}
