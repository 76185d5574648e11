import BidualLinear

/// A convolutional network with outputs for each place of an image, f(x)ₖ = b + Σⱼ αⱼ(uⱼᵀxₖ)₊ over its patches xₖ (PE20, §4.1).
public struct PlacewiseConvolutionalNetwork: Network {
  /// The filters with their output weights and the offsets, as the two-layer network that they are of patches.
  public let filters: TwoLayerNetwork
  /// The patches.
  public let patches: Patches

  /// A network from its filters.
  public init(_ filters: TwoLayerNetwork, patches: Patches) {
    precondition(filters.inputs == patches.size && filters.activation == .relu)
    self.filters = filters
    self.patches = patches
  }

  /// The number of inputs, CHW, and one more with a bias.
  public var inputs: Int { patches.inputs }

  /// The number Kc of outputs, those of a place together.
  public var outputs: Int { patches.count * filters.outputs }

  /// The number m of filters.
  public var neurons: Int { filters.neurons }

  /// The offsets, the same for all places.
  public var offsets: [Double] { filters.offsets }

  /// The filters' weights, the offsets and the shape.
  public var weights: [Double] { filters.weights + patches.numbers }

  /// The predictions for the rows of `design`, n×CHW: n·Kc numbers, those of a row together.
  ///
  /// - Complexity: O(nKm(Chw + c)) for K patches.
  public func predictions(_ design: Matrix) -> [Double] {
    patches.runs(of: design.rows, width: patches.size + filters.neurons + filters.outputs).flatMap {
      filters.predictions(patches.rows(of: design, images: $0))
    }
  }
}
