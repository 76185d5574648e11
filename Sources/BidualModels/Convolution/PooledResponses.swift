import BidualLinear
import BidualPolars

/// What a two-layer network responds to the patches of images, pooled, with offsets that join after that.
struct PooledResponses {
  /// The network of patches.
  let neurons: TwoLayerNetwork
  let patches: Patches
  let pooling: RowPooling
  /// Whether the network has outputs for each place of the filter, of which a patch counts for its own alone.
  let isPlacewise: Bool
  /// The offsets, one an output after pooling, or none.
  let offsets: [Double]

  /// Responses of a network whose own offsets join after pooling.
  init(
    _ network: TwoLayerNetwork, patches: Patches, averages: Bool = false, isPlacewise: Bool = false,
    offsets: [Double]
  ) {
    var neurons = network
    neurons.offsets = []
    self.neurons = neurons
    self.patches = patches
    pooling = RowPooling(rows: patches.count, averages: averages)
    self.isPlacewise = isPlacewise
    self.offsets = offsets
  }

  private var outputs: Int { isPlacewise ? neurons.outputs / patches.count : neurons.outputs }

  /// Runs of images whose patches and heights are held at a time.
  private func runs(_ images: Int) -> [Range<Int>] {
    patches.runs(of: images, width: patches.size + neurons.neurons + neurons.outputs)
  }

  private func pooled(_ responses: [Double]) -> [Double] {
    pooling.pooled(isPlacewise ? pooling.ownPlaces(responses, width: outputs) : responses, width: outputs)
  }

  private func withOffsets(_ sums: [Double]) -> [Double] {
    offsets.isEmpty ? sums : sums.indices.map { sums[$0] + offsets[$0 % outputs] }
  }

  /// The predictions for the rows of `design`, n×CHW: those of a row together.
  ///
  /// - Complexity: O(nKm(Chw + c)) for K patches and m neurons with c outputs.
  func predictions(_ design: Matrix) -> [Double] {
    withOffsets(
      runs(design.rows).flatMap { pooled(neurons.predictions(patches.rows(of: design, images: $0))) })
  }

  /// Where the predictions and the penalty are in real arithmetic.
  ///
  /// With pₖ, off by eₖ, what the neurons respond to the K patches, their sum is off by Σeₖ and by (K − 1)u Σ|pₖ|, u = 2⁻⁵³; the
  /// division of a mean and the offset round once each. Errors are twice that, as those of `TwoLayerNetwork` are.
  ///
  /// - Complexity: as `predictions`.
  func enclosure(over design: Matrix) -> Enclosure? {
    guard design.columns == patches.inputs else { return nil }
    // Sums that are not negative, which are too small by no more than this.
    let slack = 1 + Double(patches.count + 8) * 0x1p-50
    let unit = 2 * Double(patches.count + 4) * 0x1p-53
    var (sums, errors): ([Double], [Double]) = ([], [])
    var penalty = neurons.weightDecay
    for run in runs(design.rows) {
      guard let enclosure = neurons.enclosure(over: patches.rows(of: design, images: run), .l2) else {
        return nil
      }
      penalty = enclosure.penalty
      sums += pooled(enclosure.predictions)
      errors += pooled(zip(enclosure.predictions, enclosure.errors).map { abs($0) * unit + $1 }).map {
        $0 * slack
      }
    }
    let predictions = withOffsets(sums)
    guard predictions.allSatisfy(\.isFinite) else { return nil }
    // Without neurons predictions are the offsets themselves.
    if neurons.neurons > 0, !offsets.isEmpty {
      for place in errors.indices {
        errors[place] += 0x1p-51 * (abs(sums[place]) + abs(offsets[place % outputs]))
      }
    }
    return Enclosure(
      predictions: predictions, errors: errors, penalty: penalty,
      products: neurons.neurons * (neurons.inputs + neurons.outputs))
  }
}
