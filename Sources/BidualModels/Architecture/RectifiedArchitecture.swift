import BidualLinear

/// Architectures whose networks are two-layer ReLU networks of the rows that neurons see, pooled over those of a sample.
package protocol RectifiedArchitecture: Architecture {
  /// The network of neurons over rows.
  func network(_ neurons: TwoLayerNetwork) -> any Network
  /// The neurons of a network of the kind; nil for any other.
  func neurons(of network: any Network) -> TwoLayerNetwork?
  /// In words, where neurons keep to given patterns.
  var heldNetworks: String { get }
}

extension Architecture {
  /// The first-layer weights of a network's neurons, one a row, whose activation patterns over the rows that neurons see may be given
  /// to others; nil for networks without such neurons.
  package func gates(of network: any Network) -> Matrix? {
    ((self as? any RectifiedArchitecture)?.neurons(of: network) ?? network.twoLayer)?.hidden
  }
}
