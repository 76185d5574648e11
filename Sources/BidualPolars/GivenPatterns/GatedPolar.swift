import BidualLinear

/// The polar of gated ReLU atoms D(Xu), ‖u‖ ≤ 1, over given patterns D: κ(V) = max_D ‖XᵀDV‖ (MSP22).
///
/// The linear architecture is the one pattern with everything open.
public struct GatedPolar: PolarOracle {
  private let design: Matrix
  private let patterns: [[Bool]]
  private let norms: [Double]

  /// An oracle for the rows of `design`, n×r, and patterns over them.
  public init(_ design: Matrix, patterns: [[Bool]]) {
    precondition(patterns.allSatisfy { $0.count == design.rows })
    self.design = design
    self.patterns = patterns
    // Rounded up, and charged for squares that vanish.
    let room = 1 + Double(design.columns + 8) * 0x1p-51
    norms = (0..<design.rows).map { i in
      let row = design.row(i)
      return row.contains { $0 != 0 } ? norm(row) * room + Double(design.columns) * 0x1p-500 : 0
    }
  }

  /// κ(V), rounded up, whatever the goal; the directions XᵀDV that exceed a threshold to prove are named.
  ///
  /// - Complexity: O(nrP) for P patterns.
  public func bound(
    _ weights: [Double], goal: PolarGoal, nodeLimit: Int = .max, isCancelled: @Sendable () -> Bool = { false }
  ) -> PolarBound {
    let gradients = gradients(weights)
    // A sum of n products and a norm of r entries, each rounded: (n + r + 4)·u·Σ|Vᵢ|‖xᵢ‖·√r, twice over.
    let size = zip(weights, norms).reduce(0) { $0 + abs($1.0) * $1.1 }
    let terms = Double(design.rows + design.columns + 4) * Double(max(1, design.columns)).squareRoot()
    let slack = 0x1p-51 * terms * size + (size > 0 ? 0x1p-500 * terms : 0)
    var maximizers: [PolarMaximizer] = []
    var upper = 0.0
    for gradient in gradients {
      let value = norm(gradient)
      upper = value.isNaN ? .infinity : max(upper, value)
      if value > 0 {
        maximizers.append(PolarMaximizer(direction: gradient.map { $0 / value }, sign: 1, value: value))
      }
    }
    maximizers.sort { $0.value > $1.value }
    if case .prove(let threshold, let limit) = goal {
      maximizers = Array(maximizers.prefix { $0.value > threshold }.prefix(limit))
    }
    return PolarBound(
      upper: upper + slack, maximizers: maximizers, isComplete: true, nodes: patterns.count)
  }

  /// XᵀDV of every pattern, in blocks that keep the masked weights small.
  private func gradients(_ weights: [Double]) -> [[Double]] {
    var gradients: [[Double]] = []
    let block = 64
    for first in stride(from: 0, to: patterns.count, by: block) {
      let masked = Matrix(
        patterns[first..<min(first + block, patterns.count)].map { pattern in
          zip(pattern, weights).map { $0 ? $1 : 0 }
        })
      let products = masked.times(design)
      gradients += (0..<products.rows).map { Array(products.row($0)) }
    }
    return gradients
  }
}
