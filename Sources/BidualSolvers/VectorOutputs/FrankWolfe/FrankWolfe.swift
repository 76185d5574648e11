import BidualCertificates
import BidualLinear
import BidualModels
import BidualPolars

/// The Frank–Wolfe method of SEPP21 (Algorithm 1) for the squared loss, in a fully corrective form or with the paper's plain steps.
///
/// Each round the linear problem over the unit ball of the gauge is solved exactly: an atom (Xu)₊gᵀ with the largest ⟨V, A⟩ = κ(V), by the
/// proving oracle, which bounds the optimum from below at once. Then the coefficients of all atoms found so far are set anew,
///
///     min over c ≥ 0 of  ½Σ ωᵢ‖(Σₖ cₖAₖ − Y)ᵢ‖² + β Σₖ cₖ
///
/// so that the radius t = Σ cₖ of (14) needs no search of its own. A cross-check of `VectorTraining` that shares none of its descent, for few
/// features: atoms stay where they were found, and convergence is slow in the end. Plain steps (`NormSearch`) are much slower still.
package struct FrankWolfe: UninterruptedSolver {
  private let problem: TrainingProblem
  private let atoms: VectorReLUAtoms
  private let options: WorkingSet.Options
  private let steps: FrankWolfeSteps

  /// Problems of two-layer ReLU networks with several outputs and without offsets, with the squared loss.
  package static func check(_ problem: TrainingProblem) throws(DataError) { _ = try required(problem) }

  private static func required(_ problem: TrainingProblem) throws(DataError) -> VectorReLUAtoms {
    guard let atoms = VectorReLUAtoms.unpooled(of: problem), problem.loss.isHalfSquare, !problem.hasOffset
    else {
      throw problem.lacks("the Frank-Wolfe method, of several outputs without offsets,")
    }
    return atoms
  }

  /// A solver for a problem.
  ///
  /// - Throws: `DataError` as `check`, and of kind `badSettings` for a norm that is not a positive number.
  package init(
    _ problem: TrainingProblem, options: WorkingSet.Options = .init(), steps: FrankWolfeSteps = .corrective
  )
    throws(DataError)
  {
    atoms = try Self.required(problem)
    if case .plain(let norm?) = steps, !(norm > 0 && norm.isFinite) {
      throw DataError(.badSettings, "the norm of plain steps is \(norm); give a positive number")
    }
    self.problem = problem
    self.options = options
    self.steps = steps
  }

  /// Trains until the gap is proven or a limit or `stop` ends the run; the answer is honest in any case.
  package func train(stop: StopSignal = StopSignal(), progress: (TrainingProgress) -> Void = { _ in })
    -> TrainingOutcome
  {
    switch steps {
    case .corrective: corrected(stop, progress)
    case .plain(let norm):
      NormSearch(problem: problem, atoms: atoms, options: options, norm: norm).train(
        stop: stop, progress: progress)
    }
  }

  private func corrected(_ stop: StopSignal, _ progress: (TrainingProgress) -> Void) -> TrainingOutcome {
    let certifier = Certifier(problem, threads: options.threads)
    let pricing = VectorPricing(
      atoms, threads: options.threads, isCancelled: { stop.isRaised })
    var combination = AtomCombination(problem, atoms.geometry)
    var best = Incumbent<Void>(certifier)
    var status: SolverStatus?
    var round = 0
    while status == nil {
      round += 1
      let dualPoint = certifier.feasibleDualPoint(combination.dualPoint)
      let verdict = certifier.certify(
        best.network, dualPoint: dualPoint, polarAccuracy: 0.1 * options.gap,
        effort: options.effort(until: stop))
      best.offer(verdict)
      progress(best.progress(iteration: round, workingSet: combination.count))
      let found = pricing.climbed(
        dualPoint, from: verdict.violators.map { .init(vector: $0.direction, value: $0.value) },
        above: problem.beta * (1 + 1e-13), limit: 20)
      if best.relativeGap <= options.gap {
        status = .solved
      } else if let stopped = stop.status {
        status = stopped
      } else if round > options.maximumIterations {
        status = .iterationLimit
      } else if found.isEmpty {
        status = verdict.isComplete ? .insufficientProgress : .proofLimit
      } else {
        combination.join(found.map(\.vector), pricing.gains(dualPoint, Matrix(found.map(\.vector))))
        combination.correct()
        best.offer(combination.network(in: atoms.geometry.rowSpace))
      }
    }
    return TrainingOutcome(
      network: best.network,
      certificate: best.certificate(dualPoint: combination.dualPoint, gap: options.gap),
      status: status ?? .iterationLimit,
      method: best.network.neurons == 0 ? .zeroNetwork : .frankWolfe, workingSet: combination.count,
      iterations: round, rank: atoms.geometry.rank, chambers: nil)
  }
}
