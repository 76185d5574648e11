import BidualLinear
import BidualModels

/// The training objective of a network, rounded up so that it holds in real arithmetic.
enum UpperBound {
  /// Σ ωᵢℓ(fᵢ, yᵢ) + β·penalty, recomputed from the weights; infinite for a network of another kind than the problem's.
  ///
  /// A prediction lies in the interval that the architecture's enclosure gives; a convex loss on that interval is
  /// largest at an end.
  ///
  /// - Complexity: that of the network's predictions.
  static func objective(
    of network: any Network, in problem: TrainingProblem, rounding: Rounding = .anyProcessor
  ) -> Double {
    guard network.offset == nil || problem.hasOffset,
      let enclosure = problem.architecture.enclosure(of: network, over: problem.design)
    else { return .infinity }
    var sum = CompensatedSum()
    var magnitude = 0.0
    // Squares and products that vanish, of weights and of residuals.
    var lost = enclosure.products > 0 ? 1 + problem.beta * Double(enclosure.products) : 0
    for i in 0..<problem.design.rows {
      let prediction = enclosure.predictions[i]
      let error = rounding.reach * enclosure.errors[i]
      let target = problem.targets[i]
      var worst = -Double.infinity
      for end in [prediction - error, prediction + error] {
        let value = problem.loss.value(end, target: target)
        worst = max(worst, value + rounding.charge * problem.loss.valueError(end, target: target))
      }
      sum.add(problem.weights[i] * worst)
      magnitude += problem.weights[i] * abs(worst)
      // A target that is met exactly costs nothing, and nothing vanished.
      if worst != 0 || error != 0 || prediction != target { lost += 1 + problem.weights[i] }
    }
    let penalty = problem.beta * enclosure.penalty
    let objective =
      sum.value + penalty + rounding.charge * (0x1p-48 * (magnitude + penalty) + 0x1p-1060 * lost)
    return objective.isNaN ? .infinity : objective
  }
}
