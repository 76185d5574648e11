import Bidual

/// The program over the patterns of small networks beside SGD: PE20's Figures 4, 7, 8 and 9.
struct PatternTrials: Study {
  /// What the networks learn from.
  enum Source: Sendable {
    /// Two classes of CIFAR-10, images of so many grey areas a side.
    case images(side: Int)
    /// The last column of a CSV file.
    case table(String)
  }

  let figure: Int
  let name: String
  let source: Source
  let samples: Int
  let trials: Int
  /// The least epochs at the paper's scale; larger tables take fewer.
  let epochs: Double

  var id: String { "pe20-fig\(figure)" }
  var title: String { "Programs over the patterns of small networks and SGD on \(name)" }
  let system =
    "Program (8) over some patterns (Remark 3.2), in the readings of Alg1 to Alg3; SGD; training over all patterns as they are needed."
  var files: [String] {
    switch source {
    case .images: SplitSamples.imageFiles
    case .table(let file): [file]
    }
  }
  var settings: [StudySetting] {
    [
      StudySetting(
        "samples", .stated, "rows to train on", .number(Double(samples)),
        quick: .number(Double(min(samples, 400)))),
      StudySetting("width", .stated, "neurons of SGD", 12),
      StudySetting("batch", .stated, "samples a step", 25),
      StudySetting("trials", .stated, "random starts", .number(Double(trials)), quick: 2),
      StudySetting(
        "betas", .proposed, "weights of the penalty beside the mean loss, a panel each", [1e-4, 1e-3, 1e-2],
        quick: [1e-4, 1e-2]),
      StudySetting("epochs", .proposed, "passes over the data", .number(epochs), quick: 200),
      StudySetting(
        "rates", .proposed, "learning rates, of which the first trial picks one", [0.3, 0.1, 0.03, 0.01],
        quick: [0.1, 0.03]),
      StudySetting(
        "draws", .proposed, "Gaussian gates of Alg1's reading with many patterns", 1000, quick: 100),
      StudySetting("limit", .proposed, "seconds for each program", 20, quick: 3),
      StudySetting(
        "splits", .proposed, "draws of the data, of which the first has all methods, and the others three",
        10,
        quick: 2),
      StudySetting(
        "split-limit", .proposed, "seconds for each program on further draws", isImages ? 10 : 5, quick: 1),
    ]
  }
  var remark: String {
    "Alg1 is described in three ways that contradict each other; all are run. β, scaling and rates are not stated. \(isImages ? "The files at hand have 192 test images, not the paper's 2000. " : "")At the paper's small β SGD needs very long to shrink a network, which the figure shows; each β has a panel of its own."
  }

  /// Figure 4.
  static let images = PatternTrials(
    figure: 4, name: "images of two classes", source: .images(side: 10), samples: 106, trials: 10,
    epochs: 5000)

  private var isImages: Bool { if case .images = source { true } else { false } }

  func run(_ run: StudyRun) throws {
    let splits = try (0..<run.count("splits")).map { place in
      let split = try split(run, seed: run.seed + UInt64(place))
      return StudySubject(
        panel: "split \(place)", dataset: split.training, heldOut: split.heldOut,
        score: isImages ? .accuracy : .meanSquare,
        factor: (isImages ? 1 : 2) / Double(split.training.samples))
    }
    let loss: any Loss = isImages ? HingeLoss() : SquaredLoss()
    for beta in run.numbers("betas") {
      let subject = splits[0].named("beta = \(beta)")
      let options = try add(subject, loss: loss, beta: subject.beta(beta), run)
      let title = "\(name), β = \(beta)"
      let file = StudyName.file(subject.panel)
      run.add(
        file + "-objective", CurvePlot(title: title, panel: subject.panel, course: .seconds).plot(of: run))
      run.add(
        file + "-test",
        CurvePlot(
          title: title, panel: subject.panel, course: .seconds, height: .testScore, isLogarithmic: !isImages
        ).plot(of: run))
      addClaims(subject.panel, run)
      try PatternSplits(run: run, loss: loss, isAccuracy: isImages).add(
        splits.dropFirst().map { $0.named("\(subject.panel), \($0.panel)") }, after: subject.panel,
        beta: beta,
        options: options)
    }
  }

