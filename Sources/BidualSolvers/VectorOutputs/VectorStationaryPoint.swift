import BidualLinear
import BidualModels
import BidualPolars

/// The stationary point of training that a network with several outputs descends to.
struct VectorStationaryPoint {
  private let problem: TrainingProblem
  private let space: RowSpace
  private let geometry: Geometry
  private let threads: Int

  /// Descent in a problem.
  init(_ problem: TrainingProblem, _ atoms: VectorReLUAtoms, options: WorkingSet.Options) {
    self.problem = problem.reduced
    geometry = atoms.geometry
    space = atoms.geometry.rowSpace
    threads = options.threads
  }

  /// The network reached from a balanced one: by Newton's method alone where it is affordable, else by descent.
  ///
  /// - Complexity: that of some hundred passes over the samples, or steps of `VectorNewton`.
  func reached(from network: TwoLayerNetwork, stop: StopSignal) -> TwoLayerNetwork {
    let start = NetworkParameters(network.reduced(to: space))
    guard VectorNewton.isAffordable(problem, neurons: start.width) else {
      var descent = VectorDescent(problem: problem)
      descent.levels = [0]
      descent.threads = threads
      descent.isCancelled = { stop.isRaised }
      return descent.descended(from: start).network(in: space)
    }
    var newton = VectorNewton(problem: problem, hyperplanes: geometry.hyperplanes)
    newton.isCancelled = { stop.isRaised }
    return newton.polished(start).network(in: space)
  }
}

extension TwoLayerNetwork {
  /// The network with its first layer in the coordinates of a row space.
  func reduced(to space: RowSpace) -> TwoLayerNetwork {
    TwoLayerNetwork(
      hidden: space.reduced(hidden), output: output, outputs: outputs, offsets: offsets,
      activation: activation)
  }
}
