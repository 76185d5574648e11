/// A sum of doubles without any rounding, as doubles that do not overlap (Shewchuk's expansions).
struct ExactSum {
  private var parts: [Double] = []

  /// The sum of some numbers.
  init(_ numbers: some Sequence<Double>) {
    for number in numbers {
      var carry = number
      var kept: [Double] = []
      for part in parts {
        let sum = carry + part
        let share = sum - carry
        let rest = (carry - (sum - share)) + (part - share)
        if rest != 0 { kept.append(rest) }
        carry = sum
      }
      parts = kept + [carry]
    }
  }

  /// Whether it is exactly 0.
  var isZero: Bool { parts.allSatisfy { $0 == 0 } }
}
