import BidualLinear
import BidualObjectives

/// A two-layer network with c outputs, f(x) = b + Σⱼ αⱼ·φⱼ(uⱼᵀx).
///
/// The activation φ is the ReLU, (t)₊; or, for gated networks, t where the neuron's gate is open and 0
/// elsewhere; or t itself.
public struct TwoLayerNetwork: Network {
  /// The first layer, m×d, one neuron u a row.
  public var hidden: Matrix
  /// The second layer, m×c: for each neuron its weights α, those of a neuron together.
  public var output: [Double]
  /// The number c of outputs.
  public let outputs: Int
  /// The output offsets b, one an output, which no penalty holds; empty for a network that has none.
  public var offsets: [Double]
  /// What the neurons do to uᵀx.
  public var activation: Activation

  /// A network with one output from its layers.
  public init(hidden: Matrix, output: [Double], offset: Double? = nil, activation: Activation = .relu) {
    self.init(
      hidden: hidden, output: output, outputs: 1, offsets: offset.map { [$0] } ?? [], activation: activation)
  }

  /// A network from its layers, m×d and m×c.
  public init(
    hidden: Matrix, output: [Double], outputs: Int, offsets: [Double] = [], activation: Activation = .relu
  ) {
    precondition(outputs > 0 && hidden.rows * outputs == output.count)
    precondition(offsets.isEmpty || offsets.count == outputs)
    if case .gated(let gates) = activation { precondition(gates.owner.count == hidden.rows) }
    self.hidden = hidden
    self.output = output
    self.outputs = outputs
    self.offsets = offsets
    self.activation = activation
  }

  /// A network as one of two layers; nil for any other.
  public init?(_ network: any Network) {
    guard let network = network as? TwoLayerNetwork else { return nil }
    self = network
  }

  /// A network as one with the given activation, neurons aside; nil for any other.
  public init?(_ network: any Network, _ activation: Activation) {
    self.init(network)
    guard self.activation.withoutNeurons == activation else { return nil }
  }

  /// The network without neurons, which predicts its offsets, for inputs of the given dimension.
  public static func zero(
    inputs: Int, outputs: Int = 1, offsets: [Double] = [], activation: Activation = .relu
  ) -> TwoLayerNetwork {
    TwoLayerNetwork(
      hidden: Matrix(rows: 0, columns: inputs), output: [], outputs: outputs, offsets: offsets,
      activation: activation.withoutNeurons)
  }

  /// The number d of inputs.
  public var inputs: Int { hidden.columns }

  /// Both layers, the offsets and the gates, if there are any.
  public var weights: [Double] {
    var weights = hidden.elements + output + offsets
    if case .gated(let gates) = activation { weights += gates.vectors.elements }
    return weights
  }

  /// The number m of neurons.
  public var neurons: Int { hidden.rows }

  /// The neurons of a network with one output as parts, v = |α|u, in the coordinates of the inputs.
  package var parts: [Part] { parts(hidden) }

  /// The neurons as parts in the coordinates of a row space.
  ///
  /// - Complexity: O(mdr).
  package func parts(in space: RowSpace) -> [Part] { parts(space.reduced(hidden)) }

  private func parts(_ hidden: Matrix) -> [Part] {
    output.indices.map { j in
      Part(sign: output[j] < 0 ? -1 : 1, vector: hidden.row(j).map { $0 * abs(output[j]) })
    }
  }

  /// The predictions for the rows of `design`, n×d: n·c numbers, those of a row together.
  ///
  /// - Complexity: O(nm(d + c)).
  public func predictions(_ design: Matrix) -> [Double] {
    let offsets = offsets.isEmpty ? Array(repeating: 0, count: outputs) : offsets
    guard neurons > 0 else { return Array(repeatElement(offsets, count: design.rows).joined()) }
    var heights = design.timesTransposed(hidden)
    switch activation {
    case .relu:
      // Written so that a height that is not a number stays one.
      for i in heights.elements.indices where heights.elements[i] <= 0 { heights.elements[i] = 0 }
    case .linear: break
    case .gated(let gates):
      for i in 0..<design.rows {
        let isOpen = gates.areOpen(design.row(i))
        for j in 0..<neurons where !isOpen[gates.owner[j]] { heights[i, j] = 0 }
      }
    }
    guard outputs > 1 else {
      let predictions = heights.times(output)
      return self.offsets.isEmpty ? predictions : predictions.map { $0 + offsets[0] }
    }
    var predictions = heights.times(Matrix(rows: neurons, columns: outputs, elements: output)).elements
    for i in predictions.indices { predictions[i] += offsets[i % outputs] }
    return predictions
  }

