import Bidual

/// Learning rates where a paper states none.
extension StudyRun {
  /// The rate of several with which the first trial ends lowest; nothing is recorded.
  ///
  /// - Throws: as `GradientTraining.init`.
  func bestRate(
    of rates: [Double], for problem: TrainingProblem, options: GradientTraining.Options
  ) throws -> Double {
    var best = (rate: rates.first ?? options.learningRate, objective: Double.infinity)
    for rate in rates {
      var options = options
      (options.learningRate, options.seed, options.threads) = (rate, seed, threads)
      options.evaluationInterval = options.maximumEpochs
      let training = try GradientTraining(problem, options: options)
      var last = Double.infinity
      let outcome = BLAS.singleThreaded { training.descend(watch: { last = $0.objective }) }
      if outcome.status != .diverged, last < best.objective { best = (rate, last) }
    }
    return best.rate
  }
}
