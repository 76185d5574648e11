import BidualArrangements
import BidualLinear

/// The polar of gated networks with c outputs: κ(V) = max_D ‖XᵀDV‖₂ over given activation patterns D, the largest singular
/// value, for their atoms are D(Xu)gᵀ with unit vectors u and g. The linear architecture is the one pattern with
/// everything open.
///
/// Dual points are V row after row, n·c numbers.
public struct VectorPatternPolar: PolarOracle {
  private let design: Matrix
  private let patterns: PatternSet
  private let outputs: Int

  /// An oracle for the rows of `design`, n×r, and patterns over them.
  public init(_ design: Matrix, patterns: PatternSet, outputs: Int) {
    precondition(patterns.samples == design.rows && outputs > 0)
    self.design = design
    self.patterns = patterns
    self.outputs = outputs
  }

  /// κ(V), rounded up, whatever the goal; for each pattern whose value exceeds a threshold to prove its u is named. The bound is
  /// infinite if `isCancelled` says so (asked after every pattern).
  ///
  /// - Complexity: O(nrcP) for P patterns, and O(rc·min(r, c)) for each.
  public func bound(
    _ weights: [Double], goal: PolarGoal, nodeLimit: Int, isCancelled: @Sendable () -> Bool,
    progress: (PolarProgress) -> Void
  ) -> PolarBound {
    guard weights.allSatisfy(\.isFinite) else {
      return PolarBound(upper: .infinity, maximizers: [], isComplete: false, nodes: 0)
    }
    return DualScaling.bound(weights, goal: goal) { scaling, goal in
      largest(scaling.weights, goal: goal, isCancelled: isCancelled)
    }
  }

  /// `bound` for weights of size 1.
  private func largest(_ weights: [Double], goal: PolarGoal, isCancelled: () -> Bool) -> PolarBound {
    let slack = slack(weights)
    var upper = 0.0
    var maximizers: [PolarMaximizer] = []
    for pattern in 0..<patterns.count {
      guard pattern == 0 || !isCancelled() else {
        upper = .infinity
        break
      }
      let gradient = gradient(of: pattern, weights)
      let total = gradient.spectralNormBound * (1 + 0x1p-50) + slack
      upper = total.isNaN ? .infinity : max(upper, total)
      if let values = SingularValues(of: gradient), let value = values.values.first, value > 0 {
        maximizers.append(PolarMaximizer(direction: values.left.column(0), sign: 1, value: value))
      }
    }
    maximizers.sort { $0.value > $1.value }
    if case .prove(let threshold, let limit) = goal {
      maximizers = Array(maximizers.prefix { $0.value > threshold }.prefix(limit))
    }
    return PolarBound(
      upper: upper, maximizers: maximizers, isComplete: upper < .infinity, nodes: patterns.count)
  }

  /// XᵀDV of a pattern, r×c.
  private func gradient(of pattern: Int, _ weights: [Double]) -> Matrix {
    var masked = Matrix(rows: design.rows, columns: outputs, elements: weights)
    for i in 0..<design.rows where !patterns.isActive(pattern: pattern, sample: i) {
      for k in 0..<outputs { masked[i, k] = 0 }
    }
    return design.transposedTimes(masked)
  }

  /// What sums of n products may lose to rounding: in the Frobenius norm (n + 2)·u·Σ‖Vᵢ‖‖xᵢ‖, twice over, and what vanishes; lengths are
  /// bounded by sums of absolute values, which do not vanish for smallness.
  private func slack(_ weights: [Double]) -> Double {
    var size = 0.0
    for i in 0..<design.rows {
      let length = weights[(i * outputs)..<((i + 1) * outputs)].reduce(0) { $0 + abs($1) }
      size += length * design.row(i).reduce(0) { $0 + abs($1) }
    }
    let terms = Double(design.rows + design.columns + outputs + 8)
    return 0x1p-51 * terms * size + (weights.contains { $0 != 0 } ? 0x1p-500 * terms : 0)
  }
}
