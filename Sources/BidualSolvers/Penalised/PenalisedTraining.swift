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
package struct PenalisedTraining: UninterruptedSolver {
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
  package func train(stop: StopSignal = StopSignal(), progress: (TrainingProgress) -> Void = { _ in })
    -> TrainingOutcome
  {
    let certifier = Certifier(problem, threads: options.descent.threads)
    let recovery = PenalisedRecovery(
      problem, patterns: patterns, atoms: atoms, certifier: certifier)
    let program = PenalisedProgram(
      problem, design: certifier.rowSpace.coordinates, patterns: patterns,
      conePenalty: options.conePenalty ?? usualConePenalty)
    let floor = certifier.lowerBound(problem.targets.map { _ in 0 }, polarBound: 0).value
    let run = descend(program, stop: stop) { epoch, objective in
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

  private func descend(
    _ program: PenalisedProgram, stop: StopSignal, progress: (Int, Double) -> Void
  ) -> Run {
    let descent = options.descent
    let n = problem.design.rows
    let all = Array(0..<n)
    let batchSize = min(descent.batchSize ?? n, n)
    var order = all
    var random = SeededGenerator(seed: descent.seed)
    var values = [Double](repeating: 0, count: program.count)
    if problem.hasOffset { values[program.penalized] = problem.constantFit }
    var gradient = values
    var predictions: [Double] = []
    var state = UpdateState(descent.rule, count: program.count)
    var best = BestPoints(values)
    var patience = Patience()
    var rates = 0.0
    var slopes = [Double](repeating: 0, count: n)
    var status = SolverStatus.iterationLimit
    var pace = LearningPace(descent.schedule, limit: descent.maximumEpochs)
    var epoch = 0
    while true {
      let rate = descent.learningRate * pace.factor(epoch: epoch)
      let isLast = epoch == descent.maximumEpochs
      if isLast || epoch % descent.evaluationInterval == 0 || batchSize == n {
        let sums = program.evaluate(values, rows: all[...], gradient: &gradient, predictions: &predictions)
        let decay = problem.beta * program.lengths(values)
        let objective = sums.loss + decay + program.conePenalty * sums.crossing
        guard objective.isFinite, sums.networkLoss.isFinite else {
          status = .diverged
          break
        }
        best.offer(values, program: objective, network: sums.networkLoss + decay)
        patience.note(objective, epoch: epoch, leastProgress: descent.leastProgress)
        if 2 * epoch >= descent.maximumEpochs {
          rates += rate
          for (i, slope) in problem.dualPoint(predictions).enumerated() { slopes[i] += rate * slope }
        }
        pace.note(objective)
        progress(epoch, best.network)
        if let epochs = descent.patience, epoch - patience.lastProgress >= epochs {
          status = .insufficientProgress
          break
        }
      }
      if isLast { break }
      if let ending = stop.status {
        status = ending
        break
      }
      if batchSize < n { order.shuffle(using: &random) }
      for first in stride(from: 0, to: n, by: batchSize) where !stop.isRaised {
        let rows = order[first..<min(n, first + batchSize)]
        if batchSize < n {
          _ = program.evaluate(values, rows: rows, gradient: &gradient, predictions: &predictions)
        }
        for k in gradient.indices { gradient[k] /= Double(rows.count) }
        program.addNormSlope(values, to: &gradient)
        state.step(&values, gradient: gradient, rate: rate)
      }
      epoch += 1
    }
    return Run(
      candidates: best.points, dualPoints: rates > 0 ? [slopes.map { $0 / rates }] : [], status: status,
      epochs: epoch)
  }
}

/// The best points of a run by the objectives of the program and of the network.
private struct BestPoints {
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
