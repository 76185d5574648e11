import BidualLinear

/// Patterns of gates that are given: an array of gate vectors or the first layer of a network.
///
/// The first layer of a trained baseline makes this Alg2 of PE20.
public struct GivenGates: PatternSource {
  /// The gates, one a row, k×d.
  public let gates: Matrix

  /// The gates that are the rows of a k×d matrix, such as a network's first layer.
  public init(rows gates: Matrix) {
    self.gates = gates
  }

  /// The gates that are the columns of a d×P matrix.
  public init(columns gates: Matrix) {
    self.gates = gates.transposed
  }

  /// Adds the patterns of all gates but zero ones; O(knd).
  /// - Throws: `PatternError.wrongLength`, `.gateNotFinite`.
  public func add(to collection: inout PatternCollection, using generator: inout SeededGenerator)
    throws(PatternError)
  {
    try collection.insert(gates: gates)
  }
}
