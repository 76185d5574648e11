/// A chamber with the largest value that its atoms take against the dual point.
package struct ChamberMaximum: Sendable {
  /// A chamber and the sign of its atoms.
  package struct Key: Hashable, Sendable {
    /// The sign s of the atoms s·(Xu)₊.
    package var sign: Double
    /// The side of each hyperplane, ±1.
    package var sides: [Int8]

    /// A key from its parts.
    package init(sign: Double, sides: [Int8]) {
      self.sign = sign
      self.sides = sides
    }
  }

  /// The chamber and sign.
  package var key: Key
  /// The largest s·Σᵢ Vᵢ(xᵢᵀu)₊ over unit u in the chamber's closure.
  package var value: Double
  /// Where it is taken.
  package var direction: [Double]
  /// The hyperplanes that hold the maximiser: the facets it lies on.
  package var facets: [Int]
}
