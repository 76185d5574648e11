import BidualArrangements
import BidualCertificates
import BidualLinear
import BidualModels

/// Training on given patterns by a gradient method on the program that has its cones as a penalty (EP21, eq. 16):
///
///     minimise  Σᵢ ωᵢℓ(fᵢ, yᵢ) + β Σₚ(‖vₚ‖ + ‖wₚ‖) + ρ Σₚ 1ᵀ(((I − 2Dₚ)Xvₚ)₊ + ((I − 2Dₚ)Xwₚ)₊)
///
/// over f = Σₚ DₚX(vₚ − wₚ) + b, all at once or on mini-batches. The program is convex, so no start is better than
/// another, and once ρ exceeds the constraints' multipliers its optimum is that of the program with cones. What is
/// returned is a ReLU network with the objective that its own weights have: the vectors as they are or
/// projected onto their cones, whichever is better.
package struct PenalisedTraining: Solver {
  /// How to train.
  package struct Options: Sendable {
    /// The method, its rate, batches and limits; the width and the target play no part.
    package var descent = GradientTraining.Options()
    /// The weight ρ; nil for the mean size of the loss's slopes at the best constant prediction.
    package var conePenalty: Double?
    /// The relative gap over the patterns at which the outcome counts as solved.
    package var gap = 1e-4

    /// The defaults: Adam with a rate that falls to zero, so that vectors that oppose the penalty's kink come to rest.
    package init() {
      descent.schedule = .cosine
      descent.maximumEpochs = 1000
    }
  }

  /// What to train.
  package let problem: TrainingProblem
  /// The patterns, over the problem's design.
  package let patterns: PatternSet
  /// How.
  package let options: Options
  private let atoms: any EuclideanReLUAtoms

  /// It can.
  package static var resumes: Bool { true }

  /// Problems of ReLU networks under weight decay, with a loss that has slopes.
  package static func check(_ problem: TrainingProblem) throws(DataError) { try problem.slopedAtoms() }

  /// Training of a ReLU network on patterns over the problem's design.
  ///
  /// - Throws: `DataError` of kind `badSettings` for options that make no run, and for problems without slopes to
  ///   follow: other activations than the ReLU, another norm than ℓ₂, and interpolation.
  package init(_ problem: TrainingProblem, patterns: PatternSet, options: Options = Options())
    throws(DataError)
  {
    precondition(patterns.samples == problem.design.rows)
    atoms = try problem.slopedAtoms()
    self.problem = problem
    self.patterns = patterns
    self.options = options
    guard patterns.count > 0 else {
      throw DataError(.badSettings, "there are no activation patterns; give at least one")
    }
    // What holds for gradients of the network holds for these.
    _ = try GradientTraining(problem, options: options.descent)
    if let rho = options.conePenalty, !(rho.isFinite && rho > 0) {
      throw DataError(.badSettings, "the penalty of the cones is \(rho); give a positive number")
    }
    guard options.gap.isFinite, options.gap > 0 else {
      throw DataError(.badSettings, "the gap is \(options.gap); give a positive number such as 1e-4")
    }
  }

  /// Trains until a limit, a lack of progress or `stop` ends the run; the answer is honest in any case.
  ///
  /// - Complexity: O(nPr) an epoch for P patterns and rank r, on one thread.
  package func train(
    stop: StopSignal = StopSignal(), checkpoints: Checkpoints? = nil,
    progress: (TrainingProgress) -> Void = { _ in }
  ) -> TrainingOutcome {
    let certifier = Certifier(problem, threads: options.descent.threads)
    let recovery = PenalisedRecovery(
      problem, patterns: patterns, atoms: atoms, certifier: certifier)
    let program = PenalisedProgram(
      problem, design: certifier.rowSpace.coordinates, patterns: patterns,
      conePenalty: options.conePenalty ?? usualConePenalty)
    let floor = certifier.lowerBound(problem.targets.map { _ in 0 }, polarBound: 0).value
    let run = descend(program, stop: stop, checkpoints: checkpoints) { epoch, objective in
      progress(
        TrainingProgress(
          iteration: epoch, workingSet: patterns.count, unit: .patterns, objective: objective,
          lowerBound: floor, nodes: 0))
    }
    let certified = recovery.best(of: run.candidates, dualPoints: run.dualPoints, program)
    return TrainingOutcome(
      network: certified.network, certificate: certified.certificate,
      status: certified.certificate.relativeGap <= options.gap ? .solved : run.status, method: .penalised,
      workingSet: patterns.count, iterations: run.epochs, rank: certifier.rowSpace.rank, chambers: nil)
  }

  private var usualConePenalty: Double {
    let slopes = problem.dualPoint(Array(repeating: problem.constantFit, count: problem.targets.count))
    let mean = slopes.reduce(0) { $0 + abs($1) } / Double(slopes.count)
    return mean > 0 ? mean : 1
  }

  /// The points worth recovering a network from: that of the best network and that of the best program.
  private struct Run {
    var candidates: [[Double]]
    /// The mean of −∇ℓ over the second half of the run, weighted by the rate, if it came that far. Subgradients at a
    /// kink jump from side to side; their mean is what converges.
    var dualPoints: [[Double]]
    var status: SolverStatus
    var epochs: Int
  }

  /// What a run begins with.
  private func start(_ program: PenalisedProgram) -> Snapshot {
    var values = [Double](repeating: 0, count: program.count)
    if problem.hasOffset { values[program.penalized] = problem.constantFit }
    let n = problem.design.rows
    return Snapshot(
      patterns: VectorConeTraining.Snapshot.digest(of: patterns),
      batches: MiniBatches(samples: n, generator: SeededGenerator(seed: options.descent.seed)),
      values: values,
      updates: UpdateState(options.descent.rule, count: program.count), best: BestPoints(values),
      slopes: Array(repeating: 0, count: n))
  }

  private func descend(
    _ program: PenalisedProgram, stop: StopSignal, checkpoints: Checkpoints?,
    progress: (Int, Double) -> Void
  ) -> Run {
    let descent = options.descent
    let n = problem.design.rows
    let all = Array(0..<n)
    let batchSize = min(descent.batchSize ?? n, n)
    var state = start(program)
    if case .penalised(let other)? = checkpoints?.start, other.fits(self, count: program.count) {
      state = other
    }
    var gradient = state.values
    var predictions: [Double] = []
    var status = SolverStatus.iterationLimit
    var pace = LearningPace(descent.schedule, limit: descent.maximumEpochs)
    for objective in state.objectives { pace.note(objective) }

    /// The sums over all samples, and the objective but for the loss of the network.
    func evaluate() -> (sums: PenalisedProgram.Evaluation, objective: Double, decay: Double) {
      let sums = program.evaluate(
        state.values, rows: all[...], gradient: &gradient, predictions: &predictions)
      let decay = problem.beta * program.lengths(state.values)
      return (sums, sums.loss + decay + program.conePenalty * sums.crossing, decay)
    }

    run: while true {
      let rate = descent.learningRate * pace.factor(epoch: state.batches.epoch)
      let isLast = state.batches.epoch >= descent.maximumEpochs && state.batches.isAtStart
      checkpoints?.offer(.penalised(state))
      let isDue = isLast || state.batches.isAtStart && state.batches.epoch % descent.evaluationInterval == 0
      if isDue || batchSize == n {
        let (sums, objective, decay) = evaluate()
        guard objective.isFinite, sums.networkLoss.isFinite else {
          status = .diverged
          break
        }
        // A run that goes on from the start of an epoch may have taken note of it.
        if state.noted != state.batches.epoch {
          state.noted = state.batches.epoch
          state.best.offer(state.values, program: objective, network: sums.networkLoss + decay)
          state.patience.note(objective, epoch: state.batches.epoch, leastProgress: descent.leastProgress)
          if 2 * state.batches.epoch >= descent.maximumEpochs {
            state.rates += rate
            for (i, slope) in problem.dualPoint(predictions).enumerated() { state.slopes[i] += rate * slope }
          }
          state.objectives.append(objective)
          pace.note(objective)
          progress(state.batches.epoch, state.best.network)
        }
        if let epochs = descent.patience, state.batches.epoch - state.patience.lastProgress >= epochs {
          status = .insufficientProgress
          break
        }
      }
      if isLast { break }
      if let ending = stop.status {
        status = ending
        break
      }
      while !state.batches.isAtEnd {
        let rows = state.batches.next(batchSize)
        if batchSize < n {
          _ = program.evaluate(
            state.values, rows: rows, gradient: &gradient, predictions: &predictions)
        }
        for k in gradient.indices { gradient[k] /= Double(rows.count) }
        program.addNormSlope(state.values, to: &gradient)
        state.updates.step(&state.values, gradient: gradient, rate: rate)
        guard !state.batches.isAtEnd else { break }
        checkpoints?.offer(.penalised(state))
        if let ending = stop.status {
          status = ending
          break run
        }
      }
      state.batches.endEpoch()
    }
    if status != .diverged { checkpoints?.leave(.penalised(state)) }
    if !state.batches.isAtStart {
      let (sums, objective, decay) = evaluate()
      state.best.offer(state.values, program: objective, network: sums.networkLoss + decay)
    }
    return Run(
      candidates: state.best.points,
      dualPoints: state.rates > 0 ? [state.slopes.map { $0 / state.rates }] : [], status: status,
      epochs: state.batches.epoch)
  }
}

/// The best points of a run by the objectives of the program and of the network.
struct BestPoints: Codable, Sendable {
  private(set) var points: [[Double]]
  private(set) var network = Double.infinity
  private var program = Double.infinity

  init(_ start: [Double]) { points = [start, start] }

  mutating func offer(_ values: [Double], program: Double, network: Double) {
    if program < self.program {
      self.program = program
      points[0] = values
    }
    if network < self.network {
      self.network = network
      points[1] = values
    }
  }
}
