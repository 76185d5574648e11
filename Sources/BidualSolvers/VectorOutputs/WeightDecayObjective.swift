import BidualArrangements
import BidualLinear
import BidualModels

/// The training objective over all weights of a network at once, Σ ωᵢℓ(f(xᵢ), yᵢ) + β/2·Σ(‖uⱼ‖² + ‖αⱼ‖²), or with the penalty of
/// sub-networks (`NetworkParameters.addDecay`), and its gradient.
final class WeightDecayObjective {
  private let problem: TrainingProblem
  private let loss: NetworkGradient
  /// How the kinks of neurons and loss are rounded off; nil for the objective itself.
  var rounding: RoundedKinks? {
    get { loss.rounding }
    set { loss.rounding = newValue }
  }

  /// The objective of networks of one width, whose neurons are ReLUs or linear on a pattern each.
  init(_ problem: TrainingProblem, width: Int, patterns: PatternSet? = nil, threads: Int) {
    self.problem = problem
    loss =
      patterns.map { NetworkGradient(problem, patterns: $0, threads: threads) }
      ?? NetworkGradient(problem, width: width, threads: threads)
  }

  /// The objective; its gradient overwrites `gradient`, if given.
  ///
  /// - Complexity: O(nm(d + c)).
  func evaluate(_ weights: NetworkParameters, gradient: UnsafeMutablePointer<Double>? = nil) -> Double {
    let value = loss.evaluate(weights, gradient: gradient)
    guard let gradient else { return value + problem.beta * weights.decay }
    return value + weights.addDecay(problem.beta, to: gradient)
  }

  /// The predictions of the last evaluation.
  var predictions: [Double] { Array(loss.predictions) }
}
