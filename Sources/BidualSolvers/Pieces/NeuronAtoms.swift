import BidualLinear
import BidualModels
import BidualObjectives

/// Atoms of networks that are sums of neurons, each a part of some length: what convex programs need to know of an
/// architecture.
package protocol NeuronAtoms: PricedAtoms {
  /// How the penalty measures a part's vector.
  var norm: FirstLayerNorm { get }

  /// The length of a part's vector, by which the penalty counts it.
  func length(of vector: [Double]) -> Double

  /// φ(Xv), pooled over the rows of samples, for the vectors v of parts, in the coordinates of the row space, without their signs: one a column, n×m.
  ///
  /// φ(Xcv) = cφ(Xv) for c ≥ 0.
  func responses(to parts: [Part]) -> Matrix

  /// The network of the parts, each a neuron in balance; those of length 0 are left out.
  func network(of parts: [Part], offset: Double?) -> any Network
}

extension NeuronAtoms {
  /// The length in the norm.
  package func length(of vector: [Double]) -> Double { norm.length(vector) }

  /// A part of length 1 in the same direction; one of length 0 stays as it is.
  func normalized(_ part: Part) -> Part {
    let length = length(of: part.vector)
    guard length > 0 else { return part }
    return Part(sign: part.sign, vector: part.vector.map { $0 / length }, family: part.family)
  }

  /// The predictions of a network of the parts.
  ///
  /// - Complexity: O(nmr).
  func predictions(of parts: [Part], offset: Double) -> [Double] {
    guard !parts.isEmpty else { return Array(repeating: offset, count: samples) }
    let sums = responses(to: parts).times(parts.map(\.sign))
    return offset == 0 ? sums : sums.map { $0 + offset }
  }

  /// The largest value that the atoms of the parts take against a dual point; 0 if none is positive.
  func largestValue(of parts: [Part], at dualPoint: [Double]) -> Double {
    guard !parts.isEmpty else { return 0 }
    let values = responses(to: parts.map(normalized)).transposedTimes(dualPoint)
    return zip(parts, values).reduce(0) { max($0, $1.0.sign * $1.1) }
  }
}

/// Atoms whose polar has a quick estimate from below.
package protocol PricedAtoms: Atoms {
  /// A value near κ(V) that an atom takes; some value though `stop` was raised before.
  func polarValue(at dualPoint: [Double], seed: UInt64, threads: Int, stop: StopSignal) -> Double
}
