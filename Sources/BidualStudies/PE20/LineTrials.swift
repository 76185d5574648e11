import Bidual

/// PE20's Figure 2: SGD with few and many neurons beside the optimum on five points of a line.
struct LineTrials: Study {
  let id = "pe20-fig2"
  let title = "SGD with 8, 15 and 50 neurons and the optimum on five points of a line"
  let system = "Program (8), Theorem 1; gradient descent on the non-convex objective (2)."
  let settings = [
    StudySetting(
      "beta", .proposed,
      "weight of β/2·Σ(‖u‖² + α²) beside half the squared error: what Table 1 prints fits it", 1e-4),
    StudySetting("widths", .stated, "neurons, a panel each", [8, 15, 50]),
    StudySetting("trials", .stated, "random starts", 10, quick: 5),
    StudySetting("epochs", .proposed, "passes over the data", 20_000, quick: 5000),
    StudySetting(
      "reach", .proposed, "excess over the optimum up to which a trial counts as having reached it", 0.5),
    StudySetting(
      "rates", .proposed, "learning rates, of which the first trial picks one", [1, 0.3, 0.1, 0.03, 0.01]),
  ]
  let remark =
    "The text says one feature, the caption two: a column of ones is appended, without which no network gets below 2.3. At so small a β gradient methods need very long to shrink a network that fits; this, more than local minima, is what the figure shows."

  func run(_ run: StudyRun) throws {
    let design = Matrix((-2...2).map { [Double($0), 1] })
    let targets = [1.0, -1, 1, 1, -1]
    let beta = run.number("beta")
    let problem = try TrainingProblem(design: design, targets: targets, beta: beta)
    let reach = run.number("reach")
    var shares: [Double] = []
    for width in run.counts("widths") {
      let panel = "m = \(width)"
      let subject = StudySubject(panel: panel, dataset: try Dataset(features: design, targets: targets))
      let proven = try run.prove("optimum", on: subject, with: Training(beta: .value(beta), gap: 1e-6))
      var options = GradientTraining.Options()
      (options.rule, options.start) = (.plain, .uniform)
      (options.width, options.maximumEpochs) = (width, run.count("epochs"))
      options.learningRate = try run.bestRate(of: run.numbers("rates"), for: problem, options: options)
      try run.descend("SGD", on: subject, problem: problem, options: options, trials: run.count("trials"))
      run.add(
        StudyName.file(panel), CurvePlot(title: "\(width) neurons", panel: panel).plot(of: run))
      let ends = run.ends(of: "SGD", in: panel)
      shares.append(
        Double(ends.count { $0 <= (1 + reach) * proven.certificate.objective }) / Double(max(1, ends.count)))
    }
    if let optimum = run.finals.first(where: { $0.method == "optimum" })?.objective {
      run.add(
        Claim(
          "the optimum is about 0.001", printed: "0.001", measured: StudyText.short(optimum),
          tolerance: "10 %",
          holds: abs(optimum - 0.001) <= 1e-4))
    }
    let text = shares.map { StudyText.short(100 * $0) + " %" }.joined(separator: ", ")
    run.add(
      Claim(
        "with few neurons SGD is stuck above the optimum",
        measured: "trials that reach it, by width: \(text)", holds: (shares.first ?? 1) < 0.5))
    run.add(
      Claim(
        "the more neurons, the more trials reach it", measured: text,
        tolerance: "an excess of \(StudyText.short(reach))",
        holds: zip(shares, shares.dropFirst()).allSatisfy { $0 <= $1 } && shares.last ?? 0 > shares.first ?? 0
      ))
  }
}
