import BidualModels

/// The shape of a convolution in a model file; extents are heights and widths.
struct ConvolutionDocument: Codable {
  /// Channels, height and width.
  var image: [Int]
  var filter: [Int]
  var stride: [Int]
  var padding: [Int]
  /// What becomes of responses: none for outputs at each place; left out by linear convolutions, which have a head for each place.
  var pooling: String?
  /// The place of each filter, for filters that are not shared by all.
  var placeOfFilter: [Int]?

  private static let (sum, average, none) = ("sum", "average", "none")

  /// The fields of an architecture.
  init(_ architecture: ReLUConvolution) {
    self.init(architecture.patches)
    pooling = architecture.averages ? Self.average : Self.sum
  }

  /// The fields of an architecture with outputs for each place.
  init(_ architecture: PlacewiseConvolution) {
    self.init(architecture.patches)
    pooling = Self.none
  }

  /// Whether there are outputs for each place.
  var isPlacewise: Bool { pooling == Self.none }

  /// The fields of a network with filters of its own at each place.
  init(_ network: LocallyConnectedNetwork) {
    self.init(network.patches)
    placeOfFilter = network.places
  }

  /// The fields of patches.
  init(_ patches: Patches) {
    image = [patches.channels] + patches.image.numbers
    filter = patches.filter.numbers
    stride = patches.stride.numbers
    padding = patches.padding.numbers
  }

  /// Whether responses are averaged, not added up.
  ///
  /// - Throws: `DataError` of kind `badData` for a pooling that there is none of.
  func averages() throws(DataError) -> Bool {
    guard let pooling, pooling == Self.sum || pooling == Self.average else {
      throw DataError(
        .badData, "the pooling of the convolution is none of sum, average and none; write the model again")
    }
    return pooling == Self.average
  }

  /// The patches for so many inputs, of which one more than an image has is a bias.
  ///
  /// - Throws: `DataError` of kind `badData` for fields that do not fit each other.
  func patches(inputs: Int) throws(DataError) -> Patches {
    guard image.count == 3, filter.count == 2, stride.count == 2, padding.count == 2 else {
      throw DataError(
        .badData,
        "the shape of the convolution is not three numbers of an image and two each of filter, stride and padding; write the model again"
      )
    }
    func patches(hasBias: Bool) throws(DataError) -> Patches {
      do {
        return try Patches(
          channels: image[0], image: extent(image[1...]), filter: extent(filter[...]),
          stride: extent(stride[...]),
          padding: extent(padding[...]), hasBias: hasBias)
      } catch {
        throw DataError(.badData, "the convolution of the model: \(error)")
      }
    }
    let plain = try patches(hasBias: false)
    let patches = inputs == plain.inputs + 1 ? try patches(hasBias: true) : plain
    try patches.check(inputs: inputs, samples: 1)
    return patches
  }

  private func extent(_ numbers: ArraySlice<Int>) -> Patches.Extent {
    Patches.Extent(height: numbers[numbers.startIndex], width: numbers[numbers.startIndex + 1])
  }
}
