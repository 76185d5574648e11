import Bidual

/// Gradient methods whose learning rate the paper does not tell, or that are to do as well as they can.
extension StudyRun {
  /// Trials at the rate of a grid with which the first one ends lowest.
  ///
  /// - Parameters:
  ///   - options: how; the rate is replaced by those of the grid, which are Bidual's.
  ///   - limit: seconds for each trial.
  /// - Returns: the rate.
  /// - Throws: as `GradientTraining.init`.
  @discardableResult
  func descend(
    _ method: String, on subject: StudySubject, problem: TrainingProblem, options: GradientTraining.Options,
    rates: [Double], trials: Int, limit: Double? = nil
  ) throws -> Double {
    var options = options
    var best = (rate: options.learningRate, objective: Double.infinity)
    for rate in rates {
      options.learningRate = rate
      options.seed = seed
      options.threads = threads
      options.evaluationInterval = max(1, options.maximumEpochs / 10)
      let training = try GradientTraining(problem, options: options)
      let end = BLAS.singleThreaded {
        training.descend(stop: StopSignal(timeLimit: limit.map { .seconds($0) }))
      }
      if end.status != .diverged, end.objective < best.objective { best = (rate, end.objective) }
    }
    options.learningRate = best.rate
    try descend(method, on: subject, problem: problem, options: options, trials: trials, limit: limit)
    return best.rate
  }
}
