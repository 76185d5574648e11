import BidualLinear

/// A network whose filters belong to one place of an image each, f(x) = b + Σⱼ αⱼ(uⱼᵀxₖ)₊ over its patches xₖ, k the place of filter j.
///
/// As a function of the image it is a two-layer network, whose neurons have weights for the pixels of one patch each (`dense`).
public struct LocallyConnectedNetwork: Network {
  /// The filters u with their output weights α and the offset, as the two-layer network that they would be of one patch.
  public let filters: TwoLayerNetwork
  /// The place of each filter, places counted row after row.
  public let places: [Int]
  /// The patches.
  public let patches: Patches

  /// A network from its filters and their places.
  public init(_ filters: TwoLayerNetwork, places: [Int], patches: Patches) {
    precondition(filters.inputs == patches.size && filters.activation == .relu)
    precondition(
      places.count == filters.neurons && places.allSatisfy { (0..<patches.count).contains($0) })
    self.filters = filters
    self.places = places
    self.patches = patches
  }

  /// The number of inputs, CHW, and one more with a bias.
  public var inputs: Int { patches.inputs }

  /// The number of outputs.
  public var outputs: Int { filters.outputs }

  /// The number m of filters.
  public var neurons: Int { filters.neurons }

  /// The output offsets.
  public var offsets: [Double] { filters.offsets }

  /// The filters' weights, the offsets, the places and the shape.
  public var weights: [Double] { filters.weights + places.map(Double.init) + patches.numbers }

  /// The same function of whole images: weights for what is padded meet zeros, and are left out.
  ///
  /// - Complexity: O(m·CHW).
  package var dense: TwoLayerNetwork {
    let pixels = patches.pixels
    var hidden = Matrix(rows: neurons, columns: inputs)
    for (j, place) in places.enumerated() {
      for (k, weight) in filters.hidden.row(j).enumerated() {
        if let pixel = pixels[place * patches.size + k] { hidden[j, pixel] = weight }
      }
    }
    return TwoLayerNetwork(
      hidden: hidden, output: filters.output, outputs: outputs, offsets: offsets)
  }

  /// The predictions for the rows of `design`, n×CHW.
  ///
  /// - Complexity: O(nm·CHW).
  public func predictions(_ design: Matrix) -> [Double] { dense.predictions(design) }

  /// Where the predictions and the penalty are in real arithmetic: predictions are those of two layers, the penalty is that of all
  /// weights of the filters.
  func enclosure(over design: Matrix) -> Enclosure? {
    guard let enclosure = dense.enclosure(over: design, .l2) else { return nil }
    return Enclosure(
      predictions: enclosure.predictions, errors: enclosure.errors, penalty: filters.accuratePenalty(.l2),
      products: max(enclosure.products, neurons * (patches.size + outputs)))
  }
}

extension Patches {
  /// For each number of each place's patch the column of the design that it comes from; nil for what is padded.
  fileprivate var pixels: [Int?] {
    let numbers = Matrix(rows: 1, columns: inputs, elements: (0..<inputs).map { Double($0 + 1) })
    return rows(of: numbers, images: 0..<1).elements.map { $0 == 0 ? nil : Int($0) - 1 }
  }
}
