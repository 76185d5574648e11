import BidualCertificates
import BidualLinear
import BidualModels

/// Atoms whose networks from elsewhere can be assessed.
package protocol AssessableAtoms: Atoms {
  /// How far a network is from the best; nil for a network of another kind.
  func assessment(
    of network: any Network, in problem: TrainingProblem, options: WorkingSet.Options, stop: StopSignal,
    progress: (TrainingProgress) -> Void
  ) throws(DataError) -> NetworkAssessment?
}

/// Atoms whose networks can be taken apart.
package protocol DecomposableAtoms: PiecewiseAtoms, AssessableAtoms {
  /// The parts of a network in the coordinates of the row space; nil for a network of another kind.
  func parts(of network: any Network) -> [Part]?
}

extension DecomposableAtoms {
  /// By the convex program over the pieces of the network's own parts.
  package func assessment(
    of network: any Network, in problem: TrainingProblem, options: WorkingSet.Options, stop: StopSignal,
    progress: (TrainingProgress) -> Void
  ) throws(DataError) -> NetworkAssessment? {
    guard let given = parts(of: network) else { return nil }
    let certifier = Certifier(problem, threads: options.threads)
    let best: TrainingOutcome
    if let closed = ClosedForms(problem, options: options).train(stop: stop, progress: progress) {
      best = closed
    } else {
      best = try WorkingSet(problem, options: options).train(stop: stop, progress: progress)
    }
    return NetworkAssessment(
      objective: certifier.objective(of: network),
      balanced: certifier.objective(of: self.network(of: given, offset: network.offset)),
      restricted: restrictedOptimum(given, certifier, hasOffset: network.offset != nil, stop: stop),
      best: best)
  }

  /// The optimum of the program over the pieces that hold some parts.
  private func restrictedOptimum(_ parts: [Part], _ certifier: Certifier, hasOffset: Bool, stop: StopSignal)
    -> Double
  {
    var master = Master(certifier.problem, pieces: pieces())
    for part in parts where BidualLinear.norm(part.vector) > 0 { master.insert(part) }
    let constant = network(of: [], offset: hasOffset ? certifier.problem.constantFit : nil)
    var optimum = certifier.objective(of: constant)
    for _ in 0..<50 where !master.isEmpty && !stop.isRaised {
      var interiorPoint = InteriorPoint()
      interiorPoint.isCancelled = { stop.isRaised }
      _ = master.solve(with: interiorPoint)
      let solution = network(of: master.parts(above: 0), offset: hasOffset ? master.offset : nil)
      let violated = master.enforceViolatedFacets().count
      optimum = min(optimum, certifier.objective(of: solution))
      if violated == 0 { break }
    }
    return optimum
  }
}
