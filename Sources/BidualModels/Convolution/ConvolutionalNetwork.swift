import BidualLinear
import BidualPolars

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
  public var weights: [Double] {
    let extents = [patches.image, patches.filter, patches.stride, patches.padding].flatMap(\.numbers)
    let flags = [patches.hasBias, averages].map { $0 ? 1 : 0 }
    return filters.weights + ([patches.channels] + extents + flags).map(Double.init)
  }

  private var pooling: RowPooling { RowPooling(rows: patches.count, averages: averages) }

  /// The same filters without offsets, which join after pooling.
  private var responses: TwoLayerNetwork {
    var responses = filters
    responses.offsets = []
    return responses
  }

  /// Runs of images whose patches and heights are held at a time.
  private func runs(_ images: Int) -> [Range<Int>] {
    let size = max(1, 4_000_000 / (patches.count * (patches.size + neurons + outputs)))
    return stride(from: 0, to: images, by: size).map { $0..<min($0 + size, images) }
  }

  private func withOffsets(_ sums: [Double]) -> [Double] {
    offsets.isEmpty ? sums : sums.indices.map { sums[$0] + offsets[$0 % outputs] }
  }

  /// The predictions for the rows of `design`, n×CHW: n·c numbers, those of a row together.
  ///
  /// - Complexity: O(nKm(Chw + c)) for K patches.
  public func predictions(_ design: Matrix) -> [Double] {
    let responses = responses
    return withOffsets(
      runs(design.rows).flatMap {
        pooling.pooled(responses.predictions(patches.rows(of: design, images: $0)), width: outputs)
      })
  }

  /// Where the predictions and the penalty are in real arithmetic.
  ///
  /// With pₖ, off by eₖ, what the filters respond to the K patches, their sum is off by Σeₖ and by (K − 1)u Σ|pₖ|, u = 2⁻⁵³; the
  /// division of a mean and the offset round once each. Errors are twice that, as those of `TwoLayerNetwork` are.
  ///
  /// - Complexity: as `predictions`.
  func enclosure(over design: Matrix) -> Enclosure? {
    guard design.columns == inputs else { return nil }
    let (responses, pooling) = (responses, pooling)
    // Sums that are not negative, which are too small by no more than this.
    let slack = 1 + Double(patches.count + 8) * 0x1p-50
    let unit = 2 * Double(patches.count + 4) * 0x1p-53
    var (sums, errors): ([Double], [Double]) = ([], [])
    var penalty = filters.weightDecay
    for run in runs(design.rows) {
      guard let enclosure = responses.enclosure(over: patches.rows(of: design, images: run), .l2) else {
        return nil
      }
      penalty = enclosure.penalty
      sums += pooling.pooled(enclosure.predictions, width: outputs)
      let sizes = zip(enclosure.predictions, enclosure.errors).map { abs($0) * unit + $1 }
      errors += pooling.pooled(sizes, width: outputs).map { $0 * slack }
    }
    let predictions = withOffsets(sums)
    guard predictions.allSatisfy(\.isFinite) else { return nil }
    // Without filters predictions are the offsets themselves.
    if neurons > 0, !offsets.isEmpty {
      for place in errors.indices {
        errors[place] += 0x1p-51 * (abs(sums[place]) + abs(offsets[place % outputs]))
      }
    }
    return Enclosure(
      predictions: predictions, errors: errors, penalty: penalty,
      products: neurons * (filters.inputs + outputs))
  }
}
