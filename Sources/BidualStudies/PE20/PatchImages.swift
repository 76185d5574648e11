import Bidual

/// Images of two classes and the filters that see their patches, for PE20's Figures 10 and 11.
struct PatchImages {
  let subject: StudySubject
  let problem: TrainingProblem
  let architecture: Training.Architecture
  /// How SGD runs, but for its rate.
  let options: GradientTraining.Options

  /// What both figures depend on.
  static func settings(with own: StudySetting) -> [StudySetting] {
    [
      StudySetting("samples", .stated, "images to train on", 195, quick: 60),
      StudySetting("width", .stated, "filters of SGD", 50, quick: 10),
      StudySetting("batch", .stated, "images a step", 20),
      StudySetting("filter", .stated, "height and width of filters, and their stride", 4),
      StudySetting("clusters", .stated, "clusters of patches", 50, quick: 10),
      own,
      StudySetting("epochs", .proposed, "passes over the images", 400, quick: 200),
      StudySetting(
        "rates", .proposed, "learning rates, of which the first trial picks one", [1e-2, 3e-3, 1e-3, 3e-4],
        quick: [1e-2, 1e-3]),
    ]
  }

  /// The images as a run's settings ask for them.
  ///
  /// - Throws: `DataError` for files that are not there or damaged, and for filters that don't fit.
  init(_ run: StudyRun, beta: Double) throws {
    let split = try SplitSamples.images(
      training: run.path("cifar10_train"), heldOut: run.path("cifar10_test"), classes: (0, 1),
      count: run.count("samples"), seed: run.seed)
    let subject = StudySubject(
      panel: "beta = \(beta)", dataset: split.training, heldOut: split.heldOut, score: .accuracy,
      factor: 1 / Double(split.training.samples))
    let extent = Patches.Extent(height: run.count("filter"), width: run.count("filter"))
    let patches = try Patches(
      channels: 3, image: .init(height: 32, width: 32), filter: extent, stride: extent)
    self.subject = subject
    architecture = .reluConvolution(.init(patches))
    problem = try TrainingProblem(
      design: subject.dataset.features, targets: subject.dataset.targets, loss: HingeLoss(),
      beta: subject.beta(beta), architecture: ReLUConvolution(patches))
    var options = GradientTraining.Options()
    (options.rule, options.start, options.batchSize) = (.plain, .uniform, run.count("batch"))
    (options.width, options.maximumEpochs) = (run.count("width"), run.count("epochs"))
    self.options = options
  }

  /// Training by a convex program.
  func training(
    _ run: StudyRun, method: Training.Method = .exact, patterns: Training.Patterns = .adaptive
  ) -> Training {
    Training(
      loss: HingeLoss(), beta: .value(problem.beta), gap: 1e-3, method: method, patterns: patterns,
      architecture: architecture, seed: run.seed)
  }

  /// Filters before a trial, or after it.
  static func filters(_ network: any Network) -> TwoLayerNetwork? {
    (network as? ConvolutionalNetwork)?.filters
  }
}
