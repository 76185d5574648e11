import BidualLinear

/// A circular linear convolutional network, f(x) = b + Σⱼ xᵀUⱼαⱼ with Uⱼα the circular convolution of the filter uⱼ with α (PE20, eq. 13).
public struct CircularConvolutionalNetwork: Network {
  /// The filters u with their heads α, as a two-layer linear network of as many outputs as inputs.
  public let filters: TwoLayerNetwork
  /// The output offset b; empty for a network that has none.
  public let offsets: [Double]

  /// A network from its filters, m×d, and heads, m×d.
  public init(_ filters: TwoLayerNetwork, offsets: [Double] = []) {
    precondition(filters.inputs == filters.outputs && filters.activation == .linear)
    precondition(filters.offsets.isEmpty && offsets.count < 2)
    self.filters = filters
    self.offsets = offsets
  }

  /// The length d of signals.
  public var inputs: Int { filters.inputs }

  /// One.
  public var outputs: Int { 1 }

  /// The number m of filters.
  public var neurons: Int { filters.neurons }

  /// Filters, heads and the offset.
  public var weights: [Double] { filters.weights + offsets }

  /// z = Σⱼ uⱼ∗αⱼ, by which predictions are Xz + b.
  ///
  /// - Complexity: O(md²).
  public var coefficients: [Double] {
    let length = inputs
    var sums = [Double](repeating: 0, count: length)
    for j in 0..<neurons {
      let head = Array(filters.output[(j * length)..<((j + 1) * length)])
      for (s, weight) in filters.hidden.row(j).enumerated() where weight != 0 {
        for t in 0..<(length - s) { sums[s + t] += weight * head[t] }
        for t in (length - s)..<length { sums[s + t - length] += weight * head[t] }
      }
    }
    return sums
  }

  /// The predictions for the rows of `design`, n×d.
  ///
  /// - Complexity: O(md² + nd).
  public func predictions(_ design: Matrix) -> [Double] {
    guard neurons > 0 else { return Array(repeating: offset ?? 0, count: design.rows) }
    let responses = design.times(coefficients)
    return offset.map { offset in responses.map { $0 + offset } } ?? responses
  }

  /// Where the predictions and the penalty are in real arithmetic.
  ///
  /// No coefficient, and no sum of its terms' sizes, is above Σⱼ‖uⱼ‖‖αⱼ‖, which is at most the penalty P. It is a sum of md products, and a
  /// response one of d: that is off by at most (md + d)u‖x‖₁P, u = 2⁻⁵³. Charged is twice that and more, and what vanishes.
  ///
  /// - Complexity: as `predictions`.
  func enclosure(over design: Matrix) -> Enclosure? {
    guard design.columns == inputs else { return nil }
    let predictions = predictions(design)
    let penalty = filters.accuratePenalty(.l2)
    guard predictions.allSatisfy(\.isFinite), penalty.isFinite else { return nil }
    // Without filters predictions are the offset itself.
    var errors = [Double](repeating: 0, count: predictions.count)
    if neurons > 0 {
      let terms = Double(neurons * inputs + inputs + 8)
      for i in predictions.indices {
        let size = design.row(i).reduce(0) { $0 + abs($1) }
        errors[i] =
          0x1p-52 * terms * size * penalty + 0x1p-1060 * terms * (size + 1)
          + 0x1p-51 * (abs(predictions[i]) + abs(offset ?? 0))
      }
    }
    return Enclosure(
      predictions: predictions, errors: errors, penalty: penalty, products: 2 * neurons * inputs)
  }
}
