import Bidual

/// Gradient methods in a study, as the papers run them: every trial is told, as its weights are.
extension StudyRun {
  /// Points that a curve is drawn of.
  private static let pointsOfACurve = 200

  /// Trials from several seeds of a gradient method on the non-convex objective.
  ///
  /// - Parameters:
  ///   - problem: what is minimised, over the subject's data.
  ///   - options: how; the seed is that of the first trial.
  ///   - limit: seconds for each trial.
  ///   - watch: told each point of the curve, with the number of its trial.
  /// - Returns: the networks at the ends of the trials, those that diverged left out.
  /// - Throws: as `GradientTraining.init`, and `StudyOverMemory`.
  @discardableResult
  func descend(
    _ method: String, on subject: StudySubject, problem: TrainingProblem, options: GradientTraining.Options,
    trials: Int, limit: Double? = nil, watch: @escaping (Int, BaselineMoment) -> Void = { _, _ in }
  ) throws -> [any Network] {
    var networks: [any Network] = []
    for trial in 0..<trials {
      var options = options
      options.seed = seed + UInt64(trial)
      options.threads = threads
      options.evaluationInterval = max(1, options.maximumEpochs / Self.pointsOfACurve)
      let training = try GradientTraining(problem, options: options)
      let samples = problem.design.rows
      let steps =
        (samples + min(options.batchSize ?? samples, samples) - 1)
        / min(options.batchSize ?? samples, samples)
      var last: BaselineMoment?
      // Scoring predictions is no part of training.
      var watched = Duration.zero
      var seconds = 0.0
      let outcome = BLAS.singleThreaded {
        training.descend(
          stop: stop(after: limit),
          watch: { moment in
            let begin = ContinuousClock.now
            (last, seconds) = (moment, moment.seconds - watched / .seconds(1))
            watch(trial, moment)
            let scores = subject.scores(moment.network.predictions)
            self.add(
              CurvePoint(
                panel: subject.panel, method: method, seed: trial, step: moment.epoch * steps,
                epoch: moment.epoch, seconds: seconds, objective: subject.factor * moment.objective,
                loss: subject.factor * moment.loss, penalty: subject.factor * moment.penalty,
                trainScore: scores.train, testScore: scores.test,
                rate: moment.rate))
            watched += ContinuousClock.now - begin
          })
      }
      try checkMemory()
      guard let last else { continue }
      let scores = subject.scores(last.network.predictions)
      let hasDiverged = outcome.status == .diverged
      add(
        FinalRow(
          panel: subject.panel, method: method, seed: trial,
          objectiveSum: hasDiverged ? .infinity : last.objective, factor: subject.factor,
          status: "\(outcome.status)", neurons: last.network.neurons, trainScore: scores.train,
          testScore: scores.test, seconds: seconds))
      if !hasDiverged { networks.append(last.network) }
    }
    return networks
  }

  /// The objectives at the ends of a method's trials in a panel, in the paper's scaling; infinite where one diverged.
  func ends(of method: String, in panel: String) -> [Double] {
    finals.filter { $0.panel == panel && $0.method == method }.map(\.objective)
  }

  /// The row of a method that ran once in a panel.
  func end(of method: String, in panel: String) -> FinalRow? {
    finals.first { $0.panel == panel && $0.method == method }
  }
}
