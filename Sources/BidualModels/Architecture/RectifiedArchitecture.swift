import BidualLinear

/// Architectures whose networks are two-layer ReLU networks of the rows that neurons see, pooled over those of a sample.
package protocol RectifiedArchitecture: Architecture {
  /// The network of neurons over rows.
  func network(_ neurons: TwoLayerNetwork) -> any Network
  /// The neurons of a network of the kind; nil for any other.
  func neurons(of network: any Network) -> TwoLayerNetwork?
}
