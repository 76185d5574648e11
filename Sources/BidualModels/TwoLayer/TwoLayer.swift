import BidualArrangements
import BidualLinear
import BidualObjectives
import BidualPolars

/// Two-layer ReLU networks, f(x) = b + Σⱼ αⱼ(uⱼᵀx)₊, under weight decay (PE20; with several outputs SEPP21) or with
/// β Σⱼ‖uⱼ‖₁|αⱼ| (W25, Theorem 3.1).
public struct TwoLayer: Architecture {
  /// `two-layer`.
  public static let name = "two-layer"
  /// How the penalty measures first-layer weights.
  public let norm: FirstLayerNorm
  /// In words.
  public var networks: String { "two-layer ReLU network of any width" }

  /// Networks whose penalty measures first-layer weights by `norm`.
  public init(_ norm: FirstLayerNorm = .l2) { self.norm = norm }

  /// Any number under weight decay.
  public func allows(outputs: Int) -> Bool { outputs == 1 || (outputs > 1 && norm == .l2) }

  /// The atoms over the rows of a design.
  public func atoms(of design: Matrix, outputs: Int) -> any Atoms {
    guard outputs == 1 else { return VectorReLUAtoms(Geometry(design), outputs: outputs, of: self) }
    return switch norm {
    case .l2: ReLUAtoms(Geometry(design))
    case .l1: SparseReLUAtoms(Geometry(design, keepsAxes: true))
    }
  }

  /// The network without neurons.
  public func constant(inputs: Int, outputs: Int, offsets: [Double]) -> any Network {
    TwoLayerNetwork.zero(inputs: inputs, outputs: outputs, offsets: offsets)
  }

  /// What β multiplies; infinite for a network of another kind.
  public func penalty(of network: any Network) -> Double {
    TwoLayerNetwork(network, .relu)?.penalty(norm) ?? .infinity
  }

  /// Where predictions and penalty are in real arithmetic; nil for a network of another kind.
  public func enclosure(of network: any Network, over design: Matrix) -> Enclosure? {
    TwoLayerNetwork(network, .relu)?.enclosure(over: design, norm)
  }
}

extension TwoLayer: RectifiedArchitecture {
  package func network(_ neurons: TwoLayerNetwork) -> any Network { neurons }

  package func neurons(of network: any Network) -> TwoLayerNetwork? { TwoLayerNetwork(network, .relu) }
}

/// The atoms (Xu)₊ with ‖u‖ ≤ 1.
package struct ReLUAtoms: RestrictableAtoms {
  package let geometry: Geometry

  /// The atoms over the rows of a design.
  package init(_ geometry: Geometry) { self.geometry = geometry }

  package func oracle(threads: Int) -> any PolarOracle { TwoLayerPolar(geometry, threads: threads) }

  package func oracle(restrictedTo restriction: PatternRestriction) -> any PolarOracle {
    PatternPolar(geometry.design, restriction: restriction)
  }

  package func keeps(_ network: any Network, to patterns: PatternSet, tolerance: Double) -> Bool {
    guard let network = TwoLayerNetwork(network, .relu) else { return false }
    let design = geometry.design
    let lengths = design.rowNorms
    return network.output.indices.allSatisfy { j in
      // The neuron's direction alone matters: scaled, its length neither vanishes nor overflows.
      let largest = network.hidden.row(j).reduce(0) { max($0, abs($1)) }
      guard network.output[j] != 0, largest > 0 else { return true }
      let neuron = network.hidden.row(j).map { $0 / largest }
      let length = BidualLinear.norm(neuron)
      let heights = design.times(neuron)
      // Samples that are clearly on one side of the neuron's hyperplane.
      let decided = heights.indices.filter { !(abs(heights[$0]) <= tolerance * length * lengths[$0]) }
      return (0..<patterns.count).contains { pattern in
        decided.allSatisfy { patterns.isActive(pattern: pattern, sample: $0) == (heights[$0] > 0) }
      }
    }
  }
}

/// The atoms (Xu)₊ with ‖u‖₁ ≤ 1.
package struct SparseReLUAtoms: Atoms {
  package let geometry: Geometry

  /// The atoms over the rows of a design, whose geometry keeps its axes.
  package init(_ geometry: Geometry) { self.geometry = geometry }

  package func oracle(threads: Int) -> any PolarOracle {
    SphericalBranchAndBound(geometry, norm: .l1, threads: threads)
  }
}
