import BidualLinear

/// A linear convolutional network with a head for each place of its filters, f(x) = b + Σⱼ Σₖ αⱼₖ uⱼᵀxₖ over the patches xₖ of an
/// image (PE20, eq. 11).
public struct LinearConvolutionalNetwork: Network {
  /// The filters u with their heads α, as the two-layer linear network of patches that has an output for each of the K places.
  public let filters: TwoLayerNetwork
  /// The patches.
  public let patches: Patches
  /// The output offset b; empty for a network that has none.
  public let offsets: [Double]

  /// A network from its filters, m×Chw, and heads, m×K.
  public init(_ filters: TwoLayerNetwork, patches: Patches, offsets: [Double] = []) {
    precondition(filters.inputs == patches.size && filters.outputs == patches.count)
    precondition(filters.activation == .linear && filters.offsets.isEmpty && offsets.count < 2)
    self.filters = filters
    self.patches = patches
    self.offsets = offsets
  }

  /// The number of inputs, CHW, and one more with a bias.
  public var inputs: Int { patches.inputs }

  /// One.
  public var outputs: Int { 1 }

  /// The number m of filters.
  public var neurons: Int { filters.neurons }

  /// Filters, heads, the offset and the shape.
  public var weights: [Double] { filters.weights + offsets + patches.numbers }

  private var responses: PooledResponses {
    PooledResponses(filters, patches: patches, isPlacewise: true, offsets: offsets)
  }

  /// The predictions for the rows of `design`, n×CHW.
  ///
  /// - Complexity: O(nKm(Chw + K)).
  public func predictions(_ design: Matrix) -> [Double] { responses.predictions(design) }

  /// Where the predictions and the penalty are in real arithmetic.
  func enclosure(over design: Matrix) -> Enclosure? { responses.enclosure(over: design) }
}
