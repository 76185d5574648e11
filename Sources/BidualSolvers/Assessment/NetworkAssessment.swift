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
  /// The optimum of the convex program over the network's own activation patterns and signs; for several outputs the
  /// objective that descent from the network comes to.
  public let restrictedOptimum: Double
  /// The best network that the search for a bound came upon, with its own certificate and status.
  public let best: TrainingOutcome

  /// Whether the network is, to this relative accuracy, a stationary point: optimal among all networks with its
  /// activation patterns and signs, or for several outputs where descent finds nothing better. Every local minimum of
  /// training is one.
  public func isStationary(to tolerance: Double) -> Bool {
    Certificate.relativeGap(
      objective: certificate.objective, lowerBound: restrictedOptimum, reference: certificate.reference)
      <= tolerance
  }

  /// Assesses `network` in `problem`, whose networks are ReLU networks of two or three layers, or convolutions.
  ///
  /// The lower bound is the better of those that the network's own residual and the working set's dual
  /// points prove.
  ///
  /// - Throws: `DataError` of kind `badData` for other architectures, other norms than ℓ₂, and interpolation,
  ///   whose networks nothing but their own training assesses.
  /// - Complexity: that of training.
  public init(
    of network: any Network, in problem: TrainingProblem,
    options: WorkingSet.Options = WorkingSet.Options(),
    stop: StopSignal = StopSignal(), progress: (TrainingProgress) -> Void = { _ in }
  ) throws(DataError) {
    let certifier = Certifier(problem, threads: options.threads)
    let objective = certifier.objective(of: network)
    if let atoms = problem.atoms as? VectorReLUAtoms, let given = atoms.architecture.neurons(of: network),
      problem.loss.hasSlope
    {
      best = try VectorTraining(problem, options: options).train(stop: stop, progress: progress)
      certificate = best.certificate.beside(objective: objective)
      let balanced = given.balanced(on: problem.neuronRows)
      balancedObjective = certifier.objective(of: atoms.architecture.network(balanced))
      let reached = VectorStationaryPoint(problem, atoms, options: options).reached(
        from: balanced, stop: stop)
      restrictedOptimum = min(balancedObjective, certifier.objective(of: atoms.architecture.network(reached)))
      return
    }
    if let atoms = problem.atoms as? VectorSubnetworkAtoms, let given = network as? ThreeLayerNetwork,
      given.width == atoms.width, problem.loss.hasSlope
    {
      best = try VectorSubnetworkTraining(problem, options: options).train(stop: stop, progress: progress)
      certificate = best.certificate.beside(objective: objective)
      let space = atoms.geometry.rowSpace
      let start = NetworkParameters(given, in: space).balanced(units: atoms.width)
      balancedObjective = certifier.objective(of: start.threeLayerNetwork(units: atoms.width, in: space))
      var descent = VectorDescent(problem: problem.reduced)
      descent.levels = [0]
      descent.threads = options.threads
      descent.isCancelled = { stop.isRaised }
      let reached = descent.descended(from: start).threeLayerNetwork(units: atoms.width, in: space)
      restrictedOptimum = min(balancedObjective, certifier.objective(of: reached))
      return
    }
    if let atoms = problem.atoms as? any HeadedAtoms, let given = atoms.filters(of: network),
      problem.loss.hasSlope
    {
      best = try atoms.optimum(of: problem, options: options, stop: stop, progress: progress)
      certificate = best.certificate.beside(objective: objective)
      balancedObjective = certifier.objective(
        of: atoms.network(of: given.balanced(), offsets: network.offsets))
      // Neurons that are linear everywhere have one pattern: the best with it are the best of all.
      restrictedOptimum = min(balancedObjective, best.certificate.objective)
      return
    }
    guard let atoms = problem.atoms as? any AssessableAtoms, problem.loss.hasSlope,
      let neurons = atoms.parts(of: network)
    else {
      throw problem.lacks("assessment", .badData, remedy: "use verify with their certificate")
    }
    if let closed = ClosedForms(problem, options: options).train(stop: stop, progress: progress) {
      best = closed
    } else {
      best = try WorkingSet(problem, options: options).train(stop: stop, progress: progress)
    }
    certificate = best.certificate.beside(objective: objective)
    let balanced = atoms.network(of: neurons, offset: network.offset)
    balancedObjective = certifier.objective(of: balanced)
    restrictedOptimum = Self.restrictedOptimum(neurons, atoms, certifier, like: network, stop: stop)
  }

  /// Solves the program over the pieces that hold the network's neurons.
  private static func restrictedOptimum(
    _ neurons: [Part], _ atoms: some AssessableAtoms, _ certifier: Certifier, like network: any Network,
    stop: StopSignal
  ) -> Double {
    var master = Master(certifier.problem, pieces: atoms.pieces())
    for part in neurons where norm(part.vector) > 0 { master.insert(part) }
    let constant = atoms.network(of: [], offset: network.offset.map { _ in certifier.problem.constantFit })
    var optimum = certifier.objective(of: constant)
    for _ in 0..<50 where !master.isEmpty && !stop.isRaised {
      var interiorPoint = InteriorPoint()
      interiorPoint.isCancelled = { stop.isRaised }
      _ = master.solve(with: interiorPoint)
      let solution = atoms.network(
        of: master.parts(above: 0), offset: network.offset.map { _ in master.offset })
      let violated = master.enforceViolatedFacets().count
      optimum = min(optimum, certifier.objective(of: solution))
      if violated == 0 { break }
    }
    return optimum
  }
}
