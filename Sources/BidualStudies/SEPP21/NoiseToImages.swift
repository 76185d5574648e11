import Bidual
import RealModule

/// SEPP21's Figure 4: noise mapped to images by SGD, beside the relaxation (20), over β.
struct NoiseToImages: Study {
  let id = "sepp21-fig4"
  let title = "Noise mapped to images: SGD beside the relaxation (20)"
  let system =
    "The relaxation (20) for whitened samples, as a certified lower bound, and what exact training reaches; SGD on the non-convex objective."
  let remark =
    "The paper solves (20) by Adam with a penalty for its cone, which proves nothing. Here the bound is proven from the dual point of the network that training found, with the relaxation's multipliers; up to the stated number of samples (20) itself is solved too. Epochs of SGD are fewer than the paper's 60 000. Betas are shares of the β at which the zero network is best."
  let files = ["mnist_train", "cifar10_train"].flatMap { stem in
    ["images", "labels"].map { "\(stem)_\($0).npy" }
  }
  let settings =
    [
      StudySetting("sets", .stated, "mnist, cifar10 or both", "both", quick: "mnist"),
      StudySetting("samples", .stated, "images, a tenth of each class", 100, quick: 20),
      StudySetting(
        "ratios", .proposed, "β over the largest that is of use", [1e-3, 1e-2, 0.03, 0.1, 0.3, 0.9],
        quick: [1e-2, 0.1, 0.9]),
      StudySetting("neurons", .stated, "neurons of SGD", 1000, quick: 100),
      StudySetting("rate", .stated, "learning rate of SGD", 5e-5),
      StudySetting("epochs", .substituted, "epochs of SGD", 3000, quick: 1000, full: 60_000),
      StudySetting(
        "tuned-rates", .proposed, "rates of the tuned SGD, of which the best is taken, on a cosine",
        [5e-5, 5e-4, 5e-3]),
      StudySetting("tuned-epochs", .proposed, "epochs of the tuned SGD", 300),
      StudySetting("relaxed-samples", .substituted, "most samples for which (20) itself is solved", 50),
      StudySetting("trials", .proposed, "random starts", 1),
      StudySetting("seconds", .proposed, "limit for each method but SGD", 60, quick: 3),
    ] + StudyRun.momentumSettings

  func run(_ run: StudyRun) throws {
    let sets = ["mnist": 784, "cifar10": 3072].sorted { $0.key > $1.key }
      .filter { run.word("sets") == "both" || run.word("sets") == $0.key }
    guard !sets.isEmpty else {
      throw DataError(
        .badSettings, "\(id): there is no set '\(run.word("sets"))'; give mnist, cifar10 or both")
    }
    for (name, features) in sets { try add(name, features: features, to: run) }
  }

  private func add(_ name: String, features: Int, to run: StudyRun) throws {
    let images = try ImageSet(stem: run.path("\(name)_train"))
      .balanced(perClass: max(1, run.count("samples") / 10))
    var random = SeededGenerator(seed: run.seed)
    let noise = Matrix.gaussian(rows: images.classes.count, columns: features, using: &random)
    let dataset = try Dataset(
      features: try Preprocessing.Whitening(.pca, of: noise).inputs(for: noise),
      outputs: images.images.columns, targets: images.images.elements)
    let unscaled = try TrainingProblem(
      design: dataset.features, targets: dataset.targets, outputs: dataset.outputs, beta: 1)
    let betaMax = unscaled.betaMax()
    let seconds = run.number("seconds")
    var panels: [(value: Double, name: String)] = []
    for ratio in run.numbers("ratios") {
      let subject = StudySubject(panel: "\(name), \(ratio)·β_max", dataset: dataset)
      panels.append((ratio, subject.panel))
      let beta = ratio * betaMax
      try run.prove("ours", on: subject, with: Training(beta: .value(beta), gap: 1e-4), seconds: seconds)
      if dataset.samples <= run.count("relaxed-samples") {
        try run.prove(
          "relaxation (20)", on: subject,
          with: Training(beta: .value(beta), gap: 1e-4, method: .copositive), seconds: seconds)
      }
      let problem = try unscaled.replacing(beta: beta)
      let options = try run.momentum(
        on: subject, neurons: run.count("neurons"), rate: run.number("rate"))
      try run.descend(
        "SGD", on: subject, problem: problem,
        options: options, trials: run.count("trials"))
      var tuned = options
      (tuned.schedule, tuned.maximumEpochs) = (.cosine, run.count("tuned-epochs"))
      try run.descend(
        "tuned SGD", on: subject, problem: problem, options: tuned,
        rates: run.numbers("tuned-rates").map(subject.learningRate), trials: run.count("trials"))
    }
    run.add(
      "\(name)-objectives",
      SweepPlot(title: "Noise to images, \(name)", setting: "β / β_max", panels: panels).plot(of: run))
    var gaps = SweepPlot(title: "Above the proven bound, \(name)", setting: "β / β_max", panels: panels)
    gaps.measure = ("share above the bound", { row in excess(of: row, in: run) })
    run.add("\(name)-gaps", gaps.plot(of: run))
    addClaims(run, name, panels)
  }

  /// What a row lies above the best bound of its panel, as a share.
  private func excess(of row: FinalRow, in run: StudyRun) -> Double? {
    run.finals.filter { $0.panel == row.panel }.compactMap { $0.bound?.lower }.max()
      .map { row.objectiveSum / $0 - 1 }
  }

  private func addClaims(_ run: StudyRun, _ name: String, _ panels: [(value: Double, name: String)]) {
    let excesses = panels.sorted { $0.value < $1.value }.compactMap { panel in
      run.finals.first { $0.panel == panel.name && $0.method == "SGD" }.flatMap { excess(of: $0, in: run) }
    }
    guard let least = excesses.first else { return }
    let others = excesses.dropFirst()
    let texts = excesses.map { StudyText.short(100 * $0) }.joined(separator: ", ")
    run.add(
      Claim(
        "\(name): SGD ends at the bound of (20) for all β but the least", measured: "\(texts) % above it",
        tolerance: "1 %", holds: others.allSatisfy { $0 <= 0.01 }))
    run.add(
      Claim(
        "\(name): at the least β SGD ends above it", measured: "\(StudyText.short(100 * least)) %",
        tolerance: "1 %", holds: least > 0.01))
  }
}
