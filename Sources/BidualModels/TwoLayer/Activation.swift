import BidualLinear

/// What the neurons of a two-layer network do to uᵀx.
public enum Activation: Sendable, Equatable {
  /// (uᵀx)₊: the two-layer ReLU network.
  case relu
  /// uᵀx where a given gate g has gᵀx > 0, else 0: the gated ReLU network (MSP22).
  case gated(Gates)
  /// uᵀx: the linear network.
  case linear

  /// The activation of a network of the kind that has no neurons.
  public var withoutNeurons: Activation {
    if case .gated(let gates) = self { .gated(Gates(vectors: gates.vectors)) } else { self }
  }
}

/// The gates of a gated ReLU network: fixed vectors that open and close neurons.
public struct Gates: Sendable, Equatable {
  /// The gate vectors, P×d, in the inputs' coordinates.
  public let vectors: Matrix
  /// The gate of each neuron, as a row of `vectors`; empty where the gates stand for a choice.
  public let owner: [Int]

  /// Gates from their vectors, and the gate of each neuron.
  public init(vectors: Matrix, owner: [Int] = []) {
    precondition(owner.allSatisfy { (0..<vectors.rows).contains($0) })
    self.vectors = vectors
    self.owner = owner
  }

  /// The number P of gates.
  public var count: Int { vectors.rows }

  /// Whether each gate is open at an input: gᵀx > 0, summed in the order of the inputs, so that a borderline
  /// case is decided alike wherever it is met.
  public func areOpen(_ input: ArraySlice<Double>) -> [Bool] {
    (0..<count).map { p in
      var height = 0.0
      for (g, x) in zip(vectors.row(p), input) { height += g * x }
      return height > 0
    }
  }

  /// The activation pattern of each gate over the rows of `design`.
  ///
  /// - Complexity: O(nPd).
  public func patterns(over design: Matrix) -> [[Bool]] {
    let open = (0..<design.rows).map { areOpen(design.row($0)) }
    return (0..<count).map { p in open.map { $0[p] } }
  }
}
