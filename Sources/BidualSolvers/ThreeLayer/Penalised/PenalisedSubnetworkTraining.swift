import BidualCertificates
import BidualLinear
import BidualModels

/// Training of three-layer networks on sampled patterns by a gradient method on the convex program with its cones as a penalty
/// (EP21, eq. 16, in the joint form), on all samples or mini-batches.
///
/// The program knows no bad minima, but only the drawn patterns: what is returned is a ReLU network with the objective of its own weights.
package struct PenalisedSubnetworkTraining: Solver {
  private let problem: TrainingProblem
  private let units: Int
  private let subnetworks: Int
  private let options: PenalisedTraining.Options

  /// It can.
  package static var resumes: Bool { true }

  /// Problems of three-layer networks and a loss that has slopes.
  package static func check(_ problem: TrainingProblem) throws(DataError) { _ = try units(problem) }

  private static func units(_ problem: TrainingProblem) throws(DataError) -> Int {
    guard let units = problem.atoms.subnetworkUnits, problem.loss.hasSlope else {
      throw problem.lacks("the penalised program of three layers")
    }
    return units
  }

  /// Training over so many drawn sub-networks.
  ///
  /// - Throws: `DataError` as `check` and for options that make no run; of kind `badData` for more numbers than memory holds.
  package init(_ problem: TrainingProblem, subnetworks: Int, options: PenalisedTraining.Options = .init())
    throws(DataError)
  {
    units = try Self.units(problem)
    self.problem = problem
    self.subnetworks = subnetworks
    self.options = options
    var descent = options.descent
    descent.width = max(1, subnetworks)
    _ = try GradientTraining(problem, options: descent)
    if let rho = options.conePenalty, !(rho.isFinite && rho > 0) {
      throw DataError(.badSettings, "the penalty of the cones is \(rho); give a positive number")
    }
    let numbers = 2 * Double(problem.outputs * subnetworks * units) * Double(problem.design.columns)
    let bytes = 48 * numbers + Double(problem.design.rows * subnetworks * units)
    guard subnetworks > 0, PhysicalMemory.holds(bytes) else {
      throw DataError(
        .badData,
        "\(subnetworks) sub-networks of \(units) units take \(PhysicalMemory.text(bytes)) to train for \(problem.outputs) outputs; give at least one, and fewer than memory holds"
      )
    }
  }

  /// Where a run has ended.
  package struct End: Sendable {
    /// The ReLU network with the weights of the end.
    package let network: any Network
    /// −∇ℓ of the program's predictions.
    package let dualPoint: [Double]
    /// Epochs taken.
    package let epochs: Int
    /// Why it ended.
    package let status: SolverStatus
    /// The program's predictions for samples: by the drawn patterns, n·c numbers.
    package let gatedPredictions: @Sendable (Matrix) -> [Double]
  }

  /// Takes steps until a limit, the least progress or `stop` ends them.
  ///
  /// - Parameters:
  ///   - checkpoints: where the run begins and what becomes of its states. A run that goes on from a state ends with the bytes of one that
  ///     was never interrupted.
  ///   - progress: called after each epoch.
  ///   - watch: called at each evaluation, and after the last epoch, with the weights of the moment, at the cost of a copy.
  /// - Complexity: O(ncKm₁d) an epoch.
  package func descend(
    stop: StopSignal = StopSignal(), checkpoints: Checkpoints? = nil,
    progress: (TrainingProgress) -> Void = { _ in }, watch: ((PenalisedMoment) -> Void)? = nil
  ) -> End {
    switch options.descent.precision {
    case .double: descend(Double.self, stop, checkpoints, progress, watch)
    case .single: descend(Float.self, stop, checkpoints, progress, watch)
    }
  }

  private func descend<Scalar: BLASScalar>(
    _ type: Scalar.Type, _ stop: StopSignal, _ checkpoints: Checkpoints?,
    _ progress: (TrainingProgress) -> Void, _ watch: ((PenalisedMoment) -> Void)?
  ) -> End {
    let clock = ContinuousClock.now
    let descent = options.descent
    let n = problem.design.rows
    let sampled = SampledSubnetworks(
      count: subnetworks, units: units, inputs: problem.design.columns, seed: descent.seed)
    let program = PenalisedSubnetworks<Scalar>(
      problem, sampled, conePenalty: options.conePenalty ?? usualConePenalty, threads: descent.threads)
    var values = [Double](repeating: 0, count: program.count)
    for (k, offset) in (problem.hasOffset ? problem.constantFits : []).enumerated() {
      values[program.penalized + k] = offset
    }
    var gradient = values
    var state = Snapshot(
      batches: MiniBatches(samples: n, generator: SeededGenerator(seed: descent.seed &+ 1)), values: values,
      updates: UpdateState(descent.rule, count: program.count))
    if case .penalisedSubnetworks(let other)? = checkpoints?.start,
      other.fits(descent.rule, samples: n, count: program.count)
    {
      state = other
    }
    let batch = min(descent.batchSize ?? n, n)
    var status = SolverStatus.iterationLimit
    var pace = LearningPace(descent.schedule, limit: descent.maximumEpochs)
    for objective in state.objectives { pace.note(objective) }
    run: while state.batches.epoch < descent.maximumEpochs {
      let rate = descent.learningRate * pace.factor(epoch: state.batches.epoch)
      checkpoints?.offer(.penalisedSubnetworks(state))
      if let ending = stop.status {
        status = ending
        break
      }
      while !state.batches.isAtEnd {
        let rows = Array(state.batches.next(batch))
        let sums = program.evaluate(state.values, rows: rows, gradient: &gradient)
        guard sums.loss.isFinite else {
          status = .diverged
          break run
        }
        state.loss += sums.loss
        state.networkLoss += sums.networkLoss
        for k in gradient.indices { gradient[k] /= Double(rows.count) }
        program.addNormSlope(state.values, to: &gradient)
        state.updates.step(&state.values, gradient: gradient, rate: rate)
        guard !state.batches.isAtEnd else { break }
        checkpoints?.offer(.penalisedSubnetworks(state))
        if let ending = stop.status {
          status = ending
          break run
        }
      }
      let (loss, networkLoss) = (state.loss, state.networkLoss)
      (state.loss, state.networkLoss) = (0, 0)
      state.batches.endEpoch()
      let objective = networkLoss + problem.beta * program.lengths(state.values)
      state.objectives.append(objective)
      pace.note(objective)
      progress(
        TrainingProgress(
          iteration: state.batches.epoch, workingSet: subnetworks, unit: .patterns, objective: objective,
          lowerBound: -.infinity, nodes: 0))
      if let watch,
        state.batches.epoch % descent.evaluationInterval == 0 || state.batches.epoch == descent.maximumEpochs
      {
        let point = state.values
        watch(
          PenalisedMoment(
            epoch: state.batches.epoch, seconds: (ContinuousClock.now - clock) / .seconds(1), loss: loss,
            networkLoss: networkLoss, penalty: problem.beta * program.lengths(state.values),
            rate: descent.learningRate * pace.factor(epoch: state.batches.epoch),
            network: program.network(state.values),
            gatedPredictions: { program.gatedPredictions(point, $0) }))
      }
    }
    if status != .diverged { checkpoints?.leave(.penalisedSubnetworks(state)) }
    let point = state.values
    let last = program.evaluate(point, rows: Array(0..<n), gradient: &gradient, wantsGradient: false)
    return End(
      network: program.network(point), dualPoint: last.dualPoint, epochs: state.batches.epoch, status: status,
      gatedPredictions: { program.gatedPredictions(point, $0) })
  }

  private var usualConePenalty: Double {
    let slopes = problem.constantDualPoint
    let mean = slopes.reduce(0) { $0 + abs($1) } / Double(slopes.count)
    return mean > 0 ? mean : 1
  }

  /// Trains until a limit or `stop` ends the run, of whose time nine tenths go into steps; the answer is honest in any case.
  package func train(
    stop: StopSignal = StopSignal(), checkpoints: Checkpoints? = nil,
    progress: (TrainingProgress) -> Void = { _ in }
  ) -> TrainingOutcome {
    let certifier = Certifier(problem, threads: options.descent.threads)
    let floor = certifier.lowerBound(problem.targets.map { _ in 0 }, polarBound: 0).value
    let end = descend(stop: stop.firstPart(0.9), checkpoints: checkpoints) { round in
      progress(
        TrainingProgress(
          iteration: round.iteration, workingSet: round.workingSet, unit: round.unit,
          objective: round.objective, lowerBound: floor, nodes: 0))
    }
    var best = Incumbent<Void>(certifier)
    best.offer(end.network)
    let isFinite = end.dualPoint.allSatisfy(\.isFinite)
    let closing = stop.closing
    best.offer(
      certifier.certify(
        best.network, dualPoint: isFinite ? end.dualPoint : problem.constantDualPoint, gap: options.gap,
        effort: .init(nodeLimit: 20_000, isCancelled: { closing.isRaised })))
    return TrainingOutcome(
      network: best.network, certificate: best.certificate(dualPoint: end.dualPoint, gap: options.gap),
      status: best.relativeGap <= options.gap ? .solved : end.status, method: .penalised,
      workingSet: subnetworks, iterations: end.epochs, rank: problem.atoms.geometry.rank, chambers: nil)
  }
}
