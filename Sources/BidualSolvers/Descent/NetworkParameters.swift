import BidualLinear
import BidualModels

/// The weights of a two-layer ReLU network in one array: the first layer row by row, the second, and the
/// offset, if there is one.
///
/// Methods that move all weights at once work on the array; its gradient has the same layout.
struct NetworkParameters: Codable, Sendable {
  /// The number m of neurons.
  let width: Int
  /// The number d of inputs.
  let inputs: Int
  /// Whether there is an offset.
  let hasOffset: Bool
  /// All weights.
  var values: [Double]

  /// The weights of a network.
  init(_ network: TwoLayerNetwork) {
    width = network.neurons
    inputs = network.hidden.columns
    hasOffset = network.offset != nil
    values = network.hidden.elements + network.output + (network.offset.map { [$0] } ?? [])
  }

  /// Whether the shapes are those of a network for `problem`.
  func fits(_ problem: TrainingProblem) -> Bool {
    (0...count).contains(width) && inputs == problem.design.columns && hasOffset == problem.hasOffset
      && count == penalized + (hasOffset ? 1 : 0)
  }

  /// The number of weights.
  var count: Int { values.count }

  /// The number of weights under the penalty, which come first.
  var penalized: Int { width * (inputs + 1) }

  /// The network with these weights.
  var network: TwoLayerNetwork {
    let split = width * inputs
    return TwoLayerNetwork(
      hidden: Matrix(rows: width, columns: inputs, elements: Array(values[..<split])),
      output: Array(values[split..<penalized]), offset: hasOffset ? values[penalized] : nil)
  }

  /// Σⱼ‖uⱼ‖|αⱼ|, the weight decay of the network after balancing.
  var balancedDecay: Double {
    values.withUnsafeBufferPointer { values in
      guard let u = values.baseAddress else { return 0 }
      let alpha = u + width * inputs
      var sum = 0.0
      for j in 0..<width { sum += norm(u + j * inputs, count: inputs) * abs(alpha[j]) }
      return sum
    }
  }
}
