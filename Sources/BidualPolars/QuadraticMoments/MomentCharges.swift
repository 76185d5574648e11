import BidualLinear

/// What reductions and rounding can hide from a search of boxes, in the units of its objective.
///
/// Guides/certificate.md derives the numbers.
struct MomentCharges: Sendable {
  private let exponent: Int
  /// What the row space drops: Σ|Vᵢ|‖xᵢ − Qzᵢ‖.
  private let dropped: Double
  private let stretch: Double
  /// What merging and rounding hide.
  private let slack: Double
  /// A bound of the objective on the unit sphere: Σ|Vᵢ|‖zᵢ‖.
  let ceiling: Double

  init(_ objective: MomentObjective, _ space: RowSpace, _ weights: [Double]) {
    let n = Double(weights.count)
    let r = Double(space.rank)
    self.init(
      space, lengths: weights.map { abs(MomentObjective.scaled($0, by: -objective.exponent)) },
      size: objective.size, exponent: objective.exponent,
      slack: 16 * r * (n + 64 * r + 256) * 0x1p-53 * objective.size + objective.hidden + objective.vanished)
  }

  /// The charges of an objective of this size S, whose weights have these lengths, all in its units.
  init(_ space: RowSpace, lengths: [Double], size: Double, exponent: Int, slack: Double) {
    self.exponent = exponent
    self.slack = slack
    stretch = space.stretch
    let rounding = 1 + Double(lengths.count + 8) * 0x1p-51
    dropped = zip(lengths, space.deviation).reduce(0) { $0 + $1.0 * $1.1 } * rounding
    ceiling = size * rounding
  }

  var isFinite: Bool { dropped.isFinite && slack.isFinite && ceiling.isFinite }

  /// The bound of κ(V) that follows from a bound found by the search.
  func upper(_ bound: Double) -> Double {
    MomentObjective.scaled((stretch * (bound + slack) + dropped) * (1 + 0x1p-49), by: exponent)
  }

  /// What the search must prove for `upper` to be at most `threshold`; 0 if that cannot be.
  func threshold(_ threshold: Double) -> Double {
    max(0, (scaled(threshold) * (1 - 0x1p-48) - dropped) / stretch * (1 - 0x1p-50) - slack)
  }

  /// A value of the objective in its units.
  func scaled(_ value: Double) -> Double {
    max(0, MomentObjective.scaled(value, by: -exponent))
  }
}
