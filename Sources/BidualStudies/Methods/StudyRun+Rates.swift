import Bidual

/// Learning rates that a paper does not state, or that are to do as well as they can.
extension StudyRun {
  /// The rate of several, which are Bidual's, with which the first trial ends lowest; nothing is recorded.
  ///
  /// - Parameter limit: seconds for each trial.
  /// - Throws: as `GradientTraining.init`, and `StudyOverMemory`.
  func bestRate(
    of rates: [Double], for problem: TrainingProblem, options: GradientTraining.Options, limit: Double? = nil
  ) throws -> Double {
    var best = (rate: rates.first ?? options.learningRate, objective: Double.infinity)
    for rate in rates {
      var options = options
      (options.learningRate, options.seed, options.threads) = (rate, seed, threads)
      options.evaluationInterval = max(1, options.maximumEpochs / 10)
      let training = try GradientTraining(problem, options: options)
      var last = Double.infinity
      let outcome = BLAS.singleThreaded {
        training.descend(stop: stop(after: limit), watch: { last = $0.objective })
      }
      try checkMemory()
      if outcome.status != .diverged, last < best.objective { best = (rate, last) }
    }
    return best.rate
  }

  /// Trials at the best rate of several.
  ///
  /// - Throws: as `GradientTraining.init`, and `StudyOverMemory`.
  func descend(
    _ method: String, on subject: StudySubject, problem: TrainingProblem, options: GradientTraining.Options,
    rates: [Double], trials: Int, limit: Double? = nil
  ) throws {
    var options = options
    options.learningRate = try bestRate(of: rates, for: problem, options: options, limit: limit)
    try descend(method, on: subject, problem: problem, options: options, trials: trials, limit: limit)
  }
}
