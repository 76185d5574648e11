import BidualLinear
import BidualModels

/// Atoms whose networks can be moved by slopes of all their weights.
package protocol DescentAtoms: NeuronAtoms {
  /// The weights of a network of parts in balance, in the coordinates of the parts.
  func parameters(of parts: [Part], offsets: [Double]) -> NetworkParameters

  /// The parts of a network.
  func parts(of parameters: NetworkParameters) -> [Part]

  /// The network of weights in the coordinates of a design, in balance, without what is zero on its rows.
  func balanced(_ parameters: NetworkParameters, on design: Matrix) -> any Network
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

  package func balanced(_ parameters: NetworkParameters, on design: Matrix) -> any Network {
    parameters.network.balanced(on: design)
  }
}

extension SubnetworkAtoms: DescentAtoms {
  package func parameters(of parts: [Part], offsets: [Double]) -> NetworkParameters {
    let inputs = (parts.first?.vector.count ?? 0) / width
    return NetworkParameters(parts, units: width, inputs: inputs, offsets: offsets)
  }

  package func parts(of parameters: NetworkParameters) -> [Part] { parameters.subnetworkParts(units: width) }

  package func balanced(_ parameters: NetworkParameters, on design: Matrix) -> any Network {
    ThreeLayerNetwork(
      parts(of: parameters), space: RowSpace(unreduced: design), width: width,
      offset: parameters.offsets.first)
  }
}
