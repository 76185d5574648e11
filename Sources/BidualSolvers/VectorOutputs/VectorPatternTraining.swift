import BidualArrangements
import BidualCertificates
import BidualLinear
import BidualModels
import BidualPolars

/// Training of networks with several outputs whose architecture has its patterns, such as gated and linear ones: with one matrix
/// W of r×c numbers a pattern,
///
///     minimise  ℓ(Σₚ DₚZWₚ + 1bᵀ, Y) + β Σₚ ‖Wₚ‖_*
///
/// with the nuclear norm, which is the gauge of the atoms (MSP22; SEPP21 §3.3 for one pattern). Its singular vectors are the neurons.
///
/// On the patterns that have a say, which are found by their polar values, proximal gradient steps and descent in the neurons take
/// turns: a pattern whose ‖ZᵀDV‖₂ stays below β is zero.
package struct VectorPatternTraining: UninterruptedSolver {
  private let problem: TrainingProblem
  private let atoms: any PatternedAtoms
  private let options: GivenPatterns.Options

  /// Problems with several outputs whose networks have their patterns, and with a loss that has slopes without kinks.
  package static func check(_ problem: TrainingProblem) throws(DataError) { _ = try required(problem) }

  private static func required(_ problem: TrainingProblem) throws(DataError) -> any PatternedAtoms {
    guard let atoms = problem.atoms as? any PatternedAtoms, problem.outputs > 1, problem.loss.hasSlope,
      !problem.loss.hasKinks
    else {
      throw problem.lacks("the program over patterns with several outputs")
    }
    return atoms
  }

  /// A solver for a problem.
  ///
  /// - Throws: `DataError` as `check`.
  package init(_ problem: TrainingProblem, options: GivenPatterns.Options = .init()) throws(DataError) {
    atoms = try Self.required(problem)
    self.problem = problem
    self.options = options
  }

  /// Trains until the gap is shown or a limit or `stop` ends the run; the answer is honest in any case.
  ///
  /// Of a time limit the last tenth is kept for the proof.
  package func train(stop: StopSignal = StopSignal(), progress: (TrainingProgress) -> Void = { _ in })
    -> TrainingOutcome
  {
    let certifier = Certifier(problem, threads: options.threads)
    let time = stop.firstPart(0.9)
    var blocks = PatternMatrices(problem.reduced, patterns: atoms.patterns, threads: options.threads)
    var network: any Network = problem.constantNetwork()
    var objective = certifier.objective(of: network)
    // The dual point with the largest bound so far, and the proof that it gave in the end.
    var best: (dualPoint: [Double], bound: Double)?
    var proof: Certificate?
    var progressed = 1.0
    var status: SolverStatus?
    var round = 0
    while status == nil {
      round += 1
      let dualPoint = certifier.feasibleDualPoint(blocks.dualPoint)
      let (polar, violators) = blocks.pricing(dualPoint)
      let bound = certifier.lowerBound(dualPoint, polarBound: polar * (1 + 1e-12))
      if bound.value > best?.bound ?? -.infinity { best = (dualPoint, bound.value) }
      if let best, certifier.relativeGap(objective: objective, lowerBound: best.bound) <= options.gap {
        proof = certifier.certify(network, dualPoint: best.dualPoint, gap: options.gap).certificate
      }
      progress(
        TrainingProgress(
          iteration: round, workingSet: blocks.active.count, unit: .patterns, objective: objective,
          lowerBound: bound.value, nodes: 0))
      if let proof,
        certifier.relativeGap(objective: objective, lowerBound: proof.lowerBound) <= options.gap
      {
        status = .solved
      } else if time.isRaised {
        status = stop.ending
      } else if round > 500 {
        status = .iterationLimit
      } else {
        blocks.admit(violators)
        // Far from the optimum proximal steps need only tell which neurons there are.
        blocks.descend(steps: progressed > 1e-3 ? 10 : 100, isCancelled: { time.isRaised })
        blocks.descendNeurons(steps: 100, isCancelled: { time.isRaised })
        let reached = atoms.network(of: blocks.matrices, offsets: blocks.offsets)
        let value = certifier.objective(of: reached)
        progressed = 1 - value / objective
        if value < objective { (network, objective) = (reached, value) }
      }
    }
    let certificate =
      proof
      ?? certifier.certify(network, dualPoint: best?.dualPoint ?? blocks.dualPoint, gap: options.gap)
      .certificate
    return TrainingOutcome(
      network: network, certificate: certificate.beside(objective: objective),
      status: status ?? .iterationLimit,
      method: .givenPatterns, workingSet: atoms.patterns.count, iterations: round,
      rank: atoms.geometry.rank, chambers: nil)
  }
}
