import BidualArrangements
import BidualPolars

/// The atoms of an architecture over a design: what a proof has to know of them.
///
/// An architecture's networks predict Σ ± c·(atom) with c ≥ 0, and their penalty is Σ c; so κ(V), the largest value
/// that an atom takes against V, decides what a dual point proves.
///
/// An atom's entry for a sample may change by no more than the sample's row does, as those of ReLUs and absolute values do: so
/// certificates charge for what the reduction to the row space hides.
public protocol Atoms: Sendable {
  /// The design's geometry.
  var geometry: Geometry { get }
  /// How many given patterns all networks of the kind keep to, such as gates; nil where there are none, and bounds hold over
  /// all networks of the architecture.
  var givenPatterns: Int? { get }
  /// What bounds κ(V), in the coordinates of the geometry's row space, on so many threads.
  func oracle(threads: Int) -> any PolarOracle
}

extension Atoms {
  /// None.
  public var givenPatterns: Int? { nil }
}

/// Atoms whose networks may be held to activation patterns.
public protocol RestrictableAtoms: Atoms {
  /// What bounds κ(V) over the patterns of a restriction, in the design's features.
  func oracle(restrictedTo restriction: PatternRestriction) -> any PolarOracle
  /// Whether each neuron keeps to one of the patterns, but for `tolerance` of ‖u‖‖xᵢ‖.
  func keeps(_ network: any Network, to patterns: PatternSet, tolerance: Double) -> Bool
}
