import Bidual

/// Training to a proven optimum in a study.
extension StudyRun {
  /// Trains as `bidual fit` would and keeps the model with its certificate.
  ///
  /// - Parameters:
  ///   - method: what the row is called.
  ///   - seconds: a limit; what is proven by then is told.
  ///   - patterns: the number of patterns that the program was over, where it was over some only.
  /// - Throws: as `Training.fit`.
  @discardableResult
  func prove(
    _ method: String, on subject: StudySubject, with training: Training, seconds: Double = 60,
    seed: Int? = nil, patterns: Int? = nil
  ) throws -> Training.Result {
    var training = training
    training.threads = threads
    var result: Training.Result?
    let spent = try ContinuousClock().measure {
      result = try training.fit(subject.dataset, stop: StopSignal(timeLimit: .seconds(seconds)))
    }
    guard let result else { preconditionFailure("fit returns or throws") }
    let certificate = result.certificate
    let scores = subject.scores { result.model.predictions($0) }
    add(
      FinalRow(
        panel: subject.panel, method: method, seed: seed, objectiveSum: certificate.objective,
        factor: subject.factor,
        bound: (certificate.lowerBound, certificate.relativeGap, certificate.scope),
        status: "\(result.outcome.status)", neurons: result.outcome.network.neurons, patterns: patterns,
        trainScore: scores.train, testScore: scores.test, seconds: spent / .seconds(1)))
    let name = [subject.panel, method, seed.map { "\($0)" } ?? ""].filter { !$0.isEmpty }
      .joined(separator: "-")
    add(
      StudyProof(
        name: StudyName.file(name), model: result.model, certificate: certificate, dataset: subject.dataset))
    return result
  }
}
