import BidualLinear
import BidualObjectives

/// A two-layer network with one output, f(x) = b + Σⱼ αⱼ·φⱼ(uⱼᵀx).
///
/// The activation φ is the ReLU, (t)₊; or, for gated networks, t where the neuron's gate is open and 0
/// elsewhere; or t itself.
public struct TwoLayerNetwork: Sendable, Equatable {
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

  /// The network without neurons, which predicts its offset, for inputs of the given dimension.
  public static func zero(inputs: Int, offset: Double? = nil, activation: Activation = .relu)
    -> TwoLayerNetwork
  {
    TwoLayerNetwork(
      hidden: Matrix(rows: 0, columns: inputs), output: [], offset: offset,
      activation: activation.withoutNeurons)
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
}
