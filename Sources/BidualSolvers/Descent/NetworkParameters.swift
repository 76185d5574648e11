import BidualLinear
import BidualModels

/// The weights of a ReLU network in one array: for two layers the first, m×d, the second, m×c, and the offsets, if there are
/// any; for parallel three-layer networks of m sub-networks the first layers, (m·m₁)×d, the second ones, m·m₁ numbers, the
/// third, m×c, and the offsets. Linear convolutions have heads for the second layer, and c is the number of a head's weights.
///
/// Methods that move all weights at once work on the array; its gradient has the same layout.
package struct NetworkParameters: Codable, Sendable {
  /// The number m of neurons or sub-networks.
  let width: Int
  /// The number m₁ of units of a sub-network; nil for two layers.
  let units: Int?
  /// The number d of inputs.
  let inputs: Int
  /// The number c of outputs.
  let outputs: Int
  /// Whether there are offsets.
  let hasOffset: Bool
  /// All weights.
  var values: [Double]

  /// Weights from their parts.
  init(width: Int, units: Int?, inputs: Int, outputs: Int, hasOffset: Bool, values: [Double]) {
    self.width = width
    self.units = units
    self.inputs = inputs
    self.outputs = outputs
    self.hasOffset = hasOffset
    self.values = values
  }

  /// The weights of a network.
  init(_ network: TwoLayerNetwork) {
    self.init(
      width: network.neurons, units: nil, inputs: network.inputs, outputs: network.outputs,
      hasOffset: !network.offsets.isEmpty,
      values: network.hidden.elements + network.output + network.offsets)
  }

  /// Whether the shapes are those of a network for `problem`.
  func fits(_ problem: TrainingProblem) -> Bool {
    (0...count).contains(width) && inputs == problem.neuronRows.columns && outputs == problem.headWeights
      && units == problem.atoms.subnetworkUnits
      && hasOffset == problem.hasOffset && count == penalized + (hasOffset ? problem.outputs : 0)
  }

  /// The number of weights.
  var count: Int { values.count }

  /// Where the last layer starts.
  var split: Int { units.map { width * $0 * (inputs + 1) } ?? width * inputs }

  /// The number of weights under the penalty, which come first.
  var penalized: Int { split + width * outputs }

  /// The length of each first-layer vector.
  var hiddenLengths: [Double] {
    (0..<(width * (units ?? 1))).map { norm(values[($0 * inputs)..<(($0 + 1) * inputs)]) }
  }

  /// What weights are multiplied by for quasi-Newton steps: those of the first layer by the lengths of the columns that they belong to,
  /// in units of the longest, so that columns of unlike sizes don't slow descent down.
  func scales(of rows: Matrix) -> [Double] {
    var squares = [Double](repeating: 0, count: inputs)
    for i in 0..<rows.rows {
      for (k, entry) in rows.row(i).enumerated() { squares[k] += entry * entry }
    }
    let longest = (squares.max() ?? 0).squareRoot()
    let columns = squares.map { longest > 0 ? max($0.squareRoot() / longest, 1e-4) : 1 }
    let hidden = (0..<(width * (units ?? 1))).flatMap { _ in columns }
    return hidden + Array(repeating: 1, count: count - hidden.count)
  }

  /// The first layer's weights of a neuron.
  func hidden(_ j: Int) -> ArraySlice<Double> { values[(j * inputs)..<((j + 1) * inputs)] }

  /// The second layer's weights of a neuron.
  func output(_ j: Int) -> ArraySlice<Double> { values[(split + j * outputs)..<(split + (j + 1) * outputs)] }

  /// The offsets; none for networks without them.
  var offsets: [Double] { Array(values[penalized...]) }

  /// The network of two layers with these weights.
  var network: TwoLayerNetwork {
    TwoLayerNetwork(
      hidden: Matrix(rows: width, columns: inputs, elements: Array(values[..<split])),
      output: Array(values[split..<penalized]), outputs: outputs, offsets: offsets)
  }

  /// Adds β times the gradient of what the penalty is before balancing to `gradient`; returns β times that.
  func addDecay(_ beta: Double, to gradient: UnsafeMutablePointer<Double>) -> Double {
    if let units { return addSubnetworkDecay(beta, units: units, to: gradient) }
    BLAS.axpy(penalized, beta, values, gradient)
    return 0.5 * beta * BLAS.dot(penalized, values, values)
  }

  /// The penalty before balancing.
  var decay: Double {
    units.map { unbalancedSubnetworkDecay(units: $0) } ?? 0.5 * BLAS.dot(penalized, values, values)
  }

  /// The penalty after balancing; for two layers Σⱼ‖uⱼ‖‖αⱼ‖.
  var balancedDecay: Double { units.map { subnetworkSizes(units: $0).reduce(0, +) } ?? twoLayerDecay }

  private var twoLayerDecay: Double {
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
