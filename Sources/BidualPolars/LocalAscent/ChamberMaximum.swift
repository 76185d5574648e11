/// A chamber with the largest value that its atoms take against the dual point.
public struct ChamberMaximum: Sendable {
  /// A chamber and the sign of its atoms.
  public struct Key: Hashable, Sendable {
    /// The sign s of the atoms s·(Xu)₊.
    public var sign: Double
    /// The side of each hyperplane, ±1.
    public var sides: [Int8]

    /// A key from its parts.
    public init(sign: Double, sides: [Int8]) {
      self.sign = sign
      self.sides = sides
    }
  }

  /// The chamber and sign.
  public var key: Key
  /// The largest s·Σᵢ Vᵢ(xᵢᵀu)₊ over unit u in the chamber's closure.
  public var value: Double
  /// Where it is taken.
  public var direction: [Double]
  /// The hyperplanes that hold the maximiser: the facets it lies on.
  public var facets: [Int]
}
