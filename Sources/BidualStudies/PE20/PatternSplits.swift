import Bidual

/// More draws of a panel's data: training over all patterns beside one trial of SGD and the program over its patterns, so that differences of test scores have an
/// error.
struct PatternSplits {
  let run: StudyRun
  /// The loss, and whether a higher test score is the better one.
  let loss: any Loss
  let isAccuracy: Bool

  /// The methods that every split has.
  static let adaptive = "adaptive"
  static let rivals = ["SGD", PatternReading.union.rawValue]

  /// Trains on each split but the first, which the panel itself shows, and claims what differs over all of them.
  ///
  /// - Parameters:
  ///   - subjects: the splits from the second on, each with a panel of its own.
  ///   - options: how SGD goes.
  func add(_ subjects: [StudySubject], after panel: String, beta: Double, options: GradientTraining.Options)
    throws
  {
    for (place, subject) in subjects.enumerated() {
      let beta = subject.beta(beta)
      let problem = try TrainingProblem(
        design: subject.dataset.features, targets: subject.dataset.targets, loss: loss, beta: beta)
      let initial = try GradientTraining(problem, options: options).initialNetwork().hidden
      let networks = try run.descend("SGD", on: subject, problem: problem, options: options, trials: 1)
      let trained = networks.compactMap { $0.twoLayer?.hidden }.filter { $0.rows > 0 }
      let choices = PatternReading.union.choices(initial: [initial], trained: trained, draws: 0)
      let seed = run.seed + UInt64(place) + 1
      for (method, training) in [
        (
          Self.rivals[1],
          Training(loss: loss, beta: .value(beta), gap: 1e-3, patterns: .given(choices), seed: seed)
        ),
        (Self.adaptive, Training(loss: loss, beta: .value(beta), gap: 1e-3, method: .local, seed: seed)),
      ] {
        try run.prove(method, on: subject, with: training, seconds: run.number("split-limit"))
      }
    }
    let panels = [panel] + subjects.map(\.panel)
    for rival in Self.rivals { addClaims(against: rival, in: panels) }
  }

  private func addClaims(against rival: String, in panels: [String]) {
    func difference(_ value: (FinalRow) -> Double?) -> PairedDifference? {
      let scores = [Self.adaptive, rival].map { method in
        panels.compactMap { run.end(of: method, in: $0).flatMap(value) }
      }
      return PairedDifference(scores[0], less: scores[1])
    }
    guard let panel = panels.first, let objective = difference(\.objective),
      let score = difference(\.testScore)
    else { return }
    run.add(
      Claim(
        "\(panel): training over all patterns ends below \(rival)", measured: "difference \(objective.text)",
        holds: objective.mean < 0))
    run.add(
      Claim(
        "\(panel): it predicts what is held out no worse than \(rival)",
        measured: "difference \(score.text) of the \(isAccuracy ? "accuracy" : "mean square")",
        tolerance: "two standard errors",
        holds: (isAccuracy ? -score.mean : score.mean) <= 2 * (score.error ?? 0)))
  }
}
