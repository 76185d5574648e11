import Bidual
import BidualPlots

/// SEPP21's Figure 3: three ways to train on three spirals, over β.
struct SpiralMethods: Study {
  let id = "sepp21-fig3"
  let title = "SGD, Algorithm 1 and the relaxation (19) on three spirals"
  let system =
    "Algorithm 1 (Frank–Wolfe) with the radius t of what SGD found, the relaxation (19) of the copositive program, and SGD on the non-convex objective, beside the certified optimum."
  let remark =
    "The text names program (17); what is solved there is its relaxation (19), which is exact in two dimensions. A.1.5 prints t = β/2·Σ where ½·Σ is meant, as in A.1.3. Algorithm 1 proves little by itself, and with a t that is a little off ends a little above the optimum. The paper does not list its values of β. The data are known by their 114 chambers."
  let settings =
    [
      StudySetting(
        "betas", .proposed, "values of β, a panel each", [0.01, 0.03, 0.1, 0.3, 1, 3], quick: [0.03, 0.3, 3]),
      StudySetting("neurons", .stated, "neurons of SGD", 1000, quick: 200),
      StudySetting("epochs", .stated, "epochs of SGD", 8000),
      StudySetting("rate", .stated, "learning rate of SGD for β below 1; twice as much for others", 1e-3),
      StudySetting("trials", .proposed, "random starts", 1),
      StudySetting("frank-wolfe-gap", .proposed, "relative gap at which Algorithm 1 ends", 1e-3),
      StudySetting("seconds", .proposed, "limit for each method but SGD", 60, quick: 5),
    ] + StudyRun.momentumSettings

  func run(_ run: StudyRun) throws {
    let dataset = try SpiralData.dataset(seed: run.seed)
    add(dataset, to: run)
    var panels: [(value: Double, name: String)] = []
    var chambers: Int?
    for beta in run.numbers("betas") {
      let subject = StudySubject(panel: "β = \(beta)", dataset: dataset, score: .accuracy)
      panels.append((beta, subject.panel))
      let seconds = run.number("seconds")
      try run.prove(
        "optimum", on: subject, with: Training(beta: .value(beta), gap: 1e-6), seconds: seconds)
      chambers =
        try run.prove(
          "relaxation (19)", on: subject,
          with: Training(beta: .value(beta), gap: 1e-6, method: .copositive), seconds: seconds
        ).outcome.chambers ?? chambers
      let rate = run.number("rate") * (beta < 1 ? 1 : 2)
      let problem = try TrainingProblem(
        design: dataset.features, targets: dataset.targets, outputs: dataset.outputs, beta: beta)
      let networks = try run.descend(
        "SGD", on: subject, problem: problem,
        options: run.momentum(on: subject, neurons: run.count("neurons"), rate: rate),
        trials: run.count("trials"))
      if let network = networks.first {
        let norm = problem.architecture.penalty(of: network)
        try run.prove(
          "Algorithm 1", on: subject,
          with: Training(
            beta: .value(beta), gap: run.number("frank-wolfe-gap"), method: .frankWolfe,
            steps: .plain(norm: norm)), seconds: seconds)
      }
      run.add(
        StudyName.file(subject.panel),
        CurvePlot(title: "Three spirals, β = \(beta)", panel: subject.panel).plot(of: run))
    }
    run.add(
      "betas", SweepPlot(title: "Three spirals", setting: "β", panels: panels).plot(of: run))
    for (method, tolerance) in [("SGD", 0.01), ("Algorithm 1", 0.01), ("relaxation (19)", 1e-4)] {
      run.add(
        run.claimOptimal(
          method, in: panels.map(\.name), tolerance: tolerance,
          says: "at every β \(method) ends at the optimum"))
    }
    run.add(
      Claim(
        "the data have 114 chambers", printed: "114", measured: chambers.map { "\($0)" } ?? "not counted",
        holds: chambers == 114))
  }

  /// The samples as a table and a picture.
  private func add(_ dataset: Dataset, to run: StudyRun) {
    var rows = TextRows(["x1", "x2", "class"])
    var points = Array(repeating: [Mark.Point](), count: SpiralData.classes)
    for i in 0..<dataset.samples {
      let (x, kind) = (dataset.features.row(i), i * SpiralData.classes / dataset.samples)
      rows.append(x.map { "\($0)" } + ["\(kind)"])
      points[kind].append(Mark.Point(x[x.startIndex], x[x.startIndex + 1]))
    }
    run.add("points", rows)
    let inks: [Ink] = [.blue, .orange, .green]
    run.add(
      "points",
      Plot(
        "The samples", description: "Three classes of 20 samples on spirals.",
        x: Axis("x₁", holding: points.joined().map(\.x)), y: Axis("x₂", holding: points.joined().map(\.y)),
        marks: zip(points, inks).map { .points($0, $1) },
        legend: inks.enumerated().map { ($1, "class \($0)") }))
  }
}
