import BidualArrangements
import BidualLinear
import BidualPolars

/// Linear convolutional networks with a head for each place, f(x) = b + Σⱼ Σₖ αⱼₖ uⱼᵀxₖ, under β/2 Σⱼ(‖uⱼ‖² + ‖αⱼ‖²) (PE20, eq. 11
/// and 12; with c outputs eq. 19).
///
/// Their atoms are Σₖ Xₖu·aₖᵀ with ‖u‖ ≤ 1 and ‖a‖ ≤ 1, a of Kc numbers, whose gauge is the nuclear norm of [Z₁ … Z_K] in Σₖ XₖZₖ.
package struct LinearConvolution: Architecture {
  /// `linear-convolution`.
  package static let name = "linear-convolution"
  /// The patches.
  package let patches: Patches
  /// In words.
  package var networks: String {
    "linear convolutional network with any number of \(patches.filter.height)×\(patches.filter.width) filters"
  }

  /// Networks on the given patches.
  package init(_ patches: Patches) { self.patches = patches }

  /// Any number.
  package func allows(outputs: Int) -> Bool { outputs > 0 }

  /// Images of the patches' shape.
  package func check(inputs: Int, samples: Int) throws(DataError) {
    try patches.check(inputs: inputs, samples: samples, outputs: patches.count)
  }

  /// The atoms over the rows of a design.
  package func atoms(of design: Matrix, outputs: Int) -> any Atoms {
    LinearConvolutionAtoms(
      geometry: Geometry(patches.rows(of: design, images: 0..<design.rows)), convolution: self,
      outputs: outputs)
  }

  /// The same along few directions of the patches.
  package func atoms(of design: Matrix, outputs: Int, rank: Int) -> (any Atoms)? {
    LinearConvolutionAtoms(
      geometry: Geometry(patches.rows(of: design, images: 0..<design.rows), rank: rank), convolution: self,
      outputs: outputs)
  }

  /// The network without filters.
  package func constant(inputs: Int, outputs: Int, offsets: [Double]) -> any Network {
    LinearConvolutionalNetwork(
      .zero(inputs: patches.size, outputs: patches.count * outputs, activation: .linear), patches: patches,
      offsets: offsets)
  }

  /// What β multiplies; infinite for a network of another kind.
  package func penalty(of network: any Network) -> Double { own(network)?.filters.weightDecay ?? .infinity }

  /// Where predictions and penalty are in real arithmetic; nil for a network of another kind.
  package func enclosure(of network: any Network, over design: Matrix) -> Enclosure? {
    own(network)?.enclosure(over: design)
  }

  /// A network of this shape; nil for any other.
  private func own(_ network: any Network) -> LinearConvolutionalNetwork? {
    guard let network = network as? LinearConvolutionalNetwork, network.patches == patches else {
      return nil
    }
    return network
  }
}

/// The atoms Σₖ Xₖu·aₖᵀ with ‖u‖ ≤ 1 and ‖a‖ ≤ 1 over the patches of images.
///
/// An entry of output l changes by no more than Σₖ|aₖₗ|‖xₖ − x′ₖ‖, less than the sum over the rows that pooling charges for.
package struct LinearConvolutionAtoms: Atoms {
  package let geometry: Geometry
  /// The architecture.
  package let convolution: LinearConvolution
  /// The number c of outputs.
  package let outputs: Int
  package var pooling: RowPooling { RowPooling(rows: convolution.patches.count, averages: false) }

  package func oracle(threads: Int) -> any PolarOracle {
    let rows = geometry.design.rows
    let open = PatternSet(rows: [Array(repeating: true, count: rows)], samples: rows)
    return PlacewisePolar(
      VectorPatternPolar(geometry.coordinates, patterns: open, outputs: pooling.rows * outputs),
      pooling: pooling, outputs: outputs)
  }
}
