import BidualLinear
import BidualModels

/// The training objective of a network, rounded up so that it holds in real arithmetic.
enum UpperBound {
  /// Σ ωᵢℓ(fᵢ, yᵢ) + β/2 Σ(‖u‖² + α²), recomputed from the weights.
  ///
  /// A prediction computed as m products of dots of length d lies within
  /// (d + m + 2)·u·Σⱼ|αⱼ||uⱼ|ᵀ|xᵢ|, u = 2⁻⁵³, of the true one; a convex loss on that interval is largest
  /// at an end.
  ///
  /// - Complexity: O(nmd).
  static func objective(of network: TwoLayerNetwork, in problem: TrainingProblem) -> Double {
    let design = problem.design
    let m = network.neurons
    let predictions = network.predictions(design)
    guard predictions.allSatisfy(\.isFinite) else { return .infinity }
    let unit = 2 * Double(design.columns + m + 4) * 0x1p-53
    var reach = [Double](repeating: 0, count: design.columns)
    for j in 0..<m {
      for (k, weight) in network.hidden.row(j).enumerated() { reach[k] += abs(network.output[j] * weight) }
    }
    var sum = CompensatedSum()
    var magnitude = 0.0
    for i in 0..<design.rows {
      var error = 0.0
      var worst = -Double.infinity
      for (k, x) in design.row(i).enumerated() { error += abs(x) * reach[k] }
      error = unit * (error + abs(network.offset ?? 0))
      let target = problem.targets[i]
      for end in [predictions[i] - error, predictions[i] + error] {
        let value = problem.loss.value(end, target: target)
        worst = max(worst, value + problem.loss.valueError(end, target: target))
      }
      sum.add(problem.weights[i] * worst)
      magnitude += problem.weights[i] * abs(worst)
    }
    var decay = CompensatedSum()
    for weight in network.hidden.elements { decay.add(weight * weight) }
    for weight in network.output { decay.add(weight * weight) }
    // The last term covers squares that vanish.
    let objective =
      sum.value + 0x1p-48 * magnitude + 0.5 * problem.beta * decay.value * (1 + 0x1p-48)
      + (m > 0 ? 0x1p-900 : 0)
    return objective.isNaN ? .infinity : objective
  }
}
