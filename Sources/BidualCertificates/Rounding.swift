/// Whose rounding a bound has room for.
///
/// The same sum comes out differently on a processor that adds in another order or whose `exp` and `log` differ.
/// A bound that is stated in a certificate must survive being recomputed anywhere, and so it is charged for the
/// rounding of both computations; the bound that a check recomputes is charged for its own. Then the stated
/// objective is never below a recomputed one, nor the stated lower bound above (Guides/certificate.md).
enum Rounding {
  /// That of this computation: what a check compares claims with.
  case own
  /// That of this computation and of any other of the same: what a certificate states.
  case anyProcessor

  /// Multiples of the half-width of the interval that holds a prediction: of two computed centres each is within
  /// half of it of the truth, and the other's interval reaches a whole one farther.
  var reach: Double { self == .own ? 1 : 2.25 }

  /// Multiples of the error of a function's value: one up to the truth, one beyond it, one for the other's charge.
  var charge: Double { self == .own ? 1 : 3.25 }
}
