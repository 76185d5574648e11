import BidualArrangements
import BidualCertificates
import BidualLinear
import BidualModels
import BidualPolars

/// The outer search of SEPP21 (14): the radius t with the least φ(t) = min {½‖F − Y‖² : γ(F) ≤ t} + βt.
///
/// φ is convex with slope β − κ(V) at the residual V of the inner optimum, which `ConditionalGradient` finds; so t is bisected by the sign of
/// that, and the inner accuracy keeps pace with the bracket.
struct NormSearch {
  let problem: TrainingProblem
  let atoms: VectorReLUAtoms
  let options: WorkingSet.Options
  /// t, if it is given.
  let norm: Double?
  /// Steps for one t while there is a bracket, and for the last one.
  private static let steps = (search: 3_000, last: 100_000)
  /// Every so many steps are told where t is given.
  private static let told = 50

  /// Trains until the gap is proven or a limit or `stop` ends the run.
  func train(stop: StopSignal, progress: (TrainingProgress) -> Void) -> TrainingOutcome {
    let geometry = atoms.geometry
    let time = stop.firstPart(0.9)
    let certifier = Certifier(problem, threads: options.threads)
    let oracle = oracle(time)
    var inner = ConditionalGradient(problem, geometry)
    var best = Incumbent<Void>(certifier)
    // The penalty of the optimum is no more than what the zero network costs.
    var bracket = (low: norm ?? 0, high: norm ?? best.objective / problem.beta)
    var last: Double?
    var status: SolverStatus?
    var round = 0
    while status == nil {
      round += 1
      let radius = 0.5 * (bracket.low + bracket.high)
      // Going in, a ball shrinks what it holds.
      if let last, last > radius { inner.scale(by: radius / last) }
      last = radius
      let width = bracket.high - bracket.low
      let wanted = 0.4 * options.gap * best.objective
      // |φ′| ≤ β up to the optimum: what is left of the bracket is not worth a search.
      let isLast = problem.beta * width <= 0.2 * wanted
      let polar = inner.run(
        norm: radius, accuracy: max(wanted, 0.05 * problem.beta * width),
        steps: isLast ? Self.steps.last : Self.steps.search, oracle: oracle, isCancelled: { time.isRaised }
      ) { step, now in
        // With t given all steps are of one round, and are what there is to tell.
        guard norm != nil, step > 0, step % Self.told == 0 else { return }
        round = step
        best.offer(now.network(in: geometry.rowSpace))
        progress(best.progress(iteration: round, workingSet: now.count))
      }
      best.offer(inner.network(in: geometry.rowSpace))
      let dualPoint = inner.dualPoint
      let promised = certifier.lowerBound(dualPoint, polarBound: polar ?? .infinity).value
      if isLast || time.isRaised || polar == nil || polar == 0
        || certifier.relativeGap(objective: best.objective, lowerBound: promised) <= 0.9 * options.gap
      {
        best.offer(
          certifier.certify(
            best.network, dualPoint: dualPoint, gap: options.gap, effort: options.effort(until: stop)))
      }
      progress(best.progress(iteration: round, workingSet: inner.count))
      if best.relativeGap <= options.gap {
        status = .solved
      } else if time.isRaised {
        status = stop.ending
      } else if isLast || polar == nil {
        status = .insufficientProgress
      } else if round >= options.maximumIterations {
        status = .iterationLimit
      } else if (polar ?? 0) > problem.beta {
        bracket.low = radius
      } else {
        bracket.high = radius
      }
    }
    return TrainingOutcome(
      network: best.network, certificate: best.certificate(dualPoint: inner.dualPoint, gap: options.gap),
      status: status ?? .iterationLimit,
      method: best.network.neurons == 0 ? .zeroNetwork : .frankWolfe, workingSet: inner.count,
      iterations: round, rank: geometry.rank, chambers: nil)
  }

  /// The exact linear problem: over the chambers where they are few, else by branch and bound.
  private func oracle(_ stop: StopSignal) -> ([Double]) -> PolarMaximizer? {
    let listed = try? EnumeratedVectorPolar(
      atoms.geometry.coordinates, outputs: problem.outputs, limit: 2_000, isCancelled: { stop.isRaised })
    if let listed { return { listed.bound($0).maximizers.first } }
    let proving = atoms.oracle(threads: options.threads)
    let effort = options.effort(until: stop)
    let accuracy = 0.01 * options.gap
    return {
      proving.bound(
        $0, goal: .maximize(relativeTolerance: accuracy, floor: 0), nodeLimit: effort.nodeLimit,
        isCancelled: effort.isCancelled
      ).maximizers.first
    }
  }
}
