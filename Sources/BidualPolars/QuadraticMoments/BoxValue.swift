import BidualLinear

/// A value of an objective on the unit sphere, in the coordinates of a `MomentObjective`.
struct BoxValue: Sendable {
  let value: Double
  let direction: [Double]
  /// The index of the objective, one a sign.
  let side: Int

  /// The maximiser that it stands for, of this sign, where directions are in `space` and values in units of 2^exponent.
  func maximizer(sign: Double, in space: RowSpace, exponent: Int) -> PolarMaximizer {
    let lifted = space.lifted(Matrix([direction])).elements
    return PolarMaximizer(
      direction: lifted.normalized, sign: sign, value: MomentObjective.scaled(value, by: exponent))
  }
}
