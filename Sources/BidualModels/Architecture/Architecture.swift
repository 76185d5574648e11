import BidualLinear
import BidualObjectives

/// A kind of network with the choices that define it, such as a norm or gates.
///
/// Training looks for a network of the kind that minimises Σ ωᵢℓ(f(xᵢ), yᵢ) + β·(its penalty). All that is peculiar to a
/// kind is behind this protocol and its `Atoms`: whoever proves, trains or reports asks here, and never by name.
package protocol Architecture: Sendable, Equatable {
  /// The name in files and on the command line.
  static var name: String { get }
  /// How the penalty measures first-layer weights.
  var norm: FirstLayerNorm { get }
  /// The networks of the kind in words, such as "two-layer ReLU network of any width".
  var networks: String { get }

  /// Whether its networks may have so many outputs.
  func allows(outputs: Int) -> Bool

  /// Refuses designs of shapes that its networks can't have for inputs.
  ///
  /// - Throws: `DataError` of kind `badData`.
  func check(inputs: Int, samples: Int) throws(DataError)

  /// The atoms of networks with `outputs` outputs over the rows of a design.
  func atoms(of design: Matrix, outputs: Int) -> any Atoms

  /// The same atoms over the first principal directions of the rows that neurons see, at most `rank`; nil where directions
  /// can't be left out.
  func atoms(of design: Matrix, outputs: Int, rank: Int) -> (any Atoms)?

  /// The network without neurons, which predicts its offsets: one an output, or none.
  func constant(inputs: Int, outputs: Int, offsets: [Double]) -> any Network

  /// The patches of the data's rows that are the samples of a problem, each with targets of its own; nil where the rows are.
  var samplePatches: Patches? { get }

  /// The network of the data's rows that a network of a problem's samples makes.
  func wholeNetwork(_ network: any Network) -> any Network

  /// The network of a problem's samples that one of the data's rows is made of.
  func sampleNetwork(_ network: any Network) -> any Network

  /// What β multiplies, in plain floating point; infinite for a network of another kind.
  func penalty(of network: any Network) -> Double

  /// Where a network's predictions and its penalty are in real arithmetic; nil for one of another kind or one that overflows.
  ///
  /// Certificates rest on it.
  func enclosure(of network: any Network, over design: Matrix) -> Enclosure?
}

extension Architecture {
  /// The Euclidean norm.
  package var norm: FirstLayerNorm { .l2 }

  /// One.
  package func allows(outputs: Int) -> Bool { outputs == 1 }

  /// Any design will do.
  package func check(inputs: Int, samples: Int) throws(DataError) {}

  /// None.
  package func atoms(of design: Matrix, outputs: Int, rank: Int) -> (any Atoms)? { nil }

  /// None: samples are rows.
  package var samplePatches: Patches? { nil }

  /// The network itself.
  package func wholeNetwork(_ network: any Network) -> any Network { network }

  /// The network itself.
  package func sampleNetwork(_ network: any Network) -> any Network { network }

  /// The name in files and on the command line.
  package var name: String { Self.name }

  /// Whether another architecture is the same kind with the same choices.
  package func isEqual(to other: any Architecture) -> Bool { other as? Self == self }
}
