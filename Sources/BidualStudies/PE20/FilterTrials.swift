import Bidual
import BidualPlots

/// Linear convolutions by SGD and by their convex programs, and how far the filters are from one another: PE20's Figure 5.
struct FilterTrials: Study {
  let id = "pe20-fig5"
  let title = "SGD and the optimum of linear convolutional networks on images of two classes"
  let system =
    "Programs (14), with √d and frequencies in mirror pairs, and (12) for linear convolutions; SGD on filters and heads."
  let files = SplitSamples.imageFiles
  let settings = [
    StudySetting("samples", .stated, "images to train on", 387),
    StudySetting("width", .stated, "filters of SGD", 30),
    StudySetting("batch", .stated, "images a step", 60),
    StudySetting("trials", .stated, "random starts", 5, quick: 3),
    StudySetting(
      "optimum", .proposed,
      "printed optimum; β is that with which the mean hinge loss with its penalty has it", 0.803),
    StudySetting("epochs", .proposed, "passes over the images", 512, quick: 256),
    StudySetting(
      "rates", .proposed, "learning rates, of which the first trial picks one",
      [0.1, 0.03, 0.01, 3e-3, 1e-3, 3e-4], quick: [0.1, 0.03, 0.01, 1e-3]),
  ]
  let remark =
    "β, loss and the way to short signals are not stated. The circular program is exact for filters as long as the signal only: it has signals of 10 grey areas, the linear one 10×10 areas and filters of one row, both of length 10. Optimal filters are one choice of many, so that the distance is the least over all that leaves predictions and penalty as they are."

  /// What the paper calls its convex program.
  static let program = "L1-Convex"

  /// The panel of a kind of network and a loss.
  static func panel(_ kind: String, _ loss: any Loss) -> String { "\(kind), \(loss.name)" }

  /// A kind of network.
  private struct Kind {
    let name: String
    let areas: (height: Int, width: Int)
    let architecture: Training.Architecture
    /// The same for a problem that is posed.
    let posed: any Architecture
    let filters: (any Network) -> TwoLayerNetwork?
    let distance: (TwoLayerNetwork, TwoLayerNetwork) -> Double
  }

  private static func kinds() throws(DataError) -> [Kind] {
    let patches = try Patches(
      channels: 1, image: .init(height: 10, width: 10), filter: .init(height: 1, width: 10))
    return [
      Kind(
        name: "circular", areas: (2, 5), architecture: .circularConvolution, posed: CircularConvolution(),
        filters: { ($0 as? CircularConvolutionalNetwork)?.filters }, distance: FilterDistance.shifted),
      Kind(
        name: "linear", areas: (10, 10), architecture: .linearConvolution(.init(patches)),
        posed: LinearConvolution(patches),
        filters: { ($0 as? LinearConvolutionalNetwork)?.filters }, distance: FilterDistance.turned),
    ]
  }

  func run(_ run: StudyRun) throws {
    var distances = TextRows(["panel", "seed", "epoch", "filter_distance"])
    for kind in try Self.kinds() {
      let split = try SplitSamples.images(
        training: run.path("cifar10_train"), heldOut: run.path("cifar10_test"), classes: (0, 1),
        count: run.count("samples"), areas: kind.areas, seed: run.seed)
      let samples = Double(split.training.samples)
      let beta = try beta(of: kind, on: split.training, in: run, optimum: run.number("optimum") * samples)
      for loss in [HingeLoss(), SquaredLoss()] as [any Loss] {
        let subject = StudySubject(
          panel: Self.panel(kind.name, loss), dataset: split.training, heldOut: split.heldOut,
          score: .accuracy, factor: 1 / samples)
        try add(subject, kind, loss: loss, beta: beta, to: &distances, run)
      }
    }
    run.add("distances", distances)
  }

