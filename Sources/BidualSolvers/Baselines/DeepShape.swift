/// The shape of a parallel network of L layers: K sub-networks, each of L − 2 hidden layers of m units, one more of a single unit,
/// and a number (EP21, eq. 1).
///
/// Weights lie in one array, a sub-network after the other: its layers from the first on, each a matrix of a row a unit, then its
/// number; the output offset, if there is one, comes last.
package struct DeepShape: Sendable, Equatable {
  /// The number d of inputs.
  package let inputs: Int
  /// The number L of layers, at least two.
  package let depth: Int
  /// The number m of units of a hidden layer that isn't the last.
  package let width: Int
  /// The number K of sub-networks.
  package let subnetworks: Int
  /// Whether there is an output offset, which no penalty holds.
  package let hasOffset: Bool

  /// A shape from its numbers.
  package init(inputs: Int, depth: Int, width: Int, subnetworks: Int, hasOffset: Bool) {
    precondition(inputs >= 0 && depth >= 2 && width > 0 && subnetworks >= 0)
    self.inputs = inputs
    self.depth = depth
    self.width = width
    self.subnetworks = subnetworks
    self.hasOffset = hasOffset
  }

  /// The same with another number of sub-networks.
  func with(subnetworks: Int) -> DeepShape {
    DeepShape(inputs: inputs, depth: depth, width: width, subnetworks: subnetworks, hasOffset: hasOffset)
  }

  /// The number of weights.
  package var count: Int { subnetworks * size + (hasOffset ? 1 : 0) }

  /// The number of weights of a sub-network.
  var size: Int { place(ofLayer: depth - 1).upperBound + 1 }

  /// The hidden layers, counted from 1.
  var layers: Range<Int> { 1..<depth }

  /// How many units a layer has; layer 0 are the inputs.
  func units(ofLayer layer: Int) -> Int {
    if layer == 0 { return inputs }
    return layer == depth - 1 ? 1 : width
  }

  /// Where the weights of a hidden layer are.
  func place(ofLayer layer: Int, subnetwork: Int) -> Range<Int> {
    let (place, first) = (place(ofLayer: layer), subnetwork * size)
    return (first + place.lowerBound)..<(first + place.upperBound)
  }

  /// Where the number γ of a sub-network is.
  func head(_ subnetwork: Int) -> Int { (subnetwork + 1) * size - 1 }

  private func place(ofLayer layer: Int) -> Range<Int> {
    let before = (1..<layer).reduce(0) { $0 + units(ofLayer: $1) * units(ofLayer: $1 - 1) }
    return before..<(before + units(ofLayer: layer) * units(ofLayer: layer - 1))
  }
}
