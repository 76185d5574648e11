/// A value of an objective on the unit sphere, in the coordinates of a `MomentObjective`.
struct BoxValue: Sendable {
  let value: Double
  let direction: [Double]
  /// The index of the objective, one a sign.
  let side: Int
}
