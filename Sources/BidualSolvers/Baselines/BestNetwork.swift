import BidualModels

/// The best weights that a run has met, by the objective after balancing.
struct BestNetwork {
  /// What is remembered.
  struct Record: Codable, Sendable {
    fileprivate(set) var parameters: NetworkParameters
    fileprivate(set) var objective: Double
    fileprivate var patience = Patience()
  }

  private let problem: TrainingProblem
  private(set) var record: Record

  /// The objective of the best weights.
  var objective: Double { record.objective }
  /// The epoch of the last progress worth the name.
  var lastProgress: Int { record.patience.lastProgress }

  /// Begins with the best network that has no neurons.
  init(_ problem: TrainingProblem) {
    self.problem = problem
    let offsets = problem.hasOffset ? problem.constantFits : []
    let zero = NetworkParameters(
      width: 0, units: problem.atoms.subnetworkUnits, inputs: problem.neuronRows.columns,
      outputs: problem.headWeights, hasOffset: problem.hasOffset, values: offsets)
    record = Record(parameters: zero, objective: problem.lossValue(problem.constantPredictions))
  }

  /// Goes on from what another run remembered.
  init(_ problem: TrainingProblem, record: Record) {
    self.problem = problem
    self.record = record
  }

  mutating func offer(_ other: NetworkParameters, objective: Double, epoch: Int, leastProgress: Double) {
    record.patience.note(objective, epoch: epoch, leastProgress: leastProgress)
    take(other, objective: objective)
  }

  mutating func offer(_ other: NetworkParameters, evaluatedBy gradient: NetworkGradient) {
    take(other, objective: gradient.evaluate(other) + problem.beta * other.balancedDecay)
  }

  private mutating func take(_ other: NetworkParameters, objective: Double) {
    guard objective < record.objective else { return }
    record.objective = objective
    guard record.parameters.count == other.count else {
      record.parameters = other
      return
    }
    // In place: a shared array would be copied anew at the next step.
    for k in other.values.indices { record.parameters.values[k] = other.values[k] }
  }

  /// The network, in balance.
  var network: any Network { problem.balancedNetwork(of: record.parameters) }
}

extension TrainingProblem {
  /// The network with these weights, in balance and without neurons that are zero on all samples.
  func balancedNetwork(of parameters: NetworkParameters) -> any Network {
    guard let atoms = atoms as? any BalancedAtoms else {
      preconditionFailure("gradients are followed for atoms with balanced networks only")
    }
    return atoms.balanced(parameters, on: neuronRows)
  }
}
