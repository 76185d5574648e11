/// A sum of doubles that carries its own rounding error along (Neumaier's form of Kahan's sum).
///
/// For n terms the error is at most 2u|Σxᵢ| + O(n u²) Σ|xᵢ| with u = 2⁻⁵³, so it is a plain
/// double's rounding unless the terms cancel to one part in 10¹⁶/n.
package struct CompensatedSum: Sendable {
  private var sum = 0.0
  private var correction = 0.0

  /// An empty sum.
  package init() {}

  /// Adds a term.
  @inline(__always)
  package mutating func add(_ term: Double) {
    let next = sum + term
    correction += abs(sum) >= abs(term) ? (sum - next) + term : (term - next) + sum
    sum = next
  }

  /// The sum so far, rounded once.
  package var value: Double { sum + correction }
}
