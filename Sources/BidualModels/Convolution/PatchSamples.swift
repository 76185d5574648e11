import BidualLinear

/// Images with targets for each of their patches as samples of their own.
struct PatchSamples {
  /// The patches, one a row.
  let design: Matrix
  /// The number of targets of a patch; those of an image stand patch after patch, so that their order is that of the patches.
  let outputs: Int
  /// The weight of each patch, that of its image.
  let weights: [Double]

  /// The samples that images are cut into.
  ///
  /// - Throws: `DataError` of kind `badData` for images of another shape and for targets that are not so many for each patch.
  init(_ patches: Patches, design: Matrix, outputs: Int, weights: [Double]) throws(DataError) {
    try patches.check(inputs: design.columns, samples: design.rows)
    guard outputs.isMultiple(of: patches.count) else {
      throw DataError(
        .badData,
        "an image has \(outputs) targets for \(patches.count) places of the filter (\(patches.places.height) down, \(patches.places.width) across); give as many for each place, those of a place together and places row after row"
      )
    }
    self.design = patches.rows(of: design, images: 0..<design.rows)
    self.outputs = outputs / patches.count
    self.weights = weights.flatMap { Array(repeating: $0, count: patches.count) }
  }
}
