import BidualLinear

/// What a sub-network's atom takes against dual weights, f(W) = Σᵢ vᵢ(Σⱼ sⱼ(xᵢᵀwⱼ)₊)₊, for one family and one sign of the
/// atoms (the sign is in v).
///
/// W = (w₁, …, wₘ) has m·r numbers, one unit after another, and the length N(W) = Σⱼ‖wⱼ‖.
struct SubnetworkObjective: Sendable {
  /// The rows x with a weight, n×r.
  let rows: Matrix
  /// v.
  let weights: [Double]
  /// m.
  let units: Int
  /// Which units add.
  let family: Int
  /// The sign of the atoms.
  let sign: Double

  /// The objective for dual weights, one a row of the coordinates.
  init(_ coordinates: Matrix, _ dual: [Double], units: Int, family: Int, sign: Double) {
    let kept = dual.indices.filter { dual[$0] != 0 && coordinates.row($0).contains { $0 != 0 } }
    rows = coordinates.selectingRows(kept)
    weights = kept.map { sign * dual[$0] }
    self.units = units
    self.family = family
    self.sign = sign
  }

  /// The number m·r of variables.
  var dimension: Int { units * rows.columns }
}
