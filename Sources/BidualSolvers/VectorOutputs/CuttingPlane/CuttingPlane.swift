import BidualCertificates
import BidualLinear
import BidualModels
import BidualPolars

/// The analytic centre cutting plane method on the dual of networks with several outputs (SEPP21, A.5), for the squared loss.
///
///     max D(V) = ⟨V, Y⟩ − ½Σ‖Vᵢ‖²/ωᵢ   subject to   ‖Vᵀ(Xu)₊‖ ≤ β for all unit vectors u
///
/// Of the constraints, which are as many as there are directions, only cuts are kept. Asked at an analytic centre of what they leave
/// (`CutCenter`), the proving oracle names directions that the centre violates, which become cuts, or proves the gap. The
/// centre's multipliers are the network. A cross-check of `VectorTraining` that shares none of its descent, for few samples.
package struct CuttingPlane: UninterruptedSolver {
  /// The most numbers that a dual point may have.
  package static let largestDualPoint = 2_000

  private let problem: TrainingProblem
  private let atoms: VectorReLUAtoms
  private let options: WorkingSet.Options

  /// Problems of two-layer ReLU networks with several outputs and without offsets, with the squared loss.
  package static func check(_ problem: TrainingProblem) throws(DataError) { _ = try required(problem) }

  private static func required(_ problem: TrainingProblem) throws(DataError) -> VectorReLUAtoms {
    guard let atoms = VectorReLUAtoms.unpooled(of: problem), problem.loss.isHalfSquare, !problem.hasOffset
    else {
      throw problem.lacks("the cutting plane method, of several outputs without offsets,")
    }
    return atoms
  }

  /// A solver for a problem.
  ///
  /// - Throws: `DataError` as `check`, and of kind `badData` for more than `largestDualPoint` targets.
  package init(_ problem: TrainingProblem, options: WorkingSet.Options = .init()) throws(DataError) {
    atoms = try Self.required(problem)
    guard problem.targets.count <= Self.largestDualPoint else {
      throw DataError(
        .badData,
        "\(problem.design.rows) samples of \(problem.outputs) targets are more than the \(Self.largestDualPoint) numbers of a dual point that the cutting plane method can center; use the default method"
      )
    }
    self.problem = problem
    self.options = options
  }

  /// Trains until the gap is proven or a limit or `stop` ends the run; the answer is honest in any case.
  ///
  /// - Complexity: O(k(nc)² + (nc)³) a Newton step for k cuts, and a proof a round.
  package func train(stop: StopSignal = StopSignal(), progress: (TrainingProgress) -> Void = { _ in })
    -> TrainingOutcome
  {
    let certifier = Certifier(problem, threads: options.threads)
    let pricing = VectorPricing(
      atoms, threads: options.threads, isCancelled: { stop.isRaised })
    var center = CutCenter(problem, atoms.geometry)
    var best = Incumbent<Void>(certifier)
    var status: SolverStatus?
    var round = 0
    while status == nil {
      round += 1
      center.settle(isCancelled: { stop.isRaised })
      let network = center.network(in: atoms.geometry.rowSpace)
      best.offer(network)
      let dualPoint = center.dualPoint
      let verdict = certifier.certify(
        best.network, dualPoint: dualPoint, gap: options.gap, maximumViolators: 8,
        effort: options.effort(until: stop))
      best.offer(verdict)
      progress(best.progress(iteration: round, workingSet: center.count))
      let found = pricing.climbed(
        dualPoint, from: verdict.violators.map { .init(vector: $0.direction, value: $0.value) },
        above: problem.beta * (1 + 0.01 * options.gap), limit: 8)
      if best.relativeGap <= options.gap {
        status = .solved
      } else if let stopped = stop.status {
        status = stopped
      } else if round >= options.maximumIterations {
        status = .iterationLimit
      } else if verdict.violators.isEmpty, !verdict.isComplete {
        status = .proofLimit
      } else {
        // More haste where the network is further from the centre's value than the centre is from feasible.
        let largest = found.first?.value ?? problem.beta
        let outside = center.value - certifier.lowerBound(dualPoint, polarBound: largest).value
        let isHasty = certifier.objective(of: network) - center.value > 0.3 * outside
        center.cut(at: found.map(\.vector), values: found.map(\.value))
        if isHasty, !center.approach(by: 0.2) { status = .insufficientProgress }
      }
    }
    return TrainingOutcome(
      network: best.network,
      certificate: best.certificate(dualPoint: center.dualPoint, gap: options.gap),
      status: status ?? .iterationLimit,
      method: best.network.neurons == 0 ? .zeroNetwork : .cuttingPlane, workingSet: center.count,
      iterations: round, rank: atoms.geometry.rank, chambers: nil)
  }
}
