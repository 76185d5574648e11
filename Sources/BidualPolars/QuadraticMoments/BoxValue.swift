import BidualLinear

/// A value of an objective on the unit sphere, in the coordinates of a `MomentObjective`.
package struct BoxValue: Sendable {
  /// The value.
  package let value: Double
  /// Where it is taken.
  package let direction: [Double]
  /// The index of the objective, one a sign.
  package let side: Int

  /// A value from its parts.
  package init(value: Double, direction: [Double], side: Int) {
    self.value = value
    self.direction = direction
    self.side = side
  }

  /// The maximiser that it stands for, of this sign, where directions are in `space` and values in units of 2^exponent.
  func maximizer(sign: Double, in space: RowSpace, exponent: Int) -> PolarMaximizer {
    let lifted = space.lifted(Matrix([direction])).elements
    return PolarMaximizer(
      direction: lifted.normalized, sign: sign, value: MomentObjective.scaled(value, by: exponent))
  }
}
