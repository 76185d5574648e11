import Bidual

/// EP21's Figure 4: SGD on parallel three-layer networks beside the program (13), as printed and as it should be.
struct SubnetworkDescent: Study {
  let id = "ep21-fig4"
  let title = "SGD and the convex program on a three-layer teacher's labels"
  let system =
    "Program (13) as printed, the corrected program with its certificate, networks rebuilt by Proposition 1, and SGD on (5)."
  let remark =
    "As printed, (13) bounds each first-layer unit by itself, so that units that subtract can contribute nothing: its optimum is that of two layers. The corrected program has a joint constraint and mixed signs. The plots show three lines: (13) as printed (grey), the network rebuilt from it, and the certified optimum. For its '−' groups A.5 lacks a sign at the second layer. The numbers K of the panels are not in the text."
  let settings = [
    StudySetting("samples", .stated, "Gaussian samples", 5),
    StudySetting("features", .stated, "features", 2),
    StudySetting("width", .stated, "units m₁ of a sub-network, of the teacher's too", 3),
    StudySetting("teacher-subnetworks", .proposed, "sub-networks of the Gaussian teacher", 5),
    StudySetting(
      "teachers", .proposed,
      "teachers on which (13) is held against the optimum; the first on which they differ is drawn", 10),
    StudySetting("beta", .stated, "weight of β/2·Σ(‖w₂‖² + w₃²)", 0.002),
    StudySetting("subnetworks", .proposed, "sub-networks K of SGD, a panel each", [2, 5, 15]),
    StudySetting("batch", .stated, "samples a step", 5),
    StudySetting(
      "rates", .proposed, "learning rates of SGD, of which the best is taken", [0.003, 0.01, 0.03, 0.1]),
    StudySetting("epochs", .proposed, "epochs of SGD", 10_000),
    StudySetting("trials", .stated, "random starts", 5),
    StudySetting("seconds", .proposed, "limit for each program", 60, quick: 8),
  ]

  /// Panels of a teacher by its number: what (13) as printed is, and what it should be.
  private func twoLayers(_ teacher: Int) -> String { "teacher \(teacher), two layers" }
  private func threeLayers(_ teacher: Int) -> String { "teacher \(teacher), three layers" }

  func run(_ run: StudyRun) throws {
    let drawn = try comparison(run)
    let dataset = try dataset(of: drawn, run)
    let beta = run.number("beta")
    let seconds = run.number("seconds")
    let width = run.count("width")
    let problem = try TrainingProblem(
      design: dataset.features, targets: dataset.targets, beta: beta, architecture: ThreeLayer(width: width))
    for count in run.counts("subnetworks") {
      let subject = StudySubject(panel: panel(count), dataset: dataset)
      try run.prove(
        "optimum", on: subject,
        with: Training(beta: .value(beta), gap: 1e-5, architecture: .threeLayer(width: width)),
        seconds: seconds)
      try run.prove(
        Self.rebuilt, on: subject,
        with: Training(
          beta: .value(beta), gap: 1e-6, method: .ergenPilanci13, architecture: .threeLayer(width: width)),
        seconds: seconds)
      var options = GradientTraining.Options()
      (options.rule, options.start, options.width) = (.plain, .uniform, count)
      (options.batchSize, options.maximumEpochs) = (run.count("batch"), run.count("epochs"))
      for (name, schedule) in [("SGD", .constant), ("tuned SGD", .cosine)] as [(String, LearningRateSchedule)]
      {
        options.schedule = schedule
        try run.descend(
          name, on: subject, problem: problem, options: options,
          rates: run.numbers("rates").map(subject.learningRate), trials: run.count("trials"))
      }
      var plot = CurvePlot(title: "A three-layer teacher, K = \(count)", panel: subject.panel)
      plot.levels = run.ends(of: "optimum", in: twoLayers(drawn)).map { ("(13) as printed", $0) }
      run.add(StudyName.file(subject.panel), plot.plot(of: run))
    }
    addClaims(run, drawn)
  }

  private func dataset(of teacher: Int, _ run: StudyRun) throws(DataError) -> Dataset {
    try ParallelTeacher.dataset(
      samples: run.count("samples"), features: run.count("features"), width: run.count("width"),
      subnetworks: run.count("teacher-subnetworks"), seed: run.seed + UInt64(teacher))
  }

  /// Holds (13) as printed, which is the program of two layers, against the optimum of three on several teachers.
  ///
  /// - Returns: the first teacher on which they differ; the first of all if they nowhere do.
  private func comparison(_ run: StudyRun) throws -> Int {
    var training = Training(beta: .value(run.number("beta")), gap: 1e-5)
    var differing: [Int] = []
    var largest = 0.0
    for teacher in 0..<run.count("teachers") {
      let dataset = try dataset(of: teacher, run)
      training.architecture = .twoLayer
      let printed = try run.prove(
        "optimum", on: StudySubject(panel: twoLayers(teacher), dataset: dataset), with: training,
        seconds: run.number("seconds"))
      training.architecture = .threeLayer(width: run.count("width"))
      let optimum = try run.prove(
        "optimum", on: StudySubject(panel: threeLayers(teacher), dataset: dataset), with: training,
        seconds: run.number("seconds"))
      let excess = printed.certificate.objective / optimum.certificate.objective - 1
      if excess > 1e-3 { differing.append(teacher) }
      largest = max(largest, excess)
    }
    run.add(
      Claim(
        "(13) as printed is the optimum of three layers",
        measured:
          "on \(differing.count) of \(run.count("teachers")) teachers it is higher, by up to \(StudyText.short(100 * largest)) %",
        tolerance: "0.1 %", holds: differing.isEmpty))
    return differing.first ?? 0
  }

  private static let rebuilt = "network of (13)"

  private func panel(_ count: Int) -> String { "K = \(count)" }

  private func addClaims(_ run: StudyRun, _ drawn: Int) {
    let counts = run.counts("subnetworks")
    guard let first = counts.min(), let last = counts.max(),
      let printed = run.end(of: "optimum", in: twoLayers(drawn))?.objective,
      let rebuilt = run.end(of: Self.rebuilt, in: panel(first))?.objective
    else { return }
    run.add(
      Claim(
        "the program (13) and the network rebuilt from it cost the same",
        measured: "\(StudyText.short(printed)) and \(StudyText.short(rebuilt))", tolerance: "0.01 %",
        holds: abs(rebuilt / printed - 1) <= 1e-4))
    for count in counts {
      let excesses = run.excesses(of: "SGD", in: panel(count))
      guard let least = excesses.min() else { continue }
      let reaching = excesses.count { $0 <= 0.01 }
      let below = run.ends(of: "SGD", in: panel(count)).count { $0 < printed }
      let measured =
        "\(reaching) of \(excesses.count) within 1 % of the optimum, the best \(StudyText.short(100 * least)) % above it; \(below) below (13) as printed"
      if count == first {
        run.add(
          Claim(
            "with \(count) sub-networks trials get stuck above the optimum", measured: measured,
            tolerance: "1 %", holds: reaching < excesses.count))
      }
      if count == last {
        run.add(
          Claim(
            "with \(count) sub-networks all trials reach the optimum", measured: measured, tolerance: "1 %",
            holds: reaching == excesses.count))
      }
    }
    let below = run.ends(of: "SGD", in: panel(last)).count { $0 < printed }
    run.add(
      Claim(
        "no trial with \(last) sub-networks ends below (13) as printed",
        measured: "\(below) of \(run.ends(of: "SGD", in: panel(last)).count) do", holds: below == 0))
  }
}
