import BidualLinear
import BidualModels
import BidualPolars

/// Prices neurons at a dual point by local ascent, and lets those that pay join a network.
struct NeuronPricing {
  private let problem: TrainingProblem
  private let atoms: any NeuronAtoms
  private let ascent: any DirectionAscent

  /// Pricing for a problem whose design has full column rank.
  init(_ problem: TrainingProblem, atoms: any NeuronAtoms, ascent: any DirectionAscent) {
    self.problem = problem
    self.atoms = atoms
    self.ascent = ascent
  }

  /// Directions from a few random points: some at any time, and quickly.
  func firstDirections(at dualPoint: [Double], from starts: inout StartingPoints) -> [PolarMaximizer] {
    ascent.maxima(of: dualPoint, from: starts.random(8))
  }

  /// Directions that ascents from a few random points, and from close to as many of the neurons, lead to, largest value first.
  func someDirections(
    at dualPoint: [Double], around neurons: [Part], from starts: inout StartingPoints
  ) -> [PolarMaximizer] {
    ascent.maxima(of: dualPoint, from: starts.few(16, around: neurons.map(\.vector)))
  }

  /// Directions that ascents from random points and from the neurons lead to, largest value first.
  func directions(
    at dualPoint: [Double], around neurons: [Part], from starts: inout StartingPoints
  ) -> [PolarMaximizer] {
    ascent.maxima(of: dualPoint, from: starts.around(neurons.map(\.vector)))
  }

  /// A harder search, for directions that refute a small gap: more starts, and exact ascent from chamber to
  /// chamber at the best ends.
  func refutations(
    of directions: [PolarMaximizer], at dualPoint: [Double], from starts: inout StartingPoints
  ) -> [PolarMaximizer] {
    let ends = (directions + ascent.maxima(of: dualPoint, from: starts.random(256)))
      .sorted { $0.value > $1.value }
    return (ascent.climbed(dualPoint, from: Array(ends.prefix(16))) + ends).sorted { $0.value > $1.value }
  }

  /// A network joined by neurons in those directions that pay (`neurons`), and no more than that: where no
  /// direction does, the network itself.
  func network(_ network: JointDescent.Network, joinedBy directions: [PolarMaximizer]) -> JointDescent.Network
  {
    let fresh = neurons(from: directions, joining: network.predictions)
    guard !fresh.isEmpty else { return network }
    return JointDescent.Network(
      network.neurons + fresh, offset: network.offset, dualPoint: network.dualPoint, in: problem,
      atoms: atoms)
  }

  /// Directions whose value exceeds β, no two of them with a cosine above `closeness`.
  func paying(_ directions: [PolarMaximizer], within closeness: Double, limit: Int = 40) -> [PolarMaximizer] {
    var chosen: [PolarMaximizer] = []
    for maximum in directions where maximum.value > problem.beta {
      let length = norm(maximum.direction)
      let isKnown = chosen.contains {
        $0.sign == maximum.sign && $0.family == maximum.family
          && dot($0.direction, maximum.direction) > closeness * norm($0.direction) * length
      }
      if !isKnown { chosen.append(maximum) }
      if chosen.count == limit { break }
    }
    return chosen
  }

  /// Neurons in those directions whose value exceeds β, no two of them close to each other, with lengths at
  /// which they lower the objective together.
  ///
  /// - Parameter predictions: those of the network that they join.
  func neurons(
    from directions: [PolarMaximizer], joining predictions: [Double], limit: Int = 40
  ) -> [Part] {
    let chosen = paying(directions, within: 0.95, limit: limit)
    guard !chosen.isEmpty else { return [] }
    let responses = atoms.responses(
      to: chosen.map { Part(sign: $0.sign, vector: $0.direction, family: $0.family) })
    var shares: [Double] = []
    var change = [Double](repeating: 0, count: predictions.count)
    for (j, maximum) in chosen.enumerated() {
      let atom = responses.column(j)
      let share = (maximum.value - problem.beta) / dot(atom, atom)
      shares.append(share)
      for i in atom.indices { change[i] += maximum.sign * share * atom[i] }
    }
    let length = length(along: change, from: predictions, penalty: problem.beta * shares.reduce(0, +))
    return zip(chosen, shares).map { maximum, share in
      Part(
        sign: maximum.sign, vector: maximum.direction.map { $0 * length * share }, family: maximum.family)
    }
  }

  /// About the best step along a change of the predictions that costs `penalty` per unit; never none, so
  /// that descent has a neuron to start from.
  private func length(along change: [Double], from predictions: [Double], penalty: Double) -> Double {
    func value(_ length: Double) -> Double {
      problem.lossValue(predictions.indices.map { predictions[$0] + length * change[$0] }) + length * penalty
    }
    var length = 1.0
    var reached = value(length)
    let now = value(0)
    for _ in 0..<40 where !(reached < now) {
      length *= 0.25
      reached = value(length)
    }
    for factor in [2.0, 0.5] {
      for _ in 0..<40 {
        let next = value(factor * length)
        guard next < reached else { break }
        length *= factor
        reached = next
      }
    }
    return length
  }
}
