import Bidual

/// SEPP21's Figure 1: SGD from narrow and wider starts, and Algorithm 1, on a teacher's labels.
struct TeacherDescent: Study {
  let id = "sepp21-fig1"
  let title = "SGD and Algorithm 1 on the labels of a teacher with several outputs"
  let system =
    "Algorithm 1 (Frank–Wolfe) with the radius t that (14) searches for, the certified optimum, and SGD on the non-convex objective."
  let remark =
    "The paper gives Algorithm 1 the radius t = 1.495 of its own data, whose teacher it does not print. Here t is the penalty of the certified optimum, which is what the search (14) ends at; Algorithm 1 with that search takes many times as long. A teacher drawn as PyTorch draws linear layers has a t near the paper's, one of Kaiming's full spread (±√(6/fan-in)) one seven times as large. How the 50 neurons fare is lost in the text, as is the time of Algorithm 1. A tuned SGD stands beside the paper's."
  let settings =
    [
      StudySetting("samples", .stated, "Gaussian samples of two features", 25),
      StudySetting("outputs", .stated, "outputs", 5),
      StudySetting("teacher-neurons", .stated, "neurons of the teacher", 100),
      StudySetting(
        "teacher-start", .proposed,
        "how the teacher's weights are drawn: uniform, kaiming-uniform or gaussian",
        "uniform"),
      StudySetting("beta", .stated, "weight of β/2·Σ(‖u‖² + ‖α‖²)", 0.01),
      StudySetting("widths", .stated, "neurons of SGD, a plot each", [10, 50]),
      StudySetting("rate", .stated, "learning rate of SGD", 4e-5),
      StudySetting("epochs", .stated, "epochs of SGD", 20_000),
      StudySetting("trials", .stated, "random starts", 5),
      StudySetting(
        "tuned-rates", .proposed, "rates of the tuned SGD, of which the best is taken, on a cosine",
        [4e-5, 2e-4, 1e-3]),
      StudySetting("frank-wolfe-gap", .proposed, "relative gap at which Algorithm 1 ends", 1e-3),
      StudySetting("seconds", .proposed, "limit for each method but SGD", 60, quick: 5),
    ] + StudyRun.momentumSettings

  /// The paper's t, which is the penalty of its optimum.
  private static let printedNorm = 1.495

  func run(_ run: StudyRun) throws {
    let subject = StudySubject(panel: "teacher", dataset: try dataset(run))
    let beta = run.number("beta")
    let seconds = run.number("seconds")
    let optimum = try run.prove(
      "optimum", on: subject, with: Training(beta: .value(beta), gap: 1e-6), seconds: seconds)
    let problem = try TrainingProblem(
      design: subject.dataset.features, targets: subject.dataset.targets, outputs: subject.dataset.outputs,
      beta: beta)
    let penalty = problem.architecture.penalty(of: optimum.outcome.network)
    try run.prove(
      "Algorithm 1", on: subject,
      with: Training(
        beta: .value(beta), gap: run.number("frank-wolfe-gap"), method: .frankWolfe,
        steps: .plain(norm: penalty)), seconds: seconds, hasCurve: true)
    let widths = run.counts("widths")
    for width in widths {
      let options = try run.momentum(on: subject, neurons: width, rate: run.number("rate"))
      try run.descend(
        name(width), on: subject, problem: problem, options: options, trials: run.count("trials"))
      var tuned = options
      tuned.schedule = .cosine
      try run.descend(
        "tuned " + name(width), on: subject, problem: problem, options: tuned,
        rates: run.numbers("tuned-rates").map(subject.learningRate), trials: run.count("trials"))
    }
    for width in widths {
      var plot = CurvePlot(title: "A teacher's labels, \(width) neurons", panel: subject.panel)
      plot.methods = ["optimum", name(width), "tuned " + name(width)]
      plot.levels = run.ends(of: "Algorithm 1", in: subject.panel).map { ("Algorithm 1", $0) }
      run.add("neurons-\(width)", plot.plot(of: run))
    }
    var iterates = CurvePlot(title: "The iterates of Algorithm 1, by steps", panel: subject.panel)
    iterates.methods = ["optimum", "Algorithm 1"]
    run.add("algorithm-1", iterates.plot(of: run))
    addClaims(run, subject, penalty: penalty)
  }

  private func name(_ width: Int) -> String { "SGD, \(width) neurons" }

  private func dataset(_ run: StudyRun) throws(DataError) -> Dataset {
    guard let start = InitialWeights(rawValue: run.word("teacher-start")) else {
      throw DataError(
        .badSettings,
        "\(id): there are no weights '\(run.word("teacher-start"))'; give \(InitialWeights.allCases.map(\.rawValue).joined(separator: ", "))"
      )
    }
    var random = SeededGenerator(seed: run.seed)
    let design = Matrix.gaussian(rows: run.count("samples"), columns: 2, using: &random)
    return try VectorTeacher(
      inputs: 2, neurons: run.count("teacher-neurons"), outputs: run.count("outputs"), start: start,
      using: &random
    ).dataset(design)
  }

  private func addClaims(_ run: StudyRun, _ subject: StudySubject, penalty: Double) {
    run.add(
      run.claimOptimal(
        "Algorithm 1", in: [subject.panel], tolerance: 0.01, says: "Algorithm 1 ends at the optimum"))
    let widths = run.counts("widths")
    for width in widths {
      let excesses = run.excesses(of: name(width), in: subject.panel)
      guard let least = excesses.min(), let middle = excesses.median else { continue }
      let reaching = excesses.count { $0 <= 0.01 }
      let measured =
        "the best \(StudyText.short(100 * least)) % above it, the middle one \(StudyText.short(100 * middle)) %, \(reaching) of \(excesses.count) within 1 %"
      let isNarrow = width == widths.min()
      run.add(
        Claim(
          isNarrow
            ? "with \(width) neurons no trial reaches the optimum"
            : "with \(width) neurons trials reach the optimum",
          printed: isNarrow ? "" : "lost in the text", measured: measured, tolerance: "1 %",
          isNarrow ? (reaching == 0 ? .holds : .doesNotHold) : (reaching > 0 ? .holds : .notComparable)))
    }
    let isNear = abs(penalty / Self.printedNorm - 1) <= 0.1
    run.add(
      Claim(
        "the optimum's penalty is t", printed: "\(Self.printedNorm)", measured: StudyText.short(penalty),
        tolerance: "10 %", isNear ? .holds : .notComparable))
  }
}
