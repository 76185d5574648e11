import Bidual

/// A convolutional ReLU network by SGD and by programs over patterns of patches: PE20's Figure 10.
struct PatchTrials: Study {
  let id = "pe20-fig10"
  let title = "Programs over patterns of patches and SGD on images of two classes"
  let system =
    "ReLU convolutions with sum pooling (A.1) over the patterns of networks and of clustered patches (Remark 3.2), with the hinge loss; SGD; training over all patterns as they are needed."
  let files = SplitSamples.imageFiles
  let settings =
    PatchImages.settings(with: StudySetting("trials", .stated, "random starts", 5, quick: 2)) + [
      StudySetting(
        "betas", .proposed, "weights of the penalty beside the mean loss, a panel each", [1e-4, 0.3],
        quick: [0.3]),
      StudySetting("limit", .proposed, "seconds for each program", 60, quick: 3),
    ]
  let remark =
    "β, classes, rates and the scaling of pixels are not stated; the printed program sums over neurons in place of patterns and bounds their lengths, which is left out. The paper's β leaves hardly any penalty: a larger one has a panel of its own. Where a program does not end in its time, what it would reach is not known, and claims about it are not decided against it."

  func run(_ run: StudyRun) throws {
    for beta in run.numbers("betas") {
      let images = try PatchImages(run, beta: beta)
      try add(images, run)
      let panel = images.subject.panel
      let file = StudyName.file(panel)
      run.add(
        file + "-objective",
        CurvePlot(title: "Objective, \(panel)", panel: panel, course: .seconds).plot(of: run))
      run.add(
        file + "-test",
        CurvePlot(
          title: "Test accuracy, \(panel)", panel: panel, course: .seconds, height: .testScore,
          isLogarithmic: false
        ).plot(of: run))
      addClaims(panel, run)
    }
  }

  private func add(_ images: PatchImages, _ run: StudyRun) throws {
    let (subject, problem, trials) = (images.subject, images.problem, run.count("trials"))
    var options = images.options
    options.learningRate = try run.bestRate(of: run.numbers("rates"), for: problem, options: options)
    let networks = try run.descend("SGD", on: subject, problem: problem, options: options, trials: trials)
    let trained = networks.compactMap { PatchImages.filters($0)?.hidden }
    let ends = run.ends(of: "SGD", in: subject.panel)
    guard trained.count == trials, let best = ends.indices.min(by: { ends[$0] < ends[$1] }) else { return }
    let initial = try (0..<trials).map { trial in
      options.seed = run.seed + UInt64(trial)
      return try GradientTraining(problem, options: options).initialNetwork().hidden
    }
    let limit = run.number("limit")
    for reading in PatchReading.allCases {
      let choices = reading.choices(
        initial: initial, trained: trained, best: best, clusters: run.count("clusters"))
      try run.prove(
        reading.rawValue, on: subject, with: images.training(run, patterns: .given(choices)), seconds: limit)
    }
    try run.prove("adaptive", on: subject, with: images.training(run, method: .local), seconds: limit)
  }

  private func addClaims(_ panel: String, _ run: StudyRun) {
    let descent = run.ends(of: "SGD", in: panel).min() ?? .infinity
    func row(_ reading: PatchReading) -> FinalRow? { run.end(of: reading.rawValue, in: panel) }
    guard let both = row(.both), let trained = row(.trained),
      let adaptive = run.end(of: "adaptive", in: panel)
    else { return }
    let paper = [PatchReading.literal, .trained, .flipped].compactMap(row)
    let others = min(descent, paper.map(\.objective).min() ?? .infinity)
    run.add(
      claim(
        "\(panel): Alg1 has the lowest objective of the paper's methods",
        measured: "\(StudyText.short(both.objective)) against \(StudyText.short(others))",
        holds: both.objective <= others, of: both))
    run.add(
      claim(
        "\(panel): clusters gain over the patterns of SGD alone",
        measured: "\(StudyText.short(both.objective)) against \(StudyText.short(trained.objective))",
        holds: both.objective < trained.objective, of: both))
    run.add(
      claim(
        "\(panel): the program over the patterns of SGD ends no higher than SGD",
        measured: "\(StudyText.short(trained.objective)) against \(StudyText.short(descent))",
        holds: trained.objective <= descent, of: trained))
    let scores =
      run.finals.filter { $0.panel == panel && $0.method == "SGD" }.compactMap(\.testScore)
      + paper.compactMap(\.testScore)
    let best = scores.max() ?? 0
    run.add(
      claim(
        "\(panel): Alg1 has the highest test accuracy of the paper's methods",
        measured: "\(StudyText.short(both.testScore)) against \(StudyText.short(best))",
        holds: both.testScore ?? 0 >= best, of: both))
    let least = run.finals.filter { $0.panel == panel }.map(\.objective).min() ?? 0
    run.add(
      Claim(
        "\(panel): the lowest objective is that of training over all patterns",
        measured: "\(StudyText.short(adaptive.objective)), the lowest \(StudyText.short(least))",
        tolerance: "0.1 %", holds: adaptive.objective <= 1.001 * least))
  }

  /// A claim about a program, which one that did not end can't refute.
  private func claim(_ text: String, measured: String, holds: Bool, of row: FinalRow) -> Claim {
    guard !holds, row.status != "\(SolverStatus.solved)" else {
      return Claim(text, measured: measured, holds: holds)
    }
    return Claim(text, measured: measured + "; its program did not end", .notComparable)
  }
}
