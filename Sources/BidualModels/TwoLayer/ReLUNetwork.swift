import BidualLinear

/// A two-layer ReLU network with one output, f(x) = Σⱼ αⱼ(uⱼᵀx)₊.
public struct ReLUNetwork: Sendable, Equatable {
  /// The first layer, m×d, one neuron u a row.
  public var hidden: Matrix
  /// The second layer, one weight α a neuron.
  public var output: [Double]

  /// A network from its layers.
  public init(hidden: Matrix, output: [Double]) {
    precondition(hidden.rows == output.count)
    self.hidden = hidden
    self.output = output
  }

  /// The network without neurons, which predicts 0, for inputs of the given dimension.
  public static func zero(inputs: Int) -> ReLUNetwork {
    ReLUNetwork(hidden: Matrix(rows: 0, columns: inputs), output: [])
  }

  /// The number m of neurons.
  public var neurons: Int { output.count }

  /// The predictions for the rows of `design`, n×d.
  ///
  /// - Complexity: O(nmd).
  public func predictions(_ design: Matrix) -> [Double] {
    guard neurons > 0 else { return Array(repeating: 0, count: design.rows) }
    var heights = design.timesTransposed(hidden)
    // Written so that a height that is not a number stays one.
    for i in heights.elements.indices where heights.elements[i] <= 0 { heights.elements[i] = 0 }
    return heights.times(output)
  }

  /// ½Σⱼ(‖uⱼ‖² + αⱼ²), which β multiplies in the training objective.
  public var weightDecay: Double {
    0.5 * (dot(hidden.elements, hidden.elements) + dot(output, output))
  }
}
