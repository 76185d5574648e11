import BidualLinear
import BidualModels

/// A gradient method at several learning rates, each with an equal share of time and epochs: the outcome is
/// that of the best final objective, so that a comparison does not hang on one guess.
package struct LearningRateSearch: Sendable {
  private let runs: [GradientTraining]
  private let timeLimit: Duration?

  /// Rates that between them suit most data.
  package static func rates(for rule: UpdateRule) -> [Double] {
    switch rule {
    case .plain, .momentum: [0.3, 0.1, 0.03, 0.01, 0.003]
    case .adam: [0.03, 0.01, 0.003, 0.001]
    }
  }

  /// A search over `rates`; the epochs of `options` and the time limit are those of all runs together.
  ///
  /// - Throws: `DataError` of kind `badSettings` for options that make no run or an empty list of rates.
  package init(
    _ problem: TrainingProblem, options: GradientTraining.Options, rates: [Double], timeLimit: Duration? = nil
  ) throws(DataError) {
    guard !rates.isEmpty else {
      throw DataError(.badSettings, "there is no learning rate to try; give at least one")
    }
    var runs: [GradientTraining] = []
    for rate in rates {
      var options = options
      options.learningRate = rate
      options.maximumEpochs = max(1, options.maximumEpochs / rates.count)
      runs.append(try GradientTraining(problem, options: options))
    }
    self.runs = runs
    self.timeLimit = timeLimit
  }

  /// Trains once with each rate.
  ///
  /// - Returns: the outcomes, best objective first; of equal ones the earlier rate. Rates that `stop` left no time for are missing.
  package func train(stop: StopSignal = StopSignal(), progress: (BaselineProgress) -> Void = { _ in })
    -> [BaselineOutcome]
  {
    var outcomes: [BaselineOutcome] = []
    for run in runs where outcomes.isEmpty || !stop.isRaised {
      let share = StopSignal(timeLimit: timeLimit.map { $0 / runs.count }, within: stop)
      outcomes.append(run.descend(stop: share, progress: progress))
    }
    return outcomes.enumerated().sorted {
      ($0.element.objective, $0.offset) < ($1.element.objective, $1.offset)
    }
    .map(\.element)
  }
}
