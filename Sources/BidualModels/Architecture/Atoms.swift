import BidualLinear
import BidualArrangements
import BidualPolars

/// The atoms of an architecture over a design: what a proof has to know of them.
///
/// An architecture's networks predict Σ ± c·(atom) with c ≥ 0, and their penalty is Σ c; so κ(V), the largest value
/// that an atom takes against V, decides what a dual point proves.
///
/// An atom's entry for a row may change by no more than the row does, as those of ReLUs and absolute values do, and entries of
/// samples are pooled from those of rows: so certificates charge for what the reduction to the row space hides.
package protocol Atoms: Sendable {
  /// The geometry of the rows that neurons see: those of the design, or several for each of its samples, such as the patches of
  /// an image.
  var geometry: Geometry { get }
  /// How a sample's entry comes from those of its rows.
  var pooling: RowPooling { get }
  /// How many given patterns all networks of the kind keep to, such as gates; nil where there are none, and bounds hold over
  /// all networks of the architecture.
  var givenPatterns: Int? { get }
  /// What bounds κ(V), in the coordinates of the geometry's row space, on so many threads.
  func oracle(threads: Int) -> any PolarOracle
}

extension Atoms {
  /// One row a sample.
  package var pooling: RowPooling { .none }
  /// For each sample an upper bound of how far an atom's entry may be from the one in the coordinates of the row space.
  package var deviation: [Double] { pooling.deviation(geometry.rowSpace.deviation) }
  /// For each sample, and for all of them as a matrix, how far an atom's entry may be from that of neurons along the row space, for a
  /// unit of what is across it; nil where the row space is whole.
  package var truncation: Truncation? { geometry.rowSpace.truncation.map(pooling.truncation) }
  /// The number of samples.
  package var samples: Int { geometry.design.rows / pooling.rows }
  /// None.
  package var givenPatterns: Int? { nil }
}

/// Atoms whose networks may be held to activation patterns.
package protocol RestrictableAtoms: Atoms {
  /// What bounds κ(V) over the patterns of a restriction, in the design's features, on so many threads.
  func oracle(restrictedTo restriction: PatternRestriction, threads: Int) -> any PolarOracle
  /// Whether each neuron keeps to one of the patterns, but for `tolerance` of ‖u‖‖xᵢ‖.
  func keeps(_ network: any Network, to patterns: PatternSet, tolerance: Double) -> Bool
}
