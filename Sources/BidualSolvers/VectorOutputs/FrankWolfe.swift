import BidualCertificates
import BidualLinear
import BidualModels
import BidualPolars

/// The Frank–Wolfe method of SEPP21 (Algorithm 1) in its fully corrective form, for the squared loss.
///
/// Each round the linear problem over the unit ball of the gauge is solved exactly: an atom (Xu)₊gᵀ with the largest ⟨V, A⟩ = κ(V), by the
/// proving oracle, which bounds the optimum from below at once. Then the coefficients of all atoms found so far are set anew,
///
///     min over c ≥ 0 of  ½Σ ωᵢ‖(Σₖ cₖAₖ − Y)ᵢ‖² + β Σₖ cₖ
///
/// so that the radius t = Σ cₖ of (14) needs no search of its own. A cross-check of `VectorTraining` that shares none of its descent, for few
/// features: atoms stay where they were found, and convergence is slow in the end.
public struct FrankWolfe: UninterruptedSolver {
  private let problem: TrainingProblem
  private let atoms: VectorReLUAtoms
  private let options: WorkingSet.Options

  /// Problems of two-layer ReLU networks with several outputs and without offsets, with the squared loss.
  public static func check(_ problem: TrainingProblem) throws(DataError) { _ = try required(problem) }

  private static func required(_ problem: TrainingProblem) throws(DataError) -> VectorReLUAtoms {
    guard let atoms = problem.atoms as? VectorReLUAtoms, problem.loss.isHalfSquare, !problem.hasOffset else {
      throw problem.lacks("the Frank-Wolfe method, of several outputs without offsets,")
    }
    return atoms
  }

  /// A solver for a problem.
  ///
  /// - Throws: `DataError` as `check`.
  public init(_ problem: TrainingProblem, options: WorkingSet.Options = .init()) throws(DataError) {
    atoms = try Self.required(problem)
    self.problem = problem
    self.options = options
  }

  /// Trains until the gap is proven or a limit or `stop` ends the run; the answer is honest in any case.
  public func train(stop: StopSignal = StopSignal(), progress: (TrainingProgress) -> Void = { _ in })
    -> TrainingOutcome
  {
    let certifier = Certifier(problem, threads: options.threads)
    let pricing = VectorPricing(
      atoms.geometry, outputs: problem.outputs, threads: options.threads, isCancelled: { stop.isRaised })
    var combination = AtomCombination(problem, atoms.geometry)
    var network: any Network = problem.constantNetwork()
    var objective = certifier.objective(of: network)
    var proof: Certificate?
    var status: SolverStatus?
    var round = 0
    while status == nil {
      round += 1
      let dualPoint = certifier.feasibleDualPoint(combination.dualPoint)
      let verdict = certifier.certify(
        network, dualPoint: dualPoint, polarAccuracy: 0.1 * options.gap, effort: options.effort(until: stop))
      if verdict.certificate.lowerBound > proof?.lowerBound ?? -.infinity { proof = verdict.certificate }
      let lowerBound = proof?.lowerBound ?? -.infinity
      progress(
        TrainingProgress(
          iteration: round, workingSet: combination.count, unit: .neurons, objective: objective,
          lowerBound: lowerBound, nodes: verdict.nodes))
      let found = pricing.climbed(
        dualPoint, from: verdict.violators.map { .init(vector: $0.direction, value: $0.value) },
        above: problem.beta * (1 + 1e-13), limit: 20)
      if certifier.relativeGap(objective: objective, lowerBound: lowerBound) <= options.gap {
        status = .solved
      } else if stop.isRaised {
        status = stop.wasRequested ? .stoppedByCaller : .timeLimit
      } else if round > options.maximumIterations {
        status = .iterationLimit
      } else if found.isEmpty {
        status = verdict.isComplete ? .insufficientProgress : .proofLimit
      } else {
        combination.join(
          found.map(\.vector), pricing.gains(dualPoint, Matrix(found.map(\.vector))))
        combination.correct()
        let reached = combination.network(in: atoms.geometry.rowSpace)
        let value = certifier.objective(of: reached)
        if value < objective { (network, objective) = (reached, value) }
      }
    }
    let certificate =
      proof
      ?? certifier.certify(network, dualPoint: combination.dualPoint, gap: options.gap).certificate
    return TrainingOutcome(
      network: network, certificate: certificate.beside(objective: objective),
      status: status ?? .iterationLimit, method: network.neurons == 0 ? .zeroNetwork : .frankWolfe,
      workingSet: combination.count, iterations: round, rank: atoms.geometry.rank, chambers: nil)
  }
}
