import Bidual

/// The penalised program of three layers in a study.
extension StudyRun {
  private static let pointsOfACurve = 50

  /// A run of program (16), told twice: by the patterns that were drawn, and as the ReLU network of its weights.
  ///
  /// - Parameters:
  ///   - methods: what the two rows are called.
  ///   - limit: seconds.
  /// - Throws: as `PenalisedSubnetworkTraining.init`.
  func descendPenalised(
    _ methods: (gates: String, network: String), on subject: StudySubject, problem: TrainingProblem,
    options: PenalisedTraining.Options, limit: Double
  ) throws {
    var options = options
    options.descent.seed = seed
    options.descent.threads = threads
    options.descent.evaluationInterval = max(1, options.descent.maximumEpochs / Self.pointsOfACurve)
    let training = try PenalisedSubnetworkTraining(
      problem, subnetworks: options.descent.width, options: options)
    let batch = min(options.descent.batchSize ?? problem.design.rows, problem.design.rows)
    let steps = (problem.design.rows + batch - 1) / batch
    var last: PenalisedMoment?
    // Scoring predictions is no part of training.
    var watched = Duration.zero
    var seconds = 0.0
    let end = BLAS.singleThreaded {
      training.descend(
        stop: stop(after: limit),
        watch: { moment in
          let begin = ContinuousClock.now
          (last, seconds) = (moment, moment.seconds - watched / .seconds(1))
          for (method, loss, predictions) in [
            (methods.gates, moment.loss, moment.gatedPredictions),
            (methods.network, moment.networkLoss, moment.network.predictions),
          ] {
            let scores = subject.scores(predictions)
            self.add(
              CurvePoint(
                panel: subject.panel, method: method, seed: 0, step: moment.epoch * steps,
                epoch: moment.epoch, seconds: seconds, objective: subject.factor * (loss + moment.penalty),
                loss: subject.factor * loss, penalty: subject.factor * moment.penalty,
                trainScore: scores.train, testScore: scores.test,
                rate: moment.rate))
          }
          watched += ContinuousClock.now - begin
        })
    }
    try checkMemory()
    guard let last else { return }
    let network = subject.scores(last.network.predictions)
    add(
      FinalRow(
        panel: subject.panel, method: methods.network, seed: 0,
        objectiveSum: problem.objective(last.network), factor: subject.factor, status: "\(end.status)",
        neurons: last.network.neurons, patterns: options.descent.width, trainScore: network.train,
        testScore: network.test, seconds: seconds))
  }
}
