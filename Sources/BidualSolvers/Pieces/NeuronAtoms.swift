import BidualLinear
import BidualModels
import BidualObjectives

/// Atoms of networks that are sums of neurons, each a part of some length: what convex programs need to know of an
/// architecture.
package protocol NeuronAtoms: PricedAtoms {
  /// How the penalty measures a part's vector.
  var norm: FirstLayerNorm { get }

  /// φ(Xv) for the vectors v given as rows in the coordinates of the row space: one a column, n×m.
  ///
  /// φ(Xcv) = cφ(Xv) for c ≥ 0.
  func responses(to vectors: Matrix) -> Matrix

  /// The network of the parts, each a neuron in balance; those of length 0 are left out.
  func network(of parts: [Part], offset: Double?) -> any Network
}

extension NeuronAtoms {
  /// The predictions of a network of the parts.
  ///
  /// - Complexity: O(nmr).
  func predictions(of parts: [Part], offset: Double) -> [Double] {
    guard !parts.isEmpty else { return Array(repeating: offset, count: geometry.design.rows) }
    let sums = responses(to: Matrix(parts.map(\.vector))).times(parts.map(\.sign))
    return offset == 0 ? sums : sums.map { $0 + offset }
  }

  /// The largest value that the atoms of the parts take against a dual point; 0 if none is positive.
  func largestValue(of parts: [Part], at dualPoint: [Double]) -> Double {
    guard !parts.isEmpty else { return 0 }
    let values = responses(to: Matrix(parts.map { norm.normalized($0.vector) })).transposedTimes(dualPoint)
    return zip(parts, values).reduce(0) { max($0, $1.0.sign * $1.1) }
  }
}

/// Atoms whose polar has a quick estimate from below.
package protocol PricedAtoms: Atoms {
  /// A value near κ(V) that an atom takes; some value though `stop` was raised before.
  func polarValue(at dualPoint: [Double], seed: UInt64, threads: Int, stop: StopSignal) -> Double
}