  /// The β with which the hinge loss has an optimum, by bisection: optima rise with β.
  private func beta(of kind: Kind, on dataset: Dataset, in run: StudyRun, optimum: Double) throws -> Double {
    let problem = try TrainingProblem(
      design: dataset.features, targets: dataset.targets, loss: HingeLoss(), beta: 1,
      architecture: kind.posed)
    var (low, high) = (0.0, problem.betaMax())
    for _ in 0..<12 {
      let middle = 0.5 * (low + high)
      let training = Training(
        loss: HingeLoss(), beta: .value(middle), gap: 1e-4, architecture: kind.architecture)
      let reached = try training.fit(dataset, stop: run.stop(after: 10))
      try run.checkMemory()
      if reached.certificate.objective < optimum { low = middle } else { high = middle }
    }
    return high
  }

  private func add(
    _ subject: StudySubject, _ kind: Kind, loss: any Loss, beta: Double, to distances: inout TextRows,
    _ run: StudyRun
  ) throws {
    let panel = subject.panel
    let training = Training(loss: loss, beta: .value(beta), gap: 1e-6, architecture: kind.architecture)
    let optimum = try run.prove(Self.program, on: subject, with: training)
    guard let filters = kind.filters(optimum.model.network) else { return }
    let problem = try TrainingProblem(
      design: subject.dataset.features, targets: subject.dataset.targets, loss: loss, beta: beta,
      architecture: kind.posed)
    var options = GradientTraining.Options()
    (options.rule, options.start, options.batchSize) = (.plain, .uniform, run.count("batch"))
    (options.width, options.maximumEpochs) = (run.count("width"), run.count("epochs"))
    options.learningRate = try run.bestRate(of: run.numbers("rates"), for: problem, options: options)
    var courses: [Int: [Mark.Point]] = [:]
    try run.descend(
      "SGD", on: subject, problem: problem, options: options, trials: run.count("trials"),
      watch: { trial, moment in
        guard let own = kind.filters(moment.network) else { return }
        courses[trial, default: []].append(Mark.Point(Double(moment.epoch), kind.distance(own, filters)))
      })
    let file = StudyName.file(panel)
    run.add(file + "-objective", CurvePlot(title: "Objective, \(panel)", panel: panel).plot(of: run))
    let trials = courses.sorted { $0.key < $1.key }.map(\.value)
    for (trial, points) in trials.enumerated() {
      for point in points { distances.append([panel, "\(trial)", "\(Int(point.x))", "\(point.y)"]) }
    }
    run.add(file + "-distance", Self.plot(trials, panel: panel))
    addClaims(panel, optimum: subject.factor * optimum.certificate.objective, trials, run)
  }

  private static func plot(_ trials: [[Mark.Point]], panel: String) -> Plot {
    let points = trials.flatMap { $0 }
    return Plot(
      "Filters, \(panel)",
      description: "How far SGD's filters are from the optimum's, in the length of these, over epochs.",
      x: Axis("epochs", holding: points.map(\.x)),
      y: Axis("distance", .logarithmic, holding: points.map(\.y)),
      marks: trials.map { .line($0, .orange) }, legend: [(.orange, "SGD")])
  }

  private func addClaims(_ panel: String, optimum: Double, _ trials: [[Mark.Point]], _ run: StudyRun) {
    let worst = run.ends(of: "SGD", in: panel).max() ?? .infinity
    run.add(
      Claim(
        "\(panel): all trials of SGD reach the optimum", printed: "0.804 against 0.803",
        measured: "the worst ends at \(StudyText.short(worst)), the optimum is \(StudyText.short(optimum))",
        tolerance: "0.2 %", holds: worst <= 1.002 * optimum))
    let distances = trials.compactMap { $0.last?.y }
    let largest = distances.max() ?? .infinity
    run.add(
      Claim(
        "\(panel): their filters are nearly those of the optimum",
        measured: "the largest distance at the end is \(StudyText.short(largest)) of the length",
        tolerance: "0.05", holds: largest <= 0.05))
  }
}
