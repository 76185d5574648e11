import BidualLinear
import BidualModels

/// The weights of a two-layer ReLU network in one array: the first layer, m×d, the second, m×c, and the offsets, if
/// there are any.
///
/// Methods that move all weights at once work on the array; its gradient has the same layout.
struct NetworkParameters: Codable, Sendable {
  /// The number m of neurons.
  let width: Int
  /// The number d of inputs.
  let inputs: Int
  /// The number c of outputs.
  let outputs: Int
  /// Whether there are offsets.
  let hasOffset: Bool
  /// All weights.
  var values: [Double]

  /// The weights of a network.
  init(_ network: TwoLayerNetwork) {
    width = network.neurons
    inputs = network.inputs
    outputs = network.outputs
    hasOffset = !network.offsets.isEmpty
    values = network.hidden.elements + network.output + network.offsets
  }

  /// Whether the shapes are those of a network for `problem`.
  func fits(_ problem: TrainingProblem) -> Bool {
    (0...count).contains(width) && inputs == problem.design.columns && outputs == problem.outputs
      && hasOffset == problem.hasOffset && count == penalized + (hasOffset ? outputs : 0)
  }

  /// The number of weights.
  var count: Int { values.count }

  /// Where the second layer starts.
  var split: Int { width * inputs }

  /// The number of weights under the penalty, which come first.
  var penalized: Int { width * (inputs + outputs) }

  /// The first layer's weights of a neuron.
  func hidden(_ j: Int) -> ArraySlice<Double> { values[(j * inputs)..<((j + 1) * inputs)] }

  /// The second layer's weights of a neuron.
  func output(_ j: Int) -> ArraySlice<Double> { values[(split + j * outputs)..<(split + (j + 1) * outputs)] }

  /// The offsets; none for networks without them.
  var offsets: [Double] { Array(values[penalized...]) }

  /// The network with these weights.
  var network: TwoLayerNetwork {
    TwoLayerNetwork(
      hidden: Matrix(rows: width, columns: inputs, elements: Array(values[..<split])),
      output: Array(values[split..<penalized]), outputs: outputs, offsets: offsets)
  }

  /// Σⱼ‖uⱼ‖‖αⱼ‖, the weight decay of the network after balancing.
  var balancedDecay: Double {
    values.withUnsafeBufferPointer { values in
      guard let u = values.baseAddress else { return 0 }
      let alpha = u + split
      var sum = 0.0
      for j in 0..<width {
        sum += norm(u + j * inputs, count: inputs) * norm(alpha + j * outputs, count: outputs)
      }
      return sum
    }
  }
}
