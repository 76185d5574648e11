import BidualModels

/// Atoms that the rays of the data's arrangement stand for: all that matter, or some close to each.
package protocol RayAtoms: NeuronAtoms {
  /// Whether an optimal network can be made of rays alone.
  var raysSuffice: Bool { get }
}
