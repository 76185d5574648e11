import BidualLinear

/// The polar of circular linear convolutions: κ(V) = maxₖ |Σₜ wₜe^{−2πikt/d}| with w = XᵀV, the largest singular value of the circulant
/// matrix of w (PE20, eq. 13 and 14, for real filters).
///
/// Their atoms at frequency k are X(a·cos + b·sin) with a² + b² ≤ 1.
package struct FrequencyPolar: PolarOracle {
  private let design: Matrix
  private let frequencies: Frequencies

  /// An oracle for the rows of `design`, n×d.
  package init(_ design: Matrix) {
    self.design = design
    frequencies = Frequencies(length: design.columns)
  }

  /// κ(V), rounded up, whatever the goal. Maximisers are frequencies, their `family`, with the numbers (a, b) as directions: all of
  /// them, or those above a threshold to prove.
  ///
  /// - Complexity: O(nd + d²).
  package func bound(
    _ weights: [Double], goal: PolarGoal, nodeLimit: Int, isCancelled: @Sendable () -> Bool,
    progress: (PolarProgress) -> Void
  ) -> PolarBound {
    guard weights.allSatisfy(\.isFinite) else {
      return PolarBound(upper: .infinity, maximizers: [], isComplete: false, nodes: 0)
    }
    return DualScaling.bound(weights, goal: goal) { scaling, goal in largest(scaling.weights, goal: goal) }
  }

  /// `bound` for weights of size 1.
  private func largest(_ weights: [Double], goal: PolarGoal) -> PolarBound {
    let spectrum = frequencies.waves.times(design.transposedTimes(weights))
    let slack = slack(weights)
    var upper = 0.0
    var maximizers: [PolarMaximizer] = []
    for k in 0..<frequencies.count {
      let (cosine, sine) = (spectrum[2 * k], spectrum[2 * k + 1])
      let value = (cosine * cosine + sine * sine).squareRoot()
      let bound = value * (1 + 0x1p-50) + slack
      upper = bound.isNaN ? .infinity : max(upper, bound)
      guard value > 0, value < .infinity else { continue }
      maximizers.append(
        PolarMaximizer(direction: [cosine / value, sine / value], sign: 1, value: value, family: k))
    }
    maximizers.sort { $0.value > $1.value }
    if case .prove(let threshold, let limit) = goal {
      maximizers = Array(maximizers.prefix { $0.value > threshold }.prefix(limit))
    }
    return PolarBound(
      upper: upper, maximizers: maximizers, isComplete: upper < .infinity, nodes: frequencies.count)
  }

  /// What roundings may hide. With S = Σ|Vᵢ|‖xᵢ‖₁, u = 2⁻⁵³ and waves that are off by 64u: sums of n products lose nuS, for (cos, sin) is of
  /// length 1; those of d products lose √2·duS, and the waves √2·64uS. Charged is twice that and more, and what vanishes.
  private func slack(_ weights: [Double]) -> Double {
    var size = 0.0
    for i in 0..<design.rows {
      size += abs(weights[i]) * design.row(i).reduce(0) { $0 + abs($1) }
    }
    let terms = Double(design.rows + 2 * design.columns + 8) + 2 * Frequencies.error * 0x1p53
    return 0x1p-52 * terms * size + (weights.contains { $0 != 0 } ? 0x1p-500 * terms : 0)
  }
}
