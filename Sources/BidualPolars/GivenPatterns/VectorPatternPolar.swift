import BidualArrangements
import BidualLinear

/// The polar of gated networks with c outputs: κ(V) = max_D ‖XᵀDV‖₂ over given activation patterns D, the largest singular
/// value, for their atoms are D(Xu)gᵀ with unit vectors u and g. The linear architecture is the one pattern with
/// everything open.
///
/// Dual points are V row after row, n·c numbers.
package struct VectorPatternPolar: PolarOracle {
  private let gradients: PatternGradients
  private let threads: Int

  /// An oracle for the rows of `design`, n×r, and patterns over them, on so many threads.
  package init(_ design: Matrix, patterns: PatternSet, outputs: Int, threads: Int = 1) {
    precondition(patterns.samples == design.rows && outputs > 0)
    self.threads = threads
    gradients = PatternGradients(design: design, patterns: patterns, outputs: outputs)
  }

  /// κ(V), rounded up, whatever the goal; for each pattern whose value exceeds a threshold to prove its u is named. The bound is
  /// infinite if `isCancelled` says so (asked after every few patterns).
  ///
  /// - Complexity: O(nrcP) for P patterns, and O(rc·min(r, c)) for each.
  package func bound(
    _ weights: [Double], goal: PolarGoal, nodeLimit: Int, isCancelled: @Sendable () -> Bool,
    progress: (PolarProgress) -> Void
  ) -> PolarBound {
    DualScaling.boundOfFinite(weights, goal: goal) { scaling, goal in
      largest(scaling.weights, goal: goal, isCancelled: isCancelled)
    }
  }

  /// `bound` for weights of size 1.
  private func largest(
    _ weights: [Double], goal: PolarGoal, isCancelled: @Sendable () -> Bool
  ) -> PolarBound {
    let slack = gradients.slack(weights)
    let batches = gradients.batches
    let parts = concurrentMap(batches.count, threads: threads) { batch, _ -> [(Double, PolarMaximizer?)]? in
      guard batch == 0 || !isCancelled() else { return nil }
      return gradients(batches[batch], weights).map { gradient in
        let total = gradient.spectralNormBound * (1 + 0x1p-50) + slack
        let values = SingularValues(of: gradient)
        let maximizer = values?.values.first.flatMap { value in
          value > 0
            ? PolarMaximizer(direction: values?.left.column(0) ?? [], sign: 1, value: value) : nil
        }
        return (total.isNaN ? .infinity : total, maximizer)
      }
    }
    let isWhole = parts.allSatisfy { $0 != nil }
    let found = parts.compactMap(\.self).joined()
    let upper = isWhole ? found.reduce(0) { max($0, $1.0) } : .infinity
    var maximizers = found.compactMap(\.1)
    maximizers.sort { $0.value > $1.value }
    if case .prove(let threshold, let limit) = goal {
      maximizers = Array(maximizers.prefix { $0.value > threshold }.prefix(limit))
    }
    return PolarBound(
      upper: upper, maximizers: maximizers, isComplete: upper < .infinity, nodes: gradients.patterns.count)
  }
}
