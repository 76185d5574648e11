import BidualArrangements
import BidualLinear
import BidualModels
import BidualObjectives
import BidualPolars
import BidualSolvers

/// Which solver the settings ask for, and with what options.
extension Training {
  var options: WorkingSet.Options {
    var options = WorkingSet.Options()
    options.gap = gap
    options.maximumIterations = maximumIterations
    options.seed = seed
    options.threads = threads
    options.precision = precision
    return options
  }

  /// The problem for the architecture; a gated network's gates come from the patterns.
  func posed(_ problem: TrainingProblem, stop: StopSignal) throws(DataError) -> TrainingProblem {
    switch architecture {
    case .twoLayer: return problem.replacing(architecture: TwoLayer(norm))
    case .linear: return problem.replacing(architecture: Linear())
    case .gated:
      var choices: [PatternChoice]
      if case .given(let given) = patterns {
        choices = given
      } else {
        choices = [.source(GivenGates(rows: try chamberGates(problem, stop: stop)))]
      }
      let collection = try PatternChoice.collection(choices, for: problem, seed: seed, stop: stop)
      return problem.replacing(
        architecture: Gated(Gates(vectors: Matrix(collection.gates.compactMap(\.self)))))
    }
  }

  /// A gate inside every chamber of the data.
  private func chamberGates(_ problem: TrainingProblem, stop: StopSignal) throws(DataError) -> Matrix {
    do {
      let tree = try Arrangement(problem.design).chambers(limit: 20_000, isCancelled: { stop.isRaised })
      return Matrix((0..<tree.count).map(tree.interiorPoint))
    } catch {
      throw DataError(.badData, "the gates of all chambers: \(error); or give gates with the patterns")
    }
  }

  func solve(
    _ problem: TrainingProblem, betaMax: Double, stop: StopSignal, checkpoints: Checkpoints?,
    progress: (TrainingProgress) -> Void
  ) throws(DataError) -> TrainingOutcome {
    if problem.atoms is any PatternedAtoms {
      return try PatternTraining(problem, options: patternOptions).train(stop: stop, progress: progress)
    }
    switch method {
    case .exact, .clifford: break
    case .adaptive:
      return try adaptive(problem, stop: stop, checkpoints: checkpoints, progress: progress)
    case .penalised: return try penalised(problem, stop: stop, progress: progress)
    case .gd, .sgd, .momentum, .adam:
      return try GradientTraining(problem, options: gradientOptions)
        .certified(stop: stop, checkpoints: checkpoints, progress: progress)
    }
    if problem.beta >= betaMax || (method == .exact && norm == .l2 && patterns.isAdaptive),
      let outcome = ClosedForms(problem, options: options)
        .train(betaMax: betaMax, stop: stop, progress: progress)
    {
      return outcome
    }
    do {
      // Under ℓ₁ the dictionary is all there is.
      if norm == .l1 || method == .clifford {
        return try CliffordLasso(problem, options: options).train(stop: stop, progress: progress)
      }
      switch patterns {
      case .adaptive: break
      case .all: return try EnumeratedProgram(problem, options: options).train(stop: stop, progress: progress)
      case .given(let choices):
        let collection = try PatternChoice.collection(choices, for: problem, seed: seed, stop: stop)
        return try PatternTraining(problem, patterns: collection, options: patternOptions)
          .train(stop: stop, progress: progress)
      }
    } catch let error as DataError {
      throw error
    } catch ArrangementError.cancelled {
      // Nothing was solved: the stopped working set still answers with an honest certificate.
    } catch ArrangementError.tooManyChambers(let limit) {
      throw DataError(
        .badData,
        "the data have more than \(limit) chambers, too many to list at once; use the adaptive patterns, which are exact too"
      )
    } catch {
      throw DataError(.badData, "the arrangement of the data: \(error)")
    }
    try problem.require(precision)
    return try WorkingSet(problem, options: options)
      .train(stop: stop, checkpoints: checkpoints, progress: progress)
  }

  private func adaptive(
    _ problem: TrainingProblem, stop: StopSignal, checkpoints: Checkpoints?,
    progress: (TrainingProgress) -> Void
  ) throws(DataError) -> TrainingOutcome {
    try problem.slopedAtoms()
    try problem.require(precision)
    var options = options
    options.aim = .localGap
    return try WorkingSet(problem, options: options)
      .train(stop: stop, checkpoints: checkpoints, progress: progress)
  }

  private func penalised(
    _ problem: TrainingProblem, stop: StopSignal, progress: (TrainingProgress) -> Void
  ) throws(DataError) -> TrainingOutcome {
    let choices: [PatternChoice]
    switch patterns {
    case .given(let given): choices = given
    case .all: choices = [.source(GivenGates(rows: try chamberGates(problem, stop: stop)))]
    case .adaptive: choices = [.source(GaussianGates(draws: 100))]
    }
    let collection = try PatternChoice.collection(choices, for: problem, seed: seed, stop: stop)
    var options = PenalisedTraining.Options()
    let schedule = options.descent.schedule
    options.descent = gradientOptions
    options.descent.rule = descent.rule
    options.descent.schedule = schedule
    options.conePenalty = descent.conePenalty
    options.gap = gap
    return try PenalisedTraining(problem, patterns: collection.packed, options: options)
      .train(stop: stop, progress: progress)
  }

  private var patternOptions: GivenPatterns.Options {
    var options = GivenPatterns.Options()
    options.gap = gap
    options.threads = threads
    return options
  }

  private var gradientOptions: GradientTraining.Options {
    var options = GradientTraining.Options()
    options.rule = method == .adam ? .adam() : method == .momentum ? .momentum() : .plain
    options.width = descent.width
    options.learningRate = descent.learningRate
    options.batchSize = method == .gd ? nil : descent.batchSize
    options.maximumEpochs = descent.epochs
    options.seed = seed
    options.threads = threads
    options.precision = precision
    return options
  }
}
