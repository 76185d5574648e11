import BidualModels

extension Training {
  /// The images of a convolution, its filters and its pooling.
  public struct ImageShape: Sendable, Equatable, CustomStringConvertible {
    /// What becomes of a filter's responses to the patches of an image.
    public enum Pooling: String, Sendable, CaseIterable {
      /// They are added up.
      case sum
      /// Their mean is taken.
      case average
      /// They stay as they are: each place has outputs, and targets, of its own.
      case placewise = "none"
    }

    private let patches: Patches
    /// The pooling.
    public let pooling: Pooling

    /// Images and filters from the patches that these see.
    public init(_ patches: Patches, pooling: Pooling = .sum) {
      self.patches = patches
      self.pooling = pooling
    }

    /// How many places a filter has on an image.
    var places: Int { patches.count }

    /// The patches, with the design's bias if there is one.
    func patches(hasBias: Bool) throws(DataError) -> Patches {
      try Patches(
        channels: patches.channels, image: patches.image, filter: patches.filter, stride: patches.stride,
        padding: patches.padding, hasBias: hasBias)
    }

    /// All numbers, such as `1×28×28 images, 3×3 filters, stride 1,1, padding 0,0, sum pooling`.
    public var description: String {
      let (image, filter) = (patches.image, patches.filter)
      let (stride, padding) = (patches.stride, patches.padding)
      return
        "\(patches.channels)×\(image.height)×\(image.width) images, \(filter.height)×\(filter.width) filters, stride \(stride.height),\(stride.width), padding \(padding.height),\(padding.width), \(pooling.rawValue) pooling"
    }
  }
}
