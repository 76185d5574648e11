import BidualLinear
import BidualPolars

/// Convolutional ReLU networks with a target for each place of an image, f(x)ₖ = b + Σⱼ αⱼ(uⱼᵀxₖ)₊, under weight decay (PE20, §4.1).
///
/// That is training of two layers with the patches as samples: a problem for it is posed in patches (`TrainingProblem`), and so are its atoms,
/// its penalty and what encloses its predictions.
package struct PlacewiseConvolution: Architecture {
  /// `relu-convolution`: the one without pooling.
  package static let name = ReLUConvolution.name
  /// The patches.
  package let patches: Patches
  /// In words.
  package var networks: String {
    "convolutional ReLU network with any number of \(patches.filter.height)×\(patches.filter.width) filters and outputs for each place"
  }

  private let neurons = TwoLayer()

  /// Networks on the given patches.
  package init(_ patches: Patches) { self.patches = patches }

  /// The patches are the samples of a problem.
  package var samplePatches: Patches? { patches }

  /// Any number, for each place.
  package func allows(outputs: Int) -> Bool { outputs > 0 }

  /// Patches as they have been cut.
  package func check(inputs: Int, samples: Int) throws(DataError) {
    guard inputs == patches.size else {
      throw DataError(.badData, "a patch has \(patches.size) numbers, but a row \(inputs); give images")
    }
  }

  /// The atoms over patches.
  package func atoms(of design: Matrix, outputs: Int) -> any Atoms {
    neurons.atoms(of: design, outputs: outputs)
  }

  /// The same along few directions of the patches.
  package func atoms(of design: Matrix, outputs: Int, rank: Int) -> (any Atoms)? {
    neurons.atoms(of: design, outputs: outputs, rank: rank)
  }

  /// The network without filters.
  package func constant(inputs: Int, outputs: Int, offsets: [Double]) -> any Network {
    neurons.constant(inputs: inputs, outputs: outputs, offsets: offsets)
  }

  /// What β multiplies; infinite for a network of another kind.
  package func penalty(of network: any Network) -> Double {
    self.neurons(of: network)?.weightDecay ?? .infinity
  }

  /// Where predictions of patches and the penalty are in real arithmetic; nil for a network of another kind.
  package func enclosure(of network: any Network, over design: Matrix) -> Enclosure? {
    self.neurons(of: network).flatMap { neurons.enclosure(of: $0, over: design) }
  }

  /// The network of images that a network of patches makes.
  package func wholeNetwork(_ network: any Network) -> any Network {
    self.neurons(of: network).map { PlacewiseConvolutionalNetwork($0, patches: patches) } ?? network
  }

  /// The network of patches that a network of images is made of.
  package func sampleNetwork(_ network: any Network) -> any Network { self.neurons(of: network) ?? network }
}

extension PlacewiseConvolution: RectifiedArchitecture {
  package func network(_ neurons: TwoLayerNetwork) -> any Network { neurons }

  /// The filters of a network of patches or of images; nil for any other.
  package func neurons(of network: any Network) -> TwoLayerNetwork? {
    if let network = network as? PlacewiseConvolutionalNetwork {
      return network.patches == patches ? network.filters : nil
    }
    return neurons.neurons(of: network)
  }

  package var heldNetworks: String { networks }
}
