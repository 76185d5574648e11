import BidualArrangements
import BidualLinear
import BidualModels

/// Short neurons for `GaussNewtonDescent` to begin with: one of either sign for each of some clusters of rows, along its centre (PE20, A.1).
enum FirstNeurons {
  /// How many clusters there are at most.
  private static let clusters = 50

  /// The number of neurons at most.
  static var largestCount: Int { 2 * clusters }

  /// The network of such neurons, whose predictions are those of none; nil where rows have no centres but zero.
  ///
  /// - Parameter problem: in the coordinates of the row space.
  static func network(
    _ problem: TrainingProblem, atoms: any DescentAtoms, seed: UInt64, stop: StopSignal
  ) -> JointDescent.Network? {
    // As many atoms as there are predictions make any network.
    let source = ClusterGates(clusters: min(clusters, problem.targets.count), bisects: false)
    guard
      let centres = try? PatternCollection(
        [source], data: problem.neuronRows, seed: seed, isCancelled: { stop.isRaised })
    else { return nil }
    let directions = centres.gates.compactMap { $0?.normalized }
    let responses = atoms.responses(to: directions.map { Part(sign: 1, vector: $0) }).elements
    let size = norm(problem.targets) / Double(problem.targets.count).squareRoot()
    let typical = norm(responses) / Double(max(1, responses.count)).squareRoot()
    guard typical > 0, size > 0 else { return nil }
    // A tenth of the targets' size each: far from any optimum's, and long enough for a step to tell them apart.
    let parts = directions.flatMap { direction in
      [1.0, -1].map { Part(sign: $0, vector: direction.map { 0.1 * size / typical * $0 }) }
    }
    return JointDescent.Network(
      parts, offset: problem.constantFit, dualPoint: problem.constantDualPoint, in: problem, atoms: atoms)
  }
}