  private func split(_ run: StudyRun, seed: UInt64) throws(DataError) -> SplitSamples {
    switch source {
    case .images(let side):
      try .signs(
        training: run.path("cifar10_train"), heldOut: run.path("cifar10_test"), classes: (0, 1),
        count: run.count("samples"), side: side, seed: seed)
    case .table(let file):
      try .regression(path: run.path(file), count: run.count("samples"), seed: seed)
    }
  }

  /// Trains by all methods.
  ///
  /// - Returns: how the first trial of SGD went.
  private func add(_ subject: StudySubject, loss: any Loss, beta: Double, _ run: StudyRun) throws
    -> GradientTraining.Options
  {
    let problem = try TrainingProblem(
      design: subject.dataset.features, targets: subject.dataset.targets, loss: loss, beta: beta)
    var options = GradientTraining.Options()
    (options.rule, options.start, options.batchSize) = (.plain, .uniform, run.count("batch"))
    (options.width, options.maximumEpochs) = (run.count("width"), run.count("epochs"))
    options.learningRate = try run.bestRate(of: run.numbers("rates"), for: problem, options: options)
    let trials = run.count("trials")
    let initial = try (0..<trials).map { trial in
      options.seed = run.seed + UInt64(trial)
      return try GradientTraining(problem, options: options).initialNetwork().hidden
    }
    let networks = try run.descend("SGD", on: subject, problem: problem, options: options, trials: trials)
    let trained = networks.compactMap { $0.twoLayer?.hidden }.filter { $0.rows > 0 }
    let limit = run.number("limit")
    for reading in PatternReading.allCases {
      let choices = reading.choices(initial: initial, trained: trained, draws: run.count("draws"))
      guard !choices.isEmpty else { continue }
      try run.prove(
        reading.rawValue, on: subject,
        with: Training(loss: loss, beta: .value(beta), gap: 1e-3, patterns: .given(choices), seed: run.seed),
        seconds: limit)
    }
    try run.prove(
      PatternSplits.adaptive, on: subject,
      with: Training(loss: loss, beta: .value(beta), gap: 1e-3, method: .local, seed: run.seed),
      seconds: limit)
    options.seed = run.seed
    return options
  }

  private func addClaims(_ panel: String, _ run: StudyRun) {
    let rows = run.finals.filter { $0.panel == panel }
    let descent = run.ends(of: "SGD", in: panel).min() ?? .infinity
    for reading in [PatternReading.literal, .union, .allTrials, .many] {
      guard let row = run.end(of: reading.rawValue, in: panel) else { continue }
      run.add(
        Claim(
          "\(panel): \(reading.rawValue) ends below all trials of SGD",
          measured:
            "\(StudyText.short(row.objective)) against \(StudyText.short(descent)) of the best trial",
          holds: row.objective < descent))
    }
    let adaptive = run.end(of: PatternSplits.adaptive, in: panel)?.objective ?? .infinity
    let others = rows.filter { $0.method != PatternSplits.adaptive }
    if let next = others.min(by: { $0.objective < $1.objective }) {
      run.add(
        Claim(
          "\(panel): the lowest objective is that of training over all patterns",
          measured:
            "\(StudyText.short(adaptive)); the lowest other one is that of \(next.method), \(StudyText.short(next.objective)), which is \(StudyText.short(100 * (next.objective / adaptive - 1))) % above it",
          tolerance: "0.1 %", holds: adaptive <= 1.001 * next.objective))
    }
    let scores = rows.compactMap { row in row.testScore.map { (row.method, $0) } }
    if let best = isImages ? scores.max(by: { $0.1 < $1.1 }) : scores.min(by: { $0.1 < $1.1 }) {
      run.add(
        Claim(
          "\(panel): Alg1 is best on the data held out",
          measured: "\(best.0), \(StudyText.short(best.1))", holds: best.0.hasPrefix("Alg1")))
    }
  }
}
