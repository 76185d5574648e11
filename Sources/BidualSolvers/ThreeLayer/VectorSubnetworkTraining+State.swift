import BidualModels
import BidualPolars

extension VectorSubnetworkTraining {
  /// The network of the moment, in the coordinates of the row space.
  struct State {
    private let problem: TrainingProblem
    private let units: Int
    private let threads: Int
    private(set) var weights: NetworkParameters
    private(set) var value: Double
    private(set) var dualPoint: [Double]

    /// Begins with the best network that has no sub-networks.
    init(_ given: TrainingProblem, _ atoms: VectorSubnetworkAtoms, threads: Int) {
      problem = given.reduced
      units = atoms.width
      self.threads = threads
      weights = NetworkParameters(
        width: 0, units: units, inputs: atoms.geometry.rank, outputs: atoms.outputs,
        hasOffset: problem.hasOffset, values: problem.hasOffset ? problem.constantFits : [])
      value = problem.lossValue(problem.constantPredictions)
      dualPoint = problem.constantDualPoint
    }

    /// Lets sub-networks that pay join, and all descend; keeps what is better.
    mutating func improve(
      with directions: [VectorSubnetworkPricing.Direction], _ pricing: VectorSubnetworkPricing,
      levels: [Double], isCancelled: @escaping () -> Bool
    ) {
      let paying = directions.filter { $0.value > problem.beta }.prefix(10)
      var joined = weights
      if !paying.isEmpty {
        joined = weights.joined(bySubnetworks: fresh(Array(paying), pricing))
      }
      guard joined.width > 0 else { return }
      var descent = VectorDescent(problem: problem)
      descent.levels = levels
      descent.threads = threads
      descent.isCancelled = isCancelled
      take(descent.descended(from: joined))
    }

    /// Goes on from the weights of another run.
    mutating func restore(_ other: NetworkParameters) {
      guard other.values != weights.values else { return }
      let objective = WeightDecayObjective(problem, width: other.width, threads: threads)
      (weights, value) = (other, objective.evaluate(other))
      dualPoint = problem.dualPoint(objective.predictions)
    }

    /// Takes weights, in balance, if they are better.
    mutating func take(_ other: NetworkParameters) {
      let reached = other.balanced(units: units)
      let objective = WeightDecayObjective(problem, width: reached.width, threads: threads)
      let value = objective.evaluate(reached)
      guard value < self.value else { return }
      (weights, self.value) = (reached, value)
      dualPoint = problem.dualPoint(objective.predictions)
    }

    /// Sub-networks so long that together they lower the objective at first order.
    private func fresh(
      _ directions: [VectorSubnetworkPricing.Direction], _ pricing: VectorSubnetworkPricing
    ) -> NetworkParameters {
      let parts = directions.map { direction -> Part in
        let response = pricing.response(direction.part)
        let size = response.indices.reduce(0) { $0 + problem.weights[$1] * response[$1] * response[$1] }
        let length = (direction.value - problem.beta) / max(size * Double(directions.count), 1e-300)
        return Part(
          sign: 1, vector: direction.part.vector.map { length * $0 }, family: direction.part.family)
      }
      return NetworkParameters(
        parts, heads: directions.map(\.head), units: units, inputs: weights.inputs, outputs: weights.outputs)
    }
  }
}
