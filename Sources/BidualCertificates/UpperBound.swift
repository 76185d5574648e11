import BidualLinear
import BidualModels

/// The training objective of a network, rounded up so that it holds in real arithmetic.
enum UpperBound {
  /// Σ ωᵢℓ(fᵢ, yᵢ) + β·penalty, recomputed from the weights; infinite for a network of another kind than the problem's.
  ///
  /// A prediction lies in the interval that the architecture's enclosure gives; a convex loss on that interval is
  /// largest at an end. A loss that couples outputs bounds itself on the box of a row's intervals.
  ///
  /// - Complexity: that of the network's predictions.
  static func objective(
    of network: any Network, in problem: TrainingProblem, rounding: Rounding = .anyProcessor
  ) -> Double {
    guard network.offsets.isEmpty || problem.hasOffset, network.outputs == problem.outputs,
      let enclosure = problem.architecture.enclosure(of: network, over: problem.design)
    else { return .infinity }
    var sum = CompensatedSum()
    var magnitude = 0.0
    // Squares and products that vanish, of weights and of residuals.
    var lost = enclosure.products > 0 ? 1 + problem.beta * Double(enclosure.products) : 0
    func add(_ worst: Double, weight: Double, isExact: Bool) {
      sum.add(weight * worst)
      magnitude += weight * abs(worst)
      // A target that is met exactly costs nothing, and nothing vanished.
      if worst != 0 || !isExact { lost += 1 + weight }
    }
    if let coupled = problem.loss.coupled {
      for i in problem.weights.indices {
        let places = problem.places(i)
        let error = enclosure.errors[places].reduce(0) { max($0, $1) }
        let worst = coupled.bound(
          enclosure.predictions[places], within: rounding.reach * error, targets: problem.targets[places],
          charge: rounding.charge)
        add(worst, weight: problem.weights[i], isExact: false)
      }
    } else {
      for i in problem.targets.indices {
        let prediction = enclosure.predictions[i]
        let error = rounding.reach * enclosure.errors[i]
        let target = problem.targets[i]
        var worst = -Double.infinity
        for end in [prediction - error, prediction + error] {
          let value = problem.loss.value(end, target: target)
          worst = max(worst, value + rounding.charge * problem.loss.valueError(end, target: target))
        }
        let isExact = error == 0 && prediction == target
        add(worst, weight: problem.weights[i / problem.outputs], isExact: isExact)
      }
    }
    let penalty = problem.beta * enclosure.penalty
    let objective =
      sum.value + penalty + rounding.charge * (0x1p-48 * (magnitude + penalty) + 0x1p-1060 * lost)
    return objective.isNaN ? .infinity : objective
  }
}
