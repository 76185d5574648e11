import BidualLinear
import BidualModels

/// The dual objective −Σℓ*(−sVᵢ, yᵢ), rounded down so that it holds in real arithmetic.
enum LowerBound {
  /// The best value over 0 ≤ s ≤ `longest`, and the s that takes it.
  ///
  /// The dual objective is concave in s: its maximum is bracketed by ternary search, which costs
  /// nothing in validity, since every s in the range proves a bound.
  ///
  /// - Complexity: O(n).
  static func best(dualPoint: [Double], longest: Double, in problem: TrainingProblem) -> (
    value: Double, scale: Double
  ) {
    var low = 0.0
    var high = longest
    var best = (value: value(dualPoint, scale: longest, in: problem), scale: longest)
    // 200 thirds shrink any range of scales to nothing; usually far fewer do.
    for _ in 0..<200 {
      if high - low <= 0x1p-52 * high { break }
      let third = (high - low) / 3
      let a = value(dualPoint, scale: low + third, in: problem)
      let b = value(dualPoint, scale: high - third, in: problem)
      for candidate in [(value: a, scale: low + third), (value: b, scale: high - third)]
      where candidate.value > best.value {
        best = candidate
      }
      if a < b { low += third } else { high -= third }
    }
    let origin = value(dualPoint, scale: 0, in: problem)
    return origin > best.value ? (origin, 0) : best
  }

  /// −Σℓ*(−sVᵢ, yᵢ), less a bound of its rounding.
  static func value(_ dualPoint: [Double], scale: Double, in problem: TrainingProblem) -> Double {
    var sum = CompensatedSum()
    var magnitude = 0.0
    for (v, y) in zip(dualPoint, problem.targets) {
      let dual = -scale * v
      let conjugate = problem.loss.conjugate(dual, target: y)
      sum.add(-conjugate)
      magnitude += abs(conjugate) + 2 * abs(dual * y)
    }
    let value = sum.value - 0x1p-49 * magnitude - 0x1p-900
    return value.isNaN ? -.infinity : value
  }
}
