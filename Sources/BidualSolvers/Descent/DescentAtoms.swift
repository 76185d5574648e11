import BidualLinear
import BidualModels

/// Atoms of networks whose weights in descent have a balanced form.
package protocol BalancedAtoms: Atoms {
  /// The network of weights in the coordinates of the rows that neurons see, in balance, without what is zero on them.
  func balanced(_ parameters: NetworkParameters, on rows: Matrix) -> any Network
}

/// Atoms of neurons that see one of the K rows of each sample, which gradient methods take in turn: neuron j sees row j mod K.
package protocol PlacedAtoms: BalancedAtoms {}

/// Atoms whose networks can be moved by slopes of all their weights.
package protocol DescentAtoms: NeuronAtoms, BalancedAtoms {
  /// The weights of a network of parts in balance, in the coordinates of the parts.
  func parameters(of parts: [Part], offsets: [Double]) -> NetworkParameters

  /// The parts of a network.
  func parts(of parameters: NetworkParameters) -> [Part]
}

extension ReLUAtoms: DescentAtoms {
  package func parameters(of parts: [Part], offsets: [Double]) -> NetworkParameters {
    let lengths = parts.map { BidualLinear.norm($0.vector).squareRoot() }
    return NetworkParameters(
      TwoLayerNetwork(
        hidden: Matrix(zip(parts, lengths).map { part, length in part.vector.map { $0 / length } }),
        output: zip(parts, lengths).map { $0.sign * $1 }, outputs: 1, offsets: offsets))
  }

  package func parts(of parameters: NetworkParameters) -> [Part] { parameters.network.parts }

  package func balanced(_ parameters: NetworkParameters, on rows: Matrix) -> any Network {
    parameters.network.balanced(on: rows)
  }
}

extension SubnetworkAtoms: DescentAtoms {
  package func parameters(of parts: [Part], offsets: [Double]) -> NetworkParameters {
    let inputs = (parts.first?.vector.count ?? 0) / width
    return NetworkParameters(parts, units: width, inputs: inputs, offsets: offsets)
  }

  package func parts(of parameters: NetworkParameters) -> [Part] { parameters.subnetworkParts(units: width) }

  package func balanced(_ parameters: NetworkParameters, on rows: Matrix) -> any Network {
    ThreeLayerNetwork(
      parts(of: parameters), space: RowSpace(unreduced: rows), width: width,
      offset: parameters.offsets.first)
  }
}
