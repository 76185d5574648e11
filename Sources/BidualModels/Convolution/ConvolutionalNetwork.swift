import BidualLinear

/// A convolutional network with pooling, f(x) = b + Σⱼ αⱼ Σₖ(uⱼᵀxₖ)₊ over the patches xₖ of an image, or the same with the mean over k
/// (SEPP21, eq. 6).
public struct ConvolutionalNetwork: Network {
  /// The filters u with their output weights α and the offset, as the two-layer network that they are of patches.
  public let filters: TwoLayerNetwork
  /// The patches.
  public let patches: Patches
  /// Whether the mean over the patches is taken, not the sum.
  public let averages: Bool

  /// A network from its filters, one a row of their first layer, m×Chw.
  public init(_ filters: TwoLayerNetwork, patches: Patches, averages: Bool) {
    precondition(filters.inputs == patches.size && filters.activation == .relu)
    self.filters = filters
    self.patches = patches
    self.averages = averages
  }

  /// The number of inputs, CHW, and one more with a bias.
  public var inputs: Int { patches.inputs }

  /// The number c of outputs.
  public var outputs: Int { filters.outputs }

  /// The number m of filters.
  public var neurons: Int { filters.neurons }

  /// The output offsets.
  public var offsets: [Double] { filters.offsets }

  /// The filters' weights, the offsets and the shape.
  public var weights: [Double] { filters.weights + patches.numbers + [averages ? 1 : 0] }

  private var responses: PooledResponses {
    PooledResponses(filters, patches: patches, averages: averages, offsets: offsets)
  }

  /// The predictions for the rows of `design`, n×CHW: n·c numbers, those of a row together.
  ///
  /// - Complexity: O(nKm(Chw + c)) for K patches.
  public func predictions(_ design: Matrix) -> [Double] { responses.predictions(design) }

  /// Where the predictions and the penalty are in real arithmetic.
  func enclosure(over design: Matrix) -> Enclosure? { responses.enclosure(over: design) }
}
