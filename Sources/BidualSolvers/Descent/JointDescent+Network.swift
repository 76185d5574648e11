import BidualLinear
import BidualModels

extension JointDescent.Network {
  /// The best network that has no neurons.
  init(withoutNeuronsIn problem: TrainingProblem) {
    let offset = problem.constantFit
    let predictions = problem.targets.map { _ in offset }
    self.init(
      neurons: [], offset: offset, objective: problem.lossValue(predictions),
      dualPoint: problem.constantDualPoint, predictions: predictions)
  }

  /// A network from its neurons, with its predictions and objective.
  init(
    _ neurons: [Part], offset: Double, dualPoint: [Double], in problem: TrainingProblem,
    atoms: some NeuronAtoms
  ) {
    let predictions = atoms.predictions(of: neurons, offset: problem.hasOffset ? offset : 0)
    self.init(
      neurons: neurons, offset: offset,
      objective: problem.lossValue(predictions)
        + problem.beta * neurons.reduce(0) { $0 + atoms.length(of: $1.vector) },
      dualPoint: dualPoint, predictions: predictions)
  }

  /// The network with neurons merged that no hyperplane separates, without those that make no difference, if
  /// that does not raise the objective.
  func simplified(in problem: TrainingProblem, pieces: some Pieces, atoms: some NeuronAtoms)
    -> JointDescent.Network
  {
    let longest = neurons.map { norm($0.vector) }.max() ?? 0
    let merged = pieces.merged(neurons.filter { norm($0.vector) > 1e-6 * longest }, tolerance: 1e-9)
    let simple = JointDescent.Network(
      merged, offset: offset, dualPoint: dualPoint, in: problem, atoms: atoms)
    return simple.objective <= objective * (1 + 1e-10) ? simple : self
  }

  /// Whether the shapes are those of a network for `problem` whose parts have vectors of `dimension` numbers.
  func fits(_ problem: TrainingProblem, dimension: Int) -> Bool {
    neurons.allSatisfy { $0.vector.count == dimension && abs($0.sign) == 1 }
      && dualPoint.count == problem.targets.count && predictions.count == problem.targets.count
  }
}
