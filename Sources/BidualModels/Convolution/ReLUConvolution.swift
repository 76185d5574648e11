import BidualArrangements
import BidualLinear
import BidualPolars

/// Convolutional ReLU networks of one layer with sum or average pooling, f(x) = b + Σⱼ αⱼ Σₖ(uⱼᵀxₖ)₊ over the patches xₖ of an
/// image, under weight decay (PE20, §4; SEPP21, eq. 6 and 50).
///
/// With M the patches of all images, one a row, and S the pooling, the atoms are S(Mu)₊ with ‖u‖ ≤ 1: those of two layers on M, pooled.
/// So κ(V) is the two-layer polar of SᵀV on M.
package struct ReLUConvolution: Architecture {
  /// `relu-convolution`.
  package static let name = "relu-convolution"
  /// The patches.
  package let patches: Patches
  /// Whether the mean over the patches is taken, not the sum.
  package let averages: Bool
  /// In words.
  package var networks: String {
    "convolutional ReLU network with any number of \(patches.filter.height)×\(patches.filter.width) filters and \(averages ? "average" : "sum") pooling"
  }

  /// Networks on the given patches.
  package init(_ patches: Patches, averages: Bool = false) {
    self.patches = patches
    self.averages = averages
  }

  /// Any number.
  package func allows(outputs: Int) -> Bool { outputs > 0 }

  /// Images of the patches' shape.
  package func check(inputs: Int, samples: Int) throws(DataError) {
    try patches.check(inputs: inputs, samples: samples)
  }

  /// The atoms over the rows of a design.
  package func atoms(of design: Matrix, outputs: Int) -> any Atoms {
    atoms(Geometry(patches.rows(of: design, images: 0..<design.rows)), outputs: outputs)
  }

  /// The same along few directions of the patches (SEPP21, §2).
  package func atoms(of design: Matrix, outputs: Int, rank: Int) -> (any Atoms)? {
    atoms(Geometry(patches.rows(of: design, images: 0..<design.rows), rank: rank), outputs: outputs)
  }

  private func atoms(_ geometry: Geometry, outputs: Int) -> any Atoms {
    outputs == 1
      ? ConvolutionAtoms(ReLUAtoms(geometry), of: self)
      : VectorReLUAtoms(geometry, outputs: outputs, pooling: pooling, of: self)
  }

  /// The network without filters.
  package func constant(inputs: Int, outputs: Int, offsets: [Double]) -> any Network {
    convolutional(.zero(inputs: patches.size, outputs: outputs, offsets: offsets))
  }

  /// The pooling of the patches' responses.
  var pooling: RowPooling { RowPooling(rows: patches.count, averages: averages) }

  /// The network of filters, which are a two-layer network of patches.
  private func convolutional(_ filters: TwoLayerNetwork) -> ConvolutionalNetwork {
    ConvolutionalNetwork(filters, patches: patches, averages: averages)
  }

  /// What β multiplies; infinite for a network of another kind.
  package func penalty(of network: any Network) -> Double { neurons(of: network)?.weightDecay ?? .infinity }

  /// Where predictions and penalty are in real arithmetic; nil for a network of another kind.
  package func enclosure(of network: any Network, over design: Matrix) -> Enclosure? {
    neurons(of: network).flatMap { convolutional($0).enclosure(over: design) }
  }
}

extension ReLUConvolution: RectifiedArchitecture {
  package func network(_ filters: TwoLayerNetwork) -> any Network { convolutional(filters) }

  /// The filters of a network of this shape; nil for any other.
  package func neurons(of network: any Network) -> TwoLayerNetwork? {
    guard let network = network as? ConvolutionalNetwork, network.patches == patches,
      network.averages == averages
    else { return nil }
    return network.filters
  }

  package var heldNetworks: String { networks }
}

/// The atoms S(Mu)₊ with ‖u‖ ≤ 1 over the patches M of images.
package struct ConvolutionAtoms: RestrictableAtoms {
  /// Those of the patches, (Mu)₊.
  package let neurons: ReLUAtoms
  /// The architecture.
  package let convolution: ReLUConvolution
  package var geometry: Geometry { neurons.geometry }
  package var pooling: RowPooling { convolution.pooling }

  /// The atoms of an architecture from those of its patches.
  package init(_ neurons: ReLUAtoms, of convolution: ReLUConvolution) {
    self.neurons = neurons
    self.convolution = convolution
  }

  package func oracle(threads: Int) -> any PolarOracle {
    PooledPolar(neurons.oracle(threads: threads), pooling: pooling)
  }

  /// Patterns are of the patches, and so are the rows of their cones.
  package func oracle(restrictedTo restriction: PatternRestriction, threads: Int) -> any PolarOracle {
    PooledPolar(
      neurons.oracle(restrictedTo: pooling.unpooled(restriction), threads: threads), pooling: pooling)
  }

  package func keeps(_ network: any Network, to patterns: PatternSet, tolerance: Double) -> Bool {
    convolution.neurons(of: network)?.keeps(to: patterns, over: geometry.design, tolerance: tolerance)
      ?? false
  }
}
