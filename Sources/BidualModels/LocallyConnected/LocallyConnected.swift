import BidualLinear
import BidualPolars

/// Networks with filters and output weights of their own at each place of an image, f(x) = b + Σₖ Σⱼ αₖⱼ(uₖⱼᵀxₖ)₊ over its patches xₖ,
/// under weight decay.
///
/// Their atoms are those of two layers on the patches X₁, …, X_K of each place, all of them together: (Xₖu)₊ with ‖u‖ ≤ 1. So κ(V) is the
/// largest of the K polars.
package struct LocallyConnected: Architecture {
  /// `locally-connected`.
  package static let name = "locally-connected"
  /// The patches.
  package let patches: Patches
  /// In words.
  package var networks: String {
    "network with any number of \(patches.filter.height)×\(patches.filter.width) filters at each place"
  }

  /// Networks on the given patches.
  package init(_ patches: Patches) { self.patches = patches }

  /// Images of the patches' shape.
  package func check(inputs: Int, samples: Int) throws(DataError) {
    try patches.check(inputs: inputs, samples: samples)
  }

  /// The atoms over the rows of a design.
  package func atoms(of design: Matrix, outputs: Int) -> any Atoms {
    LocallyConnectedAtoms(
      Geometry(patches.rows(of: design, images: 0..<design.rows)), architecture: self)
  }

  /// The network without filters.
  package func constant(inputs: Int, outputs: Int, offsets: [Double]) -> any Network {
    LocallyConnectedNetwork(
      .zero(inputs: patches.size, outputs: outputs, offsets: offsets), places: [], patches: patches)
  }

  /// What β multiplies; infinite for a network of another kind.
  package func penalty(of network: any Network) -> Double { own(network)?.filters.weightDecay ?? .infinity }

  /// Where predictions and penalty are in real arithmetic; nil for a network of another kind.
  package func enclosure(of network: any Network, over design: Matrix) -> Enclosure? {
    own(network)?.enclosure(over: design)
  }

  /// A network of this shape; nil for any other.
  package func own(_ network: any Network) -> LocallyConnectedNetwork? {
    guard let network = network as? LocallyConnectedNetwork, network.patches == patches else { return nil }
    return network
  }
}

/// The atoms (Xₖu)₊ with ‖u‖ ≤ 1 over the patches Xₖ of each place.
///
/// An entry changes by no more than the patch of its own place does, less than the sum over all that pooling charges for.
package struct LocallyConnectedAtoms: Atoms {
  /// The geometry of all patches: coordinates are the same for all places.
  package let geometry: Geometry
  /// The architecture.
  package let architecture: LocallyConnected
  /// The atoms of each place, in the coordinates of all patches.
  package let places: [ReLUAtoms]
  package var pooling: RowPooling { RowPooling(rows: architecture.patches.count, averages: false) }

  /// The atoms over patches.
  init(_ geometry: Geometry, architecture: LocallyConnected) {
    let (count, rows) = (architecture.patches.count, geometry.coordinates)
    self.geometry = geometry
    self.architecture = architecture
    places = (0..<count).map { place in
      ReLUAtoms(
        Geometry(
          rows.selectingRows(stride(from: place, to: rows.rows, by: count).map(\.self)), keepsAxes: true))
    }
  }

  package func oracle(threads: Int) -> any PolarOracle {
    LargestPolar(places.map { $0.oracle(threads: threads) })
  }
}
