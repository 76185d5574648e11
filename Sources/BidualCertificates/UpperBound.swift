import BidualLinear
import BidualModels
import BidualObjectives

/// The training objective of a network, rounded up so that it holds in real arithmetic.
enum UpperBound {
  /// Σ ωᵢℓ(fᵢ, yᵢ) + β/2 Σ(‖u‖² + α²), or β Σ‖u‖₁|α| for the penalty, recomputed from the weights.
  ///
  /// A prediction computed as m products of dots of length d lies within
  /// (d + m + 2)·u·Σⱼ|αⱼ||uⱼ|ᵀ|xᵢ|, u = 2⁻⁵³, of the true one; a convex loss on that interval is largest
  /// at an end.
  ///
  /// - Complexity: O(nmd).
  static func objective(
    of network: TwoLayerNetwork, in problem: TrainingProblem, rounding: Rounding = .anyProcessor
  ) -> Double {
    let design = problem.design
    let m = network.neurons
    let predictions = network.predictions(design)
    guard predictions.allSatisfy(\.isFinite) else { return .infinity }
    // A height that overflowed may have been cut off by the ReLU, and one that vanished counts too.
    let largest = design.elements.reduce(0) { max($0, abs($1)) }
    for j in 0..<m {
      let length = network.hidden.row(j).reduce(0) { $0 + abs($1) }
      guard length * largest < 1e290 else { return .infinity }
    }
    let vanished = 0x1p-1060 * Double(design.columns + m + 2) * network.output.reduce(1) { $0 + abs($1) }
    let unit = 2 * Double(design.columns + m + 4) * 0x1p-53
    var reach = [Double](repeating: 0, count: design.columns)
    for j in 0..<m {
      for (k, weight) in network.hidden.row(j).enumerated() { reach[k] += abs(network.output[j] * weight) }
    }
    var sum = CompensatedSum()
    var magnitude = 0.0
    // Squares and products that vanish, of weights and of residuals.
    var lost = m > 0 ? 1 + problem.beta * Double(m * (design.columns + 1)) : 0
    for i in 0..<design.rows {
      var error = 0.0
      for (k, x) in design.row(i).enumerated() { error += abs(x) * reach[k] }
      // Without neurons the prediction is the offset itself.
      error = m > 0 ? rounding.reach * (unit * (error + abs(network.offset ?? 0)) + vanished) : 0
      let target = problem.targets[i]
      var worst = -Double.infinity
      for end in [predictions[i] - error, predictions[i] + error] {
        let value = problem.loss.value(end, target: target)
        worst = max(worst, value + rounding.charge * problem.loss.valueError(end, target: target))
      }
      sum.add(problem.weights[i] * worst)
      magnitude += problem.weights[i] * abs(worst)
      // A target that is met exactly costs nothing, and nothing vanished.
      if worst != 0 || error != 0 || predictions[i] != target { lost += 1 + problem.weights[i] }
    }
    let penalty = problem.beta * penalty(of: network, problem.norm)
    let objective =
      sum.value + penalty + rounding.charge * (0x1p-48 * (magnitude + penalty) + 0x1p-1060 * lost)
    return objective.isNaN ? .infinity : objective
  }

  /// What β multiplies, to a few units in the last place; under ℓ₁ the plain sums of d terms are charged for.
  private static func penalty(of network: TwoLayerNetwork, _ norm: FirstLayerNorm) -> Double {
    var sum = CompensatedSum()
    switch norm {
    case .l2:
      for weight in network.hidden.elements + network.output { sum.add(weight * weight) }
      return 0.5 * sum.value
    case .l1:
      for j in 0..<network.neurons { sum.add(norm.length(network.hidden.row(j)) * abs(network.output[j])) }
      return sum.value * (1 + Double(network.hidden.columns + 8) * 0x1p-52)
    }
  }
}
