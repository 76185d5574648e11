import BidualModels

/// The best weights that a run has met, by the objective after balancing.
struct BestNetwork {
  private let problem: TrainingProblem
  private var parameters: NetworkParameters
  private(set) var objective: Double
  /// The objective at the last progress worth the name, and its epoch.
  private var mark: Double
  private(set) var lastProgress = 0

  /// Begins with the best network that has no neurons.
  init(_ problem: TrainingProblem) {
    self.problem = problem
    let zero = TwoLayerNetwork.zero(
      inputs: problem.design.columns, offset: problem.hasOffset ? problem.constantFit : nil)
    parameters = NetworkParameters(zero)
    objective = problem.objective(zero)
    mark = .infinity
  }

  mutating func offer(_ other: NetworkParameters, objective: Double, epoch: Int, leastProgress: Double) {
    if objective < mark - leastProgress * abs(mark) || mark == .infinity {
      mark = objective
      lastProgress = epoch
    }
    take(other, objective: objective)
  }

  mutating func offer(_ other: NetworkParameters, evaluatedBy gradient: NetworkGradient) {
    take(other, objective: gradient.evaluate(other) + problem.beta * other.balancedDecay)
  }

  private mutating func take(_ other: NetworkParameters, objective: Double) {
    guard objective < self.objective else { return }
    self.objective = objective
    guard parameters.count == other.count else {
      parameters = other
      return
    }
    // In place: a shared array would be copied anew at the next step.
    for k in other.values.indices { parameters.values[k] = other.values[k] }
  }

  var network: TwoLayerNetwork { parameters.network.balanced(on: problem.design) }
}
