import BidualLinear
import BidualModels

/// The weights of a two-layer ReLU network in one array: the first layer row by row, then the second.
///
/// Methods that move all weights at once work on the array; its gradient has the same layout.
struct NetworkParameters {
  /// The number m of neurons.
  let width: Int
  /// The number d of inputs.
  let inputs: Int
  /// All weights.
  var values: [Double]

  /// The weights of a network.
  init(_ network: ReLUNetwork) {
    width = network.neurons
    inputs = network.hidden.columns
    values = network.hidden.elements + network.output
  }

  /// The number of weights.
  var count: Int { values.count }

  /// The network with these weights.
  var network: ReLUNetwork {
    let split = width * inputs
    return ReLUNetwork(
      hidden: Matrix(rows: width, columns: inputs, elements: Array(values[..<split])),
      output: Array(values[split...]))
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
