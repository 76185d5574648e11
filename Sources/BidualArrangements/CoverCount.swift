/// The number of chambers of n hyperplanes through the origin of R^r in general position.
///
///     P(n, r) = 2 Σ_{k<r} C(n−1, k),     P(0, r) = P(n, 0) = 1
///
/// An upper bound for all other positions (there n is the number of *distinct* hyperplanes and r the rank).
/// `Arrangement.chamberCount` gives the exact number for any data.
///
/// Source: T. M. Cover, *Geometrical and statistical properties of systems of linear inequalities with
/// applications in pattern recognition*, IEEE Trans. Electronic Computers 14 (1965).
public enum CoverCount {
  /// The exact number, or nil when it does not fit an `Int`; O(min(n, r)).
  public static func chambers(hyperplanes n: Int, rank r: Int) -> Int? {
    precondition(n >= 0 && r >= 0)
    guard n > 0, r > 0 else { return 1 }
    var binomial: UInt = 1
    var sum: UInt = 1
    for k in 1..<max(1, min(n, r)) {
      // C(n−1, k) = C(n−1, k−1)·(n−k)/k; the wide product keeps the division exact.
      let wide = binomial.multipliedFullWidth(by: UInt(n - k))
      guard wide.high < UInt(k) else { return nil }
      binomial = UInt(k).dividingFullWidth(wide).quotient
      let (total, overflow) = sum.addingReportingOverflow(binomial)
      if overflow { return nil }
      sum = total
    }
    let (doubled, overflow) = sum.multipliedReportingOverflow(by: 2)
    return overflow ? nil : Int(exactly: doubled)
  }

  /// The number as a `Double`, infinite where even that overflows; O(min(n, r)).
  public static func estimate(hyperplanes n: Int, rank r: Int) -> Double {
    precondition(n >= 0 && r >= 0)
    guard n > 0, r > 0 else { return 1 }
    var binomial = 1.0
    var sum = 0.0
    for k in 0..<min(n, r) {
      sum += binomial
      binomial *= Double(n - 1 - k) / Double(k + 1)
      if binomial.isInfinite { return .infinity }
    }
    return 2 * sum
  }
}
