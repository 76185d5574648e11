import BidualLinear
import BidualObjectives

/// A two-layer network with one output, f(x) = b + Σⱼ αⱼ·φⱼ(uⱼᵀx).
///
/// The activation φ is the ReLU, (t)₊; or, for gated networks, t where the neuron's gate is open and 0
/// elsewhere; or t itself.
public struct TwoLayerNetwork: Network {
  /// The first layer, m×d, one neuron u a row.
  public var hidden: Matrix
  /// The second layer, one weight α a neuron.
  public var output: [Double]
  /// The output offset b, which no penalty holds; nil for a network that has none.
  public var offset: Double?
  /// What the neurons do to uᵀx.
  public var activation: Activation

  /// A network from its layers.
  public init(hidden: Matrix, output: [Double], offset: Double? = nil, activation: Activation = .relu) {
    precondition(hidden.rows == output.count)
    if case .gated(let gates) = activation { precondition(gates.owner.count == output.count) }
    self.hidden = hidden
    self.output = output
    self.offset = offset
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

  /// The network without neurons, which predicts its offset, for inputs of the given dimension.
  public static func zero(inputs: Int, offset: Double? = nil, activation: Activation = .relu)
    -> TwoLayerNetwork
  {
    TwoLayerNetwork(
      hidden: Matrix(rows: 0, columns: inputs), output: [], offset: offset,
      activation: activation.withoutNeurons)
  }

  /// The number d of inputs.
  public var inputs: Int { hidden.columns }

  /// Both layers, the offset and the gates, if there are any.
  public var weights: [Double] {
    var weights = hidden.elements + output + (offset.map { [$0] } ?? [])
    if case .gated(let gates) = activation { weights += gates.vectors.elements }
    return weights
  }

  /// The number m of neurons.
  public var neurons: Int { output.count }

  /// The neurons as parts, v = |α|u, in the coordinates of the inputs.
  public var parts: [Part] { parts(hidden) }

  /// The neurons as parts in the coordinates of a row space.
  ///
  /// - Complexity: O(mdr).
  public func parts(in space: RowSpace) -> [Part] { parts(space.reduced(hidden)) }

  private func parts(_ hidden: Matrix) -> [Part] {
    output.indices.map { j in
      Part(sign: output[j] < 0 ? -1 : 1, vector: hidden.row(j).map { $0 * abs(output[j]) })
    }
  }

  /// The predictions for the rows of `design`, n×d.
  ///
  /// - Complexity: O(nmd).
  public func predictions(_ design: Matrix) -> [Double] {
    guard neurons > 0 else { return Array(repeating: offset ?? 0, count: design.rows) }
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
    let predictions = heights.times(output)
    guard let offset else { return predictions }
    return predictions.map { $0 + offset }
  }

  /// What β multiplies in the training objective: ½Σⱼ(‖uⱼ‖² + αⱼ²) under ℓ₂, Σⱼ‖uⱼ‖₁|αⱼ| under ℓ₁.
  public func penalty(_ norm: FirstLayerNorm) -> Double {
    switch norm {
    case .l2: weightDecay
    case .l1: (0..<neurons).reduce(0) { $0 + norm.length(hidden.row($1)) * abs(output[$1]) }
    }
  }

  /// ½Σⱼ(‖uⱼ‖² + αⱼ²).
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
    let vanished = 0x1p-1060 * Double(design.columns + m + 2) * output.reduce(1) { $0 + abs($1) }
    let unit = 2 * Double(design.columns + m + 4) * 0x1p-53
    var reach = [Double](repeating: 0, count: design.columns)
    for j in 0..<m {
      for (k, weight) in hidden.row(j).enumerated() { reach[k] += abs(output[j] * weight) }
    }
    let errors = (0..<design.rows).map { i in
      var error = 0.0
      for (k, x) in design.row(i).enumerated() { error += abs(x) * reach[k] }
      // Without neurons the prediction is the offset itself.
      return m > 0 ? unit * (error + abs(offset ?? 0)) + vanished : 0
    }
    return Enclosure(
      predictions: predictions, errors: errors, penalty: accuratePenalty(norm), products: m * (inputs + 1))
  }

  /// What β multiplies, to a few units in the last place; under ℓ₁ the plain sums of d terms are charged for.
  private func accuratePenalty(_ norm: FirstLayerNorm) -> Double {
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
