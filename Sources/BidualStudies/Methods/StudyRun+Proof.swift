import Bidual

/// Training to a proven optimum in a study.
extension StudyRun {
  /// Trains as `bidual fit` would and keeps the model with its certificate.
  ///
  /// - Parameters:
  ///   - method: what the row is called.
  ///   - seconds: a limit; what is proven by then is told.
  ///   - patterns: the number of patterns that the program was over, where it was over some only.
  ///   - hasCurve: whether the course of it is told.
  /// - Throws: as `Training.fit`, and `StudyOverMemory`.
  @discardableResult
  func prove(
    _ method: String, on subject: StudySubject, with training: Training, seconds: Double = 60,
    seed: Int? = nil, patterns: Int? = nil, hasCurve: Bool = false
  ) throws -> Training.Result {
    var training = training
    training.threads = threads
    let begin = ContinuousClock.now
    var spent: Double { (ContinuousClock.now - begin) / .seconds(1) }
    let result = try training.fit(subject.dataset, stop: stop(after: seconds)) { moment in
      guard hasCurve else { return }
      add(
        CurvePoint(
          panel: subject.panel, method: method, seed: seed ?? 0, step: moment.iteration,
          epoch: moment.iteration, seconds: spent, objective: subject.factor * moment.objective))
    }
    try checkMemory()
    add(
      method, on: subject, model: result.model, certificate: result.certificate,
      status: result.outcome.status, seed: seed, patterns: patterns, seconds: spent)
    return result
  }

  /// Solves the program over patterns of a ReLU network and keeps its network with the certificate; the solution tells of each pattern's vector.
  ///
  /// - Parameters:
  ///   - problem: the program's, over the subject's data as they are.
  ///   - patterns: those of the rows that neurons see.
  ///   - seconds: a limit; what is proven by then is told.
  /// - Throws: as `Model.init`, and `StudyOverMemory`.
  func prove(
    _ method: String, on subject: StudySubject, problem: TrainingProblem, patterns: PatternCollection,
    seconds: Double
  ) throws -> GivenPatternsSolution {
    var options = GivenPatterns.Options()
    (options.gap, options.threads) = (1e-3, threads)
    let program = GivenPatterns(problem, patterns: patterns.packed, form: .relu, options: options)
    let clock = ContinuousClock.now
    return try BLAS.singleThreaded {
      let solution = program.solve(stop: stop(after: seconds))
      try checkMemory()
      guard let network = solution.network(for: problem),
        let restriction = PatternRestriction(program.patterns, multipliers: solution.multipliers)
      else { preconditionFailure("ReLU networks are sums of neurons, and the multipliers of their patterns") }
      let certificate = try Certifier(problem, restrictedTo: restriction, threads: threads)
        .certify(network, dualPoint: solution.dualPoint, gap: options.gap).certificate
      let model = try Model(
        featureNames: subject.dataset.featureNames, targetNames: subject.dataset.targetNames,
        preprocessing: Preprocessing(fitting: problem.design), architecture: problem.architecture,
        network: network, loss: problem.loss.name, lossParameter: problem.loss.parameter, beta: problem.beta)
      add(
        method, on: subject, model: model, certificate: certificate, status: solution.status,
        patterns: patterns.count, seconds: (ContinuousClock.now - clock) / .seconds(1))
      return solution
    }
  }

  private func add(
    _ method: String, on subject: StudySubject, model: Model, certificate: Certificate,
    status: SolverStatus, seed: Int? = nil, patterns: Int?, seconds: Double
  ) {
    let scores = subject.scores { model.predictions($0) }
    add(
      FinalRow(
        panel: subject.panel, method: method, seed: seed, objectiveSum: certificate.objective,
        factor: subject.factor,
        bound: (certificate.lowerBound, certificate.relativeGap, certificate.scope),
        status: "\(status)", neurons: model.network.neurons, patterns: patterns,
        trainScore: scores.train, testScore: scores.test, seconds: seconds))
    let name = [subject.panel, method, seed.map { "\($0)" } ?? ""].filter { !$0.isEmpty }
      .joined(separator: "-")
    add(
      StudyProof(
        name: StudyName.file(name), model: model, certificate: certificate, dataset: subject.dataset))
  }
}
