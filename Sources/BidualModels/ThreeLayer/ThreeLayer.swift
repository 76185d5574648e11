import BidualLinear
import BidualPolars

/// Parallel three-layer ReLU networks with m₁ units in the first layer of each sub-network (EP21),
/// f(x) = b + Σₖ γₖ(Σⱼ αₖⱼ(uₖⱼᵀx)₊)₊ with ‖W₁ₖ‖ ≤ 1, under β/2 Σₖ(‖αₖ‖² + γₖ²).
///
/// By the rescaling of each unit that is a gauge of the atoms (Σⱼ sⱼ(Xwⱼ)₊)₊ with signs sⱼ and Σⱼ‖wⱼ‖ ≤ 1: for
/// wⱼ = |αⱼ|uⱼ, Σ‖wⱼ‖ ≤ ‖α‖‖W₁‖, with equality where |αⱼ| is proportional to ‖uⱼ‖.
///
/// With c outputs γₖ is a vector and counts ‖γₖ‖²; atoms are (Σⱼ sⱼ(Xwⱼ)₊)₊gᵀ with ‖g‖ ≤ 1.
///
/// A bound s of ‖W₁‖ other than 1 is the same problem with β/s (EP21, Remark 2): a network's second layer times s stands
/// for a first layer of length s.
package struct ThreeLayer: Architecture {
  /// `three-layer`.
  package static let name = "three-layer"
  /// The number m₁ of units of a sub-network.
  package let width: Int
  /// In words.
  package var networks: String { "three-layer ReLU network of any number of sub-networks of width \(width)" }

  /// Networks whose sub-networks have so many units.
  package init(width: Int) {
    precondition(width > 0)
    self.width = width
  }

  /// Any number.
  package func allows(outputs: Int) -> Bool { outputs > 0 }

  /// The atoms over the rows of a design.
  package func atoms(of design: Matrix, outputs: Int) -> any Atoms {
    atoms(Geometry(design), outputs: outputs)
  }

  /// The same along few directions.
  package func atoms(of design: Matrix, outputs: Int, rank: Int) -> (any Atoms)? {
    atoms(Geometry(design, rank: rank), outputs: outputs)
  }

  private func atoms(_ geometry: Geometry, outputs: Int) -> any Atoms {
    outputs == 1
      ? SubnetworkAtoms(geometry, width: width)
      : VectorSubnetworkAtoms(geometry, width: width, outputs: outputs)
  }

  /// The network without sub-networks.
  package func constant(inputs: Int, outputs: Int, offsets: [Double]) -> any Network {
    ThreeLayerNetwork(
      hidden: Matrix(rows: 0, columns: inputs), inner: [], output: [], width: width, outputs: outputs,
      offsets: offsets)
  }

  /// What β multiplies; infinite for a network of another kind.
  package func penalty(of network: any Network) -> Double { own(network)?.weightDecay ?? .infinity }

  /// Where predictions and penalty are in real arithmetic; nil for a network of another kind.
  package func enclosure(of network: any Network, over design: Matrix) -> Enclosure? {
    own(network)?.enclosure(over: design)
  }

  /// A network of sub-networks that are not wider, which units of weight 0 widen.
  private func own(_ network: any Network) -> ThreeLayerNetwork? {
    guard let network = network as? ThreeLayerNetwork, network.width <= width else { return nil }
    return network
  }
}

/// Atoms that are sub-networks of m₁ units.
package protocol ParallelAtoms: Atoms {
  /// m₁.
  var width: Int { get }
}

extension Atoms {
  /// How many units a sub-network has; nil for atoms that are neurons.
  package var subnetworkUnits: Int? { (self as? any ParallelAtoms)?.width }
}

/// The atoms (Σⱼ sⱼ(Xwⱼ)₊)₊ with signs sⱼ and Σⱼ‖wⱼ‖ ≤ 1, j ≤ m₁.
///
/// They come in families by the number of units that add, which are the first ones.
package struct SubnetworkAtoms: ParallelAtoms {
  package let geometry: Geometry
  /// m₁.
  package let width: Int

  /// The atoms over the rows of a design.
  package init(_ geometry: Geometry, width: Int) {
    self.geometry = geometry
    self.width = width
  }

  /// The families, each by the number of its units that add.
  package var families: ClosedRange<Int> { SubnetworkSigns.families(width: width) }

  package func oracle(threads: Int) -> any PolarOracle {
    SubnetworkPolar(geometry, width: width, threads: threads)
  }
}
