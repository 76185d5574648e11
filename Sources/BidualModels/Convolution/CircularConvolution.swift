import BidualLinear
import BidualPolars

/// Circular linear convolutional networks, f(x) = b + Σⱼ xᵀUⱼαⱼ with the circulant matrix Uⱼ of a real filter uⱼ as long as the input,
/// under β/2 Σⱼ(‖uⱼ‖² + ‖αⱼ‖²) (PE20, eq. 13 and 14).
///
/// Their predictions are Xz + b, and the gauge of z is 1/d times the ℓ₁ norm of its Fourier transform Σₜ zₜe^{−2πikt/d}. In terms of the unitary
/// transform β has the weight 1/√d, which the paper leaves out. As z is real, a frequency and its mirror are one group.
package struct CircularConvolution: Architecture {
  /// `circular-convolution`.
  package static let name = "circular-convolution"
  /// In words.
  package var networks: String { "circular linear convolutional network with any number of filters" }

  /// Networks on signals, whatever their length.
  package init() {}

  /// Signals whose waves fit into memory.
  package func check(inputs: Int, samples: Int) throws(DataError) {
    let bytes = 8 * Double(inputs) * Double(inputs + 2 * samples + 2)
    guard PhysicalMemory.holds(bytes) else {
      throw DataError(
        .badData,
        "circular convolutions of length \(inputs) take \(PhysicalMemory.text(bytes)), more than this machine's memory; give shorter signals"
      )
    }
  }

  /// The atoms over the rows of a design.
  package func atoms(of design: Matrix, outputs: Int) -> any Atoms {
    CircularConvolutionAtoms(geometry: Geometry(design, keepsAxes: true))
  }

  /// The network without filters.
  package func constant(inputs: Int, outputs: Int, offsets: [Double]) -> any Network {
    CircularConvolutionalNetwork(
      .zero(inputs: inputs, outputs: inputs, activation: .linear), offsets: offsets)
  }

  /// What β multiplies; infinite for a network of another kind.
  package func penalty(of network: any Network) -> Double {
    (network as? CircularConvolutionalNetwork)?.filters.weightDecay ?? .infinity
  }

  /// Where predictions and penalty are in real arithmetic; nil for a network of another kind.
  package func enclosure(of network: any Network, over design: Matrix) -> Enclosure? {
    (network as? CircularConvolutionalNetwork)?.enclosure(over: design)
  }
}
