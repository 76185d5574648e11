import BidualLinear

/// A linear convolutional network with a head for each place of its filters, f(x) = b + Σⱼ Σₖ αⱼₖ uⱼᵀxₖ over the patches xₖ of an
/// image (PE20, eq. 11), where b and αⱼₖ are numbers, or vectors of c outputs.
public struct LinearConvolutionalNetwork: Network {
  /// The filters u with their heads α, as the two-layer linear network of patches that has c outputs for each of the K places, those of
  /// a place together.
  public let filters: TwoLayerNetwork
  /// The patches.
  public let patches: Patches
  /// The output offsets b; empty for a network that has none.
  public let offsets: [Double]

  /// A network from its filters, m×Chw, and heads, m×Kc.
  public init(_ filters: TwoLayerNetwork, patches: Patches, offsets: [Double] = []) {
    precondition(filters.inputs == patches.size && filters.outputs.isMultiple(of: patches.count))
    precondition(filters.activation == .linear && filters.offsets.isEmpty && filters.outputs > 0)
    precondition(offsets.isEmpty || offsets.count == filters.outputs / patches.count)
    self.filters = filters
    self.patches = patches
    self.offsets = offsets
  }

  /// The number of inputs, CHW, and one more with a bias.
  public var inputs: Int { patches.inputs }

  /// The number c of outputs.
  public var outputs: Int { filters.outputs / patches.count }

  /// The number m of filters.
  public var neurons: Int { filters.neurons }

  /// Filters, heads, the offsets and the shape.
  public var weights: [Double] { filters.weights + offsets + patches.numbers }

  private var responses: PooledResponses {
    PooledResponses(filters, patches: patches, isPlacewise: true, offsets: offsets)
  }

  /// The predictions for the rows of `design`, n×CHW.
  ///
  /// - Complexity: O(nKm(Chw + Kc)).
  public func predictions(_ design: Matrix) -> [Double] { responses.predictions(design) }

  /// Where the predictions and the penalty are in real arithmetic.
  func enclosure(over design: Matrix) -> Enclosure? { responses.enclosure(over: design) }
}
