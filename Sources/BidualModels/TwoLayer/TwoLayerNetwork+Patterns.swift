import BidualArrangements
import BidualLinear

extension TwoLayerNetwork {
  /// Whether every neuron with a say keeps to one of the patterns over the rows of a design, but for `tolerance` of ‖u‖‖xᵢ‖.
  ///
  /// - Complexity: O(nm(d + P)) for m neurons and P patterns.
  func keeps(to patterns: PatternSet, over design: Matrix, tolerance: Double) -> Bool {
    let lengths = design.rowNorms
    return (0..<neurons).allSatisfy { j in
      // The neuron's direction alone matters: scaled, its length neither vanishes nor overflows.
      let largest = hidden.row(j).reduce(0) { max($0, abs($1)) }
      let isHeard = output[(j * outputs)..<((j + 1) * outputs)].contains { $0 != 0 }
      guard isHeard, largest > 0 else { return true }
      let neuron = hidden.row(j).map { $0 / largest }
      let length = norm(neuron)
      let heights = design.times(neuron)
      // Samples that are clearly on one side of the neuron's hyperplane.
      let decided = heights.indices.filter { !(abs(heights[$0]) <= tolerance * length * lengths[$0]) }
      return (0..<patterns.count).contains { pattern in
        decided.allSatisfy { patterns.isActive(pattern: pattern, sample: $0) == (heights[$0] > 0) }
      }
    }
  }
}
