import BidualLinear

/// The patches of images that the filters of a convolution see.
///
/// An image with C channels of H×W pixels is a row of the design, channel after channel, each row after row; a signal of length
/// L has H = 1 and W = L. Zeros are padded around it. Patch k is the h×w pixels under the filter at its k-th place, for all
/// channels in the same order: X_k is n×Chw (PE20, §4; SEPP21, §2). Where a last stride does not fit, the pixels beyond it are
/// left out. With a bias the design's last column, behind the image, joins every patch.
public struct Patches: Sendable, Equatable {
  /// A height and a width, in pixels.
  public struct Extent: Sendable, Equatable {
    /// Along the rows of an image.
    public let height: Int
    /// Along its columns.
    public let width: Int

    /// An extent from its parts.
    public init(height: Int, width: Int) {
      self.height = height
      self.width = width
    }

    /// The height and the width.
    public var numbers: [Int] { [height, width] }
  }

  /// The number C of channels.
  public let channels: Int
  /// H×W.
  public let image: Extent
  /// h×w.
  public let filter: Extent
  /// From one place of the filter to the next.
  public let stride: Extent
  /// Rows of zeros above and below the image, and columns of them on both sides.
  public let padding: Extent
  /// Whether the design has a last column that joins every patch.
  public let hasBias: Bool
  /// How many places the filter has, down and across.
  public let places: Extent

  /// Patches from their shape.
  ///
  /// - Throws: `DataError` of kind `badSettings` for sizes that are not positive, a filter larger than the padded image, a
  ///   padding as large as the filter, and shapes whose numbers overflow.
  public init(
    channels: Int, image: Extent, filter: Extent, stride: Extent = Extent(height: 1, width: 1),
    padding: Extent = Extent(height: 0, width: 0), hasBias: Bool = false
  ) throws(DataError) {
    func refuse(_ message: String) -> DataError { DataError(.badSettings, message) }
    guard channels > 0, image.height > 0, image.width > 0 else {
      throw refuse(
        "the image shape is \(channels),\(image.height),\(image.width); give positive numbers of channels, rows and columns"
      )
    }
    guard filter.height > 0, filter.width > 0 else {
      throw refuse(
        "the filter is \(filter.height)×\(filter.width); give positive numbers of rows and columns")
    }
    guard stride.height > 0, stride.width > 0 else {
      throw refuse("the stride is \(stride.height),\(stride.width); give numbers of at least 1")
    }
    guard (0..<filter.height).contains(padding.height), (0..<filter.width).contains(padding.width) else {
      throw refuse(
        "the padding is \(padding.height),\(padding.width) for a filter of \(filter.height)×\(filter.width); give numbers from 0 to below the filter's"
      )
    }
    /// The numbers of all channels, if they can be counted.
    func size(_ extent: Extent) -> Int? {
      let (area, isLarge) = extent.height.multipliedReportingOverflow(by: extent.width)
      let (volume, isLarger) = area.multipliedReportingOverflow(by: channels)
      return isLarge || isLarger || volume > 1 << 48 ? nil : volume
    }
    guard size(image) != nil, size(filter) != nil else {
      throw refuse(
        "an image of \(channels)×\(image.height)×\(image.width) and a filter of \(filter.height)×\(filter.width) have more numbers than fit any memory; check the shapes"
      )
    }
    // No sum overflows: every number is at most 2⁴⁸.
    let room = Extent(
      height: image.height + 2 * padding.height - filter.height,
      width: image.width + 2 * padding.width - filter.width)
    guard room.height >= 0, room.width >= 0 else {
      throw refuse(
        "the filter is \(filter.height)×\(filter.width), larger than the image of \(image.height)×\(image.width) with its padding of \(padding.height),\(padding.width); give a smaller filter"
      )
    }
    self.channels = channels
    self.image = image
    self.filter = filter
    self.stride = stride
    self.padding = padding
    self.hasBias = hasBias
    places = Extent(height: room.height / stride.height + 1, width: room.width / stride.width + 1)
    guard size(places) != nil else {
      throw refuse(
        "the filter has \(places.height)×\(places.width) places, more than fit any memory; check the padding")
    }
  }

  /// The number K of patches of an image.
  public var count: Int { places.height * places.width }

  /// The columns of the design, CHW, and one more with a bias.
  public var inputs: Int { channels * image.height * image.width + (hasBias ? 1 : 0) }

  /// The numbers of a patch, Chw, and one more with a bias.
  public var size: Int { channels * filter.height * filter.width + (hasBias ? 1 : 0) }

  /// All numbers that define them, in a fixed order.
  var numbers: [Double] {
    let extents = [image, filter, stride, padding].flatMap(\.numbers)
    return ([channels] + extents + [hasBias ? 1 : 0]).map(Double.init)
  }

  /// Refuses designs that have no such patches.
  ///
  /// - Parameter outputs: how many numbers dual points have for each patch beside its own.
  /// - Throws: `DataError` of kind `badData` where rows are of another width than images, or patches take more memory than there
  ///   is.
  public func check(inputs: Int, samples: Int, outputs: Int = 0) throws(DataError) {
    guard inputs == self.inputs else {
      throw DataError(
        .badData,
        "a row has \(inputs) inputs, but images of \(channels)×\(image.height)×\(image.width)\(hasBias ? " with a bias" : "") have \(self.inputs); check the shape of the images or the feature columns"
      )
    }
    // The patches, their coordinates, dual weights and what is known of their hyperplanes.
    let bytes = 8 * 4 * Double(samples) * Double(count) * (Double(size) + Double(outputs))
    guard PhysicalMemory.holds(bytes) else {
      throw DataError(
        .badData,
        "\(samples) images with \(count) patches of \(size) numbers take \(PhysicalMemory.text(bytes)), more than this machine's memory; give a larger stride or fewer images"
      )
    }
  }

  /// Runs of images of which so many numbers a patch are held at a time.
  func runs(of images: Int, width: Int) -> [Range<Int>] {
    let size = max(1, 4_000_000 / (count * width))
    return Swift.stride(from: 0, to: images, by: size).map { $0..<min($0 + size, images) }
  }

  /// The patches of some rows of a design, those of an image one after another, K·Chw numbers each.
  ///
  /// - Complexity: O(K·Chw) for each image.
  public func rows(of design: Matrix, images: Range<Int>) -> Matrix {
    precondition(design.columns == inputs)
    let area = filter.height * filter.width
    var patches = Matrix(rows: images.count * count, columns: size)
    patches.elements.withUnsafeMutableBufferPointer { patches in
      design.elements.withUnsafeBufferPointer { pixels in
        var place = 0
        for i in images {
          let first = i * inputs
          for down in 0..<places.height {
            let top = down * stride.height - padding.height
            let rows = max(0, -top)..<min(filter.height, image.height - top)
            for across in 0..<places.width {
              let left = across * stride.width - padding.width
              let columns = max(0, -left)..<min(filter.width, image.width - left)
              for channel in 0..<channels {
                for y in rows {
                  let from = first + (channel * image.height + top + y) * image.width + left
                  let to = place + channel * area + y * filter.width
                  for x in columns { patches[to + x] = pixels[from + x] }
                }
              }
              if hasBias { patches[place + size - 1] = pixels[first + inputs - 1] }
              place += size
            }
          }
        }
      }
    }
    return patches
  }
}
