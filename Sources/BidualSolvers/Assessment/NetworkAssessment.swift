import BidualCertificates
import BidualLinear
import BidualModels

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
  package init(
    of network: any Network, in problem: TrainingProblem,
    options: WorkingSet.Options = WorkingSet.Options(),
    stop: StopSignal = StopSignal(), progress: (TrainingProgress) -> Void = { _ in }
  ) throws(DataError) {
    guard let atoms = problem.atoms as? any AssessableAtoms, problem.loss.hasSlope,
      let assessment = try atoms.assessment(
        of: network, in: problem, options: options, stop: stop, progress: progress)
    else {
      throw problem.lacks("assessment", .badData, remedy: "use verify with their certificate")
    }
    self = assessment
  }

  /// What was found out about a network with an objective; one that is balanced has its patterns too.
  init(objective: Double, balanced: Double, restricted: Double, best: TrainingOutcome) {
    certificate = best.certificate.beside(objective: objective)
    balancedObjective = balanced
    restrictedOptimum = min(balanced, restricted)
    self.best = best
  }
}
