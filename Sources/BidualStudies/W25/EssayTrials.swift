import Bidual

/// Trials as W25 runs them, and the optimum that they should reach.
struct EssayTrials {
  let data: EssayData
  let run: StudyRun
  /// What the trials are called, and their samples a step; nil for all of them.
  let method: String
  let batch: Int?

  /// The certified optimum of the data and the trials of one width, in a panel.
  func add(width: Int, epochs: Int) throws {
    let subject = try data.subject(panel: panel(width))
    let beta = subject.beta(run.number("beta"))
    try run.prove("optimum", on: subject, with: Training(beta: .value(beta), gap: 1e-6))
    var options = GradientTraining.Options()
    (options.rule, options.start, options.batchSize) = (.plain, .uniform, batch)
    (options.width, options.maximumEpochs) = (width, epochs)
    options.learningRate = subject.learningRate(run.number("rate"))
    try run.descend(
      method, on: subject,
      problem: try TrainingProblem(
        design: subject.dataset.features, targets: subject.dataset.targets, beta: beta),
      options: options, trials: run.count("trials"))
    var plot = CurvePlot(title: "\(data.rawValue) data, \(width) neurons", panel: panel(width))
    plot.levels = [("as printed", data.printedOptimum)]
    run.add(StudyName.file(panel(width)), plot.plot(of: run))
  }

  func panel(_ width: Int) -> String { "\(data.rawValue), m = \(width)" }

  /// What a trial ends above the proven optimum, as shares of it.
  func excesses(width: Int) -> [Double] { run.excesses(of: method, in: panel(width)) }

  /// Whether the printed optimum of the data can be that of a network: what is proven in a panel says so.
  func claimPrinted(width: Int, says text: String) -> Claim? {
    guard let optimum = run.end(of: "optimum", in: panel(width)), let bound = optimum.bound else {
      return nil
    }
    let (printed, lower) = (data.printedOptimum, optimum.factor * bound.lower)
    return Claim(
      text, printed: "\(printed)",
      measured: "between \(StudyText.short(lower)) and \(StudyText.short(optimum.objective))",
      tolerance: "0.5 %", holds: printed >= 0.995 * lower && printed <= 1.005 * optimum.objective)
  }

  /// Whether the printed optimum of the data is that of a penalty by squares.
  ///
  /// - Throws: as `SquaredPenalty.optimum`.
  func claimSquared(says text: String) throws -> Claim {
    let squared = try squaredOptimum
    return Claim(
      text, printed: "\(data.printedOptimum)", measured: StudyText.short(squared), tolerance: "1 %",
      holds: abs(squared / data.printedOptimum - 1) <= 0.01)
  }

  /// The optimum where squares of the program's vectors are penalised.
  var squaredOptimum: Double {
    get throws {
      try SquaredPenalty(data.subject(panel: "").dataset).optimum(beta: run.number("beta"))
    }
  }

  /// The settings that all of the essay's trials share.
  static func settings(widths: StudyValue, epochs: StudyValue, quick: StudyValue, trials: StudyValue = 10)
    -> [StudySetting]
  {
    [
      StudySetting("beta", .stated, "weight of β/2·Σ(‖u‖² + ω²) beside the mean squared error", 1e-3),
      StudySetting("rate", .stated, "learning rate", 0.01),
      StudySetting("widths", .stated, "neurons, a panel each", widths),
      StudySetting("epochs", .stated, "passes over the data, a number a panel", epochs, quick: quick),
      StudySetting("trials", .stated, "random starts", trials, quick: 3),
    ]
  }
}
