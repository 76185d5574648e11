import BidualLinear
import BidualModels
import BidualPolars

/// Finds the lengths of all neurons anew, along the directions that they have, together with those of neurons that join: a lasso
/// (`LassoMaster`), whose dual point prices more directions, some times over.
///
/// Where all samples are fitted, as with a small β, a neuron that joins a network of fixed lengths lowers no loss, and one that joins
/// short grows slowly under steps that change weights by a share of their size. Here a network may give up old neurons for
/// new ones at once, and its dual point is that of a program solved: a direction that pays at it leads on.
struct NeuronLasso {
  private let problem: TrainingProblem
  private let atoms: any NeuronAtoms
  private let pricing: NeuronPricing
  private let tolerance: Double
  private let isCancelled: () -> Bool

  /// How often directions join before all move.
  private let rounds = 3
  /// Samples differ a hundred times more along some directions than along others, so that close ones may be of unlike patterns.
  private let closeness = 0.98

  /// A lasso of neurons for a problem in the coordinates of its row space.
  ///
  /// - Parameter tolerance: the relative gap to which programs are solved.
  init(
    _ problem: TrainingProblem, atoms: any NeuronAtoms, pricing: NeuronPricing, tolerance: Double,
    isCancelled: @escaping () -> Bool
  ) {
    self.problem = problem
    self.atoms = atoms
    self.pricing = pricing
    self.tolerance = tolerance
    self.isCancelled = isCancelled
  }

  /// The network with its neurons at the lengths of the lasso, and the lasso's dual point.
  func weighed(_ network: JointDescent.Network) -> JointDescent.Network {
    var master = master(along: network)
    return solve(&master)
  }

  /// A network that neurons in those directions that pay have joined, and others in directions that pay then.
  ///
  /// - Complexity: O(n²m) for each of some dozens of steps of an interior point, and the ascents.
  func network(
    _ network: JointDescent.Network, joinedBy directions: [PolarMaximizer], from starts: inout StartingPoints
  ) -> JointDescent.Network {
    var master = master(along: network)
    var (now, directions) = (network, directions)
    for round in 1...rounds {
      let chosen = pricing.paying(directions, within: closeness)
      guard !chosen.isEmpty else { break }
      for maximum in chosen { master.insert(maximum.direction.normalized) }
      let next = solve(&master)
      if next.objective <= now.objective * (1 + tolerance) { now = next }
      guard round < rounds, !isCancelled() else { break }
      master.dropIdle(after: 1)
      directions = pricing.someDirections(at: next.dualPoint, around: next.neurons, from: &starts)
    }
    return now
  }

  private func master(along network: JointDescent.Network) -> LassoMaster {
    var master = LassoMaster(problem, kind: atoms)
    for neuron in network.neurons where norm(neuron.vector) > 0 { master.insert(neuron.vector.normalized) }
    return master
  }

  private func solve(_ master: inout LassoMaster) -> JointDescent.Network {
    var interiorPoint = InteriorPoint()
    interiorPoint.tolerance = tolerance
    interiorPoint.isCancelled = isCancelled
    let solution = master.solve(with: interiorPoint)
    return JointDescent.Network(
      master.vectors(above: 1e-6), offset: master.offset, dualPoint: solution.dualPoint, in: problem,
      atoms: atoms)
  }
}
