import BidualCertificates
import BidualLinear
import BidualModels
import BidualObjectives
import BidualPolars

/// How far a given network, trained anywhere, is from the best of all networks.
public struct NetworkAssessment: Sendable {
  /// The network's own objective with the best global lower bound found.
  public let certificate: Certificate
  /// The objective after each neuron's two layers were given the same length, which no prediction notices.
  public let balancedObjective: Double
  /// The optimum of the convex program over the network's own activation patterns and signs.
  public let restrictedOptimum: Double
  /// The best network that the search for a bound came upon, with its own certificate and status.
  public let best: TrainingOutcome

  /// Whether the network is, to this relative accuracy, a stationary point: optimal among all networks with its
  /// activation patterns and signs. Every local minimum of training is one.
  public func isStationary(to tolerance: Double) -> Bool {
    Certificate.relativeGap(
      objective: certificate.objective, lowerBound: restrictedOptimum, reference: certificate.reference)
      <= tolerance
  }

  /// Assesses `network` in `problem`, whose networks are two-layer ReLU networks.
  ///
  /// The lower bound is the better of those that the network's own residual and the working set's dual
  /// points prove.
  ///
  /// - Throws: `DataError` of kind `badData` for other architectures, other norms than ℓ₂, and interpolation,
  ///   whose networks nothing but their own training assesses.
  /// - Complexity: that of training.
  public init(
    of network: TwoLayerNetwork, in problem: TrainingProblem,
    options: WorkingSet.Options = WorkingSet.Options(),
    stop: StopSignal = StopSignal(), progress: (TrainingProgress) -> Void = { _ in }
  ) throws(DataError) {
    guard problem.activation == .relu, problem.norm == .l2, !(problem.loss is InterpolationLoss) else {
      throw DataError(
        .badData,
        "two-layer ReLU networks under the l2 norm can be assessed, not \(problem.activation.architecture) ones with the loss '\(problem.loss.name)' under \(problem.norm.rawValue); use verify with their certificate"
      )
    }
    let certifier = Certifier(problem, threads: options.threads)
    let objective = certifier.objective(of: network)
    best =
      ClosedForms(problem, options: options).train(stop: stop, progress: progress)
      ?? WorkingSet(problem, options: options).train(stop: stop, progress: progress)
    certificate = best.certificate.beside(objective: objective)
    let neurons = network.parts(in: certifier.rowSpace)
    balancedObjective = certifier.objective(
      of: NeuronMerging.network(
        neurons, rowSpace: certifier.rowSpace, like: network, offset: network.offset ?? 0))
    restrictedOptimum = Self.restrictedOptimum(neurons, certifier: certifier, like: network, stop: stop)
  }

  /// Solves the program over the chambers that hold the network's neurons.
  private static func restrictedOptimum(
    _ neurons: [Part], certifier: Certifier, like network: TwoLayerNetwork,
    stop: StopSignal
  ) -> Double {
    let design = certifier.rowSpace.coordinates
    let hyperplanes = Hyperplanes(design)
    var master = Master(certifier.problem, design: design, hyperplanes: hyperplanes)
    for part in neurons where norm(part.vector) > 0 {
      let sides = hyperplanes.sides(at: part.vector)
      _ = master.insert(.init(sign: part.sign, sides: sides), near: part.vector)
    }
    var optimum = certifier.objective(
      of: .zero(
        inputs: network.hidden.columns, offset: network.offset.map { _ in certifier.problem.constantFit }))
    for _ in 0..<50 where !master.isEmpty && !stop.isRaised {
      var interiorPoint = InteriorPoint()
      interiorPoint.isCancelled = { stop.isRaised }
      _ = master.solve(with: interiorPoint)
      let solution = NeuronMerging.network(
        master.vectors(longerThan: 0), rowSpace: certifier.rowSpace, like: network, offset: master.offset)
      let violated = master.enforceViolatedFacets().count
      optimum = min(optimum, certifier.objective(of: solution))
      if violated == 0 { break }
    }
    return optimum
  }
}
