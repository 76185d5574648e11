/// Something that a paper says, held against what was measured.
package struct Claim: Sendable {
  package enum Verdict: String, Sendable {
    case holds
    case doesNotHold = "does not hold"
    case notComparable = "not comparable"
  }

  /// What the paper says.
  package let text: String
  /// The number that it prints, if it prints one.
  let printed: String
  /// What was measured.
  let measured: String
  /// How far from the words the measure may be.
  let tolerance: String
  package let verdict: Verdict

  /// Whether it is our own, about what is proven: one that does not hold is a fault of this program, not of a paper.
  package private(set) var isPromise = false

  /// A claim with its verdict.
  init(_ text: String, printed: String = "", measured: String, tolerance: String = "", _ verdict: Verdict) {
    self.text = text
    self.printed = printed
    self.measured = measured
    self.tolerance = tolerance
    self.verdict = verdict
  }

  /// A claim that holds or does not.
  init(_ text: String, printed: String = "", measured: String, tolerance: String = "", holds: Bool) {
    self.init(text, printed: printed, measured: measured, tolerance: tolerance, holds ? .holds : .doesNotHold)
  }

  /// The claim as one of our own.
  var promised: Claim {
    var claim = self
    claim.isPromise = true
    return claim
  }
}
