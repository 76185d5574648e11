import BidualArrangements
import BidualLinear

/// The polar over given activation patterns D.
///
/// Of gated ReLU atoms D(Xu), ‖u‖ ≤ 1, it is κ(V) = max_D ‖XᵀDV‖ (MSP22); the linear architecture is the one
/// pattern with everything open. Of ReLU atoms that keep to the cones of the patterns, that maximum is an upper
/// bound, which multipliers of the cones' rows improve (`ConeMultipliers`).
package struct PatternPolar: PolarOracle {
  private let design: Matrix
  private let patterns: PatternSet
  private let norms: [Double]
  /// For each pattern the multipliers of its two signs; nil for atoms without cones.
  private let multipliers: [(positive: ConeMultipliers?, negative: ConeMultipliers?)]?

  /// An oracle of gated atoms for the rows of `design`, n×r, and patterns over them.
  package init(_ design: Matrix, patterns: PatternSet) {
    self.init(design, patterns: patterns, multipliers: nil)
  }

  /// An oracle of ReLU atoms that keep to patterns, for the rows of `design`, n×r.
  package init(_ design: Matrix, restriction: PatternRestriction) {
    var multipliers: [(positive: ConeMultipliers?, negative: ConeMultipliers?)] = Array(
      repeating: (nil, nil), count: restriction.patterns.count)
    for cone in restriction.multipliers {
      if cone.isNegative {
        multipliers[cone.pattern].negative = cone
      } else {
        multipliers[cone.pattern].positive = cone
      }
    }
    self.init(design, patterns: restriction.patterns, multipliers: multipliers)
  }

  private init(
    _ design: Matrix, patterns: PatternSet,
    multipliers: [(positive: ConeMultipliers?, negative: ConeMultipliers?)]?
  ) {
    precondition(patterns.samples == design.rows)
    self.design = design
    self.patterns = patterns
    self.multipliers = multipliers
    // Rounded up, and charged for squares that vanish.
    let room = 1 + Double(design.columns + 8) * 0x1p-51
    norms = (0..<design.rows).map { i in
      let row = design.row(i)
      return row.contains { $0 != 0 } ? norm(row) * room + Double(design.columns) * 0x1p-500 : 0
    }
  }

  /// κ(V) or an upper bound of it, rounded up, whatever the goal; the vectors whose length exceeds a threshold
  /// to prove are named. The bound is infinite if `isCancelled` says so (asked every 64 patterns).
  ///
  /// - Complexity: O(nrP) for P patterns, and O(r) for each multiplier.
  package func bound(
    _ weights: [Double], goal: PolarGoal, nodeLimit: Int, isCancelled: @Sendable () -> Bool,
    progress: (PolarProgress) -> Void
  ) -> PolarBound {
    DualScaling.bound(weights, goal: goal) { sum($0, goal: $1, isCancelled: isCancelled) }
  }

  /// `bound` for weights of size 1.
  private func sum(
    _ scaling: DualScaling, goal: PolarGoal, isCancelled: @Sendable () -> Bool
  ) -> PolarBound {
    let size = zip(scaling.weights, norms).reduce(0) { $0 + abs($1.0) * $1.1 }
    var maximizers: [PolarMaximizer] = []
    var upper = 0.0
    let isWhole = forEachGradient(scaling.weights, isCancelled: isCancelled) { pattern, gradient in
      for (sign, cone) in signs(of: pattern) {
        var vector = gradient
        let pushed = push(&vector, pattern, sign, cone, scaling)
        let value = norm(vector)
        let total = value + slack(size + pushed)
        upper = total.isNaN ? .infinity : max(upper, total)
        if value > 0, value.isFinite {
          maximizers.append(
            PolarMaximizer(direction: vector.map { sign * $0 / value }, sign: sign, value: value))
        }
      }
    }
    maximizers.sort { $0.value > $1.value }
    if case .prove(let threshold, let limit) = goal {
      maximizers = Array(maximizers.prefix { $0.value > threshold }.prefix(limit))
    }
    return PolarBound(
      upper: isWhole ? upper : .infinity, maximizers: maximizers, isComplete: isWhole, nodes: patterns.count)
  }

  /// The signs to bound for a pattern: without multipliers both have the same length.
  private func signs(of pattern: Int) -> [(sign: Double, cone: ConeMultipliers?)] {
    guard let cones = multipliers?[pattern], cones.positive != nil || cones.negative != nil else {
      return [(1, nil)]
    }
    return [(1, cones.positive), (-1, cones.negative)]
  }

  /// Turns XᵀDV into Xᵀ(±DV + (2D − I)λ), up to the sign of the whole; returns Σλᵢ‖xᵢ‖. Multipliers are in the
  /// unit of the weights, and any will do, so that those which vanish in it do no harm.
  private func push(
    _ vector: inout [Double], _ pattern: Int, _ sign: Double, _ cone: ConeMultipliers?, _ scaling: DualScaling
  ) -> Double {
    guard let cone else { return 0 }
    var size = 0.0
    for (row, given) in zip(cone.rows, cone.values) {
      let multiplier = scaling.lowered(given)
      let side = patterns.isActive(pattern: pattern, sample: row) ? sign : -sign
      for (j, x) in design.row(row).enumerated() { vector[j] += side * multiplier * x }
      size += multiplier * norms[row]
    }
    return size
  }

  /// What a sum of up to 2n products and a norm of r entries may lose to rounding, (2n + r + 4)·u·√r times the
  /// sizes that were added up, twice over.
  private func slack(_ size: Double) -> Double {
    let terms =
      Double(2 * design.rows + design.columns + 4) * Double(max(1, design.columns)).squareRoot()
    return 0x1p-51 * terms * size + (size > 0 ? 0x1p-500 * terms : 0)
  }

  /// XᵀDV of every pattern, in blocks that keep the masked weights small; false if it was cancelled.
  private func forEachGradient(
    _ weights: [Double], isCancelled: @Sendable () -> Bool, _ body: (Int, [Double]) -> Void
  ) -> Bool {
    let block = 64
    for first in stride(from: 0, to: patterns.count, by: block) {
      // The first block is always looked at: what it finds may be all that a caller needs.
      if first > 0, isCancelled() { return false }
      let masked = Matrix(
        (first..<min(first + block, patterns.count)).map { pattern in
          weights.indices.map { patterns.isActive(pattern: pattern, sample: $0) ? weights[$0] : 0 }
        })
      let products = masked.times(design)
      for k in 0..<products.rows { body(first + k, Array(products.row(k))) }
    }
    return true
  }
}