  /// What β multiplies in the training objective: ½Σⱼ(‖uⱼ‖² + ‖αⱼ‖²) under ℓ₂, Σⱼ‖uⱼ‖₁|αⱼ| of one output under ℓ₁.
  public func penalty(_ norm: FirstLayerNorm) -> Double {
    switch norm {
    case .l2: weightDecay
    case .l1: (0..<neurons).reduce(0) { $0 + norm.length(hidden.row($1)) * abs(output[$1]) }
    }
  }

  /// ½Σⱼ(‖uⱼ‖² + ‖αⱼ‖²).
  public var weightDecay: Double {
    0.5 * (dot(hidden.elements, hidden.elements) + dot(output, output))
  }

  /// Where the predictions and the penalty are in real arithmetic.
  ///
  /// A prediction computed as m products of dots of length d lies within (d + m + 2)·u·Σⱼ|αⱼ||uⱼ|ᵀ|xᵢ|, u = 2⁻⁵³, of
  /// the true one; what vanishes for smallness is charged absolutely.
  ///
  /// - Complexity: O(nmd).
  func enclosure(over design: Matrix, _ norm: FirstLayerNorm) -> Enclosure? {
    guard design.columns == inputs else { return nil }
    let m = neurons
    let predictions = predictions(design)
    // A height that overflowed may have been cut off by the ReLU, and one that vanished counts too.
    let largest = design.elements.reduce(0) { max($0, abs($1)) }
    for j in 0..<m {
      guard hidden.row(j).reduce(0, { $0 + abs($1) }) * largest < 1e290 else { return nil }
    }
    guard predictions.allSatisfy(\.isFinite) else { return nil }
    let unit = 2 * Double(design.columns + m + 4) * 0x1p-53
    // What vanishes of heights and their sums, and of the products of weights that errors are measured by.
    let vanished =
      0x1p-1060 * Double(design.columns + m + 2) * output.reduce(1) { $0 + abs($1) }
      + Double(m * design.columns) * largest * unit * 0x1p-1073
    // For each output Σⱼ|αⱼ||uⱼ|, as columns.
    var reach = Matrix(rows: design.columns, columns: outputs)
    for j in 0..<m {
      for (k, weight) in hidden.row(j).enumerated() {
        for l in 0..<outputs { reach[k, l] += abs(output[j * outputs + l] * weight) }
      }
    }
    // Without neurons predictions are the offsets themselves.
    var errors = [Double](repeating: 0, count: predictions.count)
    for i in 0..<(m > 0 ? design.rows : 0) {
      for l in 0..<outputs {
        var error = 0.0
        for (k, x) in design.row(i).enumerated() { error += abs(x) * reach[k, l] }
        errors[i * outputs + l] = unit * (error + abs(offsets.isEmpty ? 0 : offsets[l])) + vanished
      }
    }
    return Enclosure(
      predictions: predictions, errors: errors, penalty: accuratePenalty(norm),
      products: m * (inputs + outputs))
  }

  /// What β multiplies, to a few units in the last place; under ℓ₁ the plain sums of d terms are charged for.
  func accuratePenalty(_ norm: FirstLayerNorm) -> Double {
    var sum = CompensatedSum()
    switch norm {
    case .l2:
      for weight in hidden.elements + output { sum.add(weight * weight) }
      return 0.5 * sum.value
    case .l1:
      for j in 0..<neurons { sum.add(norm.length(hidden.row(j)) * abs(output[j])) }
      return sum.value * (1 + Double(inputs + 8) * 0x1p-52)
    }
  }
}

extension Network {
  /// The network as one of two layers; nil for one of another kind.
  public var twoLayer: TwoLayerNetwork? { TwoLayerNetwork(self) }
}
