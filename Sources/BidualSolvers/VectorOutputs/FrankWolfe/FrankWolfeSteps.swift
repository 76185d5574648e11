/// How the coefficients of `FrankWolfe`'s atoms come about.
public enum FrankWolfeSteps: Sendable, Equatable {
  /// All are set anew each round.
  case corrective
  /// Each step goes toward one atom, within a ball of the gauge whose radius is given, or searched for.
  case plain(norm: Double? = nil)
}
