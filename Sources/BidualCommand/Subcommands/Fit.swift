import ArgumentParser
import Bidual

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Training.Method: ExpressibleByArgument {
  /// A method by its name; `adaptive` is what `local` was called.
  public init?(argument: String) { self.init(rawValue: argument == "adaptive" ? "local" : argument) }
}
extension Precision: ExpressibleByArgument {}

/// `bidual fit`: trains a network and certifies it.
struct Fit: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a ReLU network to a proven global optimum.",
    discussion: """
      Minimises Σℓ(f(x), y) + β/2·Σ(‖u‖² + α²) over networks of any width, with ℓ = ½(f(x) − y)² by default. \
      The result is certified if the gap between its objective and a proven lower bound is at most --gap. The \
      losses logistic and hinge take a target of two classes of any spelling, softmax one of any number of classes; \
      huber, absolute and quantile are robust against outliers; poisson is for counts. Several targets are fitted \
      by one network with an output for each.
      """)

  /// Seconds beyond which a time limit is none: 30 years, which a clock can still add to the time.
  static let longestWait = 1e9

  @OptionGroup var data: DataOptions
  @OptionGroup var settingsOptions: SettingsOptions
  @OptionGroup var columns: ColumnOptions

  @Option(help: "Where to write the model (JSON).", completion: .file(extensions: ["json"]))
  var output: String?
  @Option(help: "Where to write the certificate (JSON).", completion: .file(extensions: ["json"]))
  var certificate: String?
  @Option(
    help: ArgumentHelp("Where to write a page about the network.", valueName: "file.html"),
    completion: .file(extensions: ["html"]))
  var report: String?
  @OptionGroup var lossOptions: LossOptions
  @OptionGroup var penaltyOptions: PenaltyOptions
  @OptionGroup var networkOptions: NetworkOptions
  @Option(
    help:
      "How to train: 'exact'; 'clifford', the lasso over the rays of the data (exact under the l1 norm); 'local', the same without the proof, for high rank; 'frank-wolfe', 'copositive', 'cutting-plane' and 'svd', the papers' methods for several outputs; 'ergen-pilanci-13', a paper's program for three layers as printed, for study; 'penalised', a gradient method on the convex program over given patterns, or over drawn ones for three layers; or the gradient methods 'gd', 'sgd', 'momentum' and 'adam', which prove little."
  )
  var method: Training.Method = .exact
  @Option(help: "The steps of the method 'frank-wolfe': all coefficients anew, or toward one atom each.")
  var steps: Steps = .corrective
  @OptionGroup var descentOptions: DescentOptions
  @Option(
    help:
      "Sub-networks of a three-layer network: of the gradient methods so many (default: 100), drawn for 'penalised' so many (default: 40), of the others at most so many (default: any number)."
  )
  var subnetworks: Int?
  @OptionGroup var convolutionOptions: ConvolutionOptions
  @Flag(help: "Find the network of least penalty through all targets; --loss and --beta are not used.")
  var interpolate = false
  @Option(
    help:
      "Which activation patterns: 'adaptive' finds chambers as they are needed, 'all' lists them at once, and both are exact; sources of patterns, separated by commas, give the optimum over these patterns only."
  )
  var patterns = PatternsOption(argument: "adaptive")!
  @Option(help: "The relative gap to prove.")
  var gap = 1e-4
  @Option(
    help: ArgumentHelp("Stop after so many seconds with the best network so far.", valueName: "seconds"))
  var timeLimit: Double?
  @Option(help: MemorySize.help)
  var memoryLimit: MemorySize?
  @Option(help: "The largest number of rounds.")
  var maxIterations = 1000
  @OptionGroup var checkpointOptions: CheckpointOptions
  @Option(help: "The seed of random starts.")
  var seed: UInt64 = 0
  @Option(help: "Threads (default: one a processor). The same number gives the same bytes.")
  var threads: Int?
  @Flag(help: "Print one JSON object and nothing else.")
  var json = false
  @Flag(help: "Show no progress.")
  var quiet = false
  @Option(
    help: ArgumentHelp("Write progress to a file, a JSON object a line.", valueName: "file.jsonl"),
    completion: .file(extensions: ["jsonl"]))
  var log: String?

  /// The steps of the Frank–Wolfe method by name.
  enum Steps: String, ExpressibleByArgument, CaseIterable {
    case corrective, plain
  }

  private var architecture: Training.Architecture { networkOptions.architecture }
  private var isThreeLayer: Bool { architecture == .threeLayer() }

  /// The architecture with the sizes that were given for it.
  private func sizedArchitecture() throws -> Training.Architecture {
    if let shaped = try convolutionOptions.shaped(architecture) { return shaped }
    return isThreeLayer ? descentOptions.width.map { .threeLayer(width: $0) } ?? architecture : architecture
  }

  func validate() throws {
    if let subnetworks {
      guard isThreeLayer else {
        throw ValidationError("--subnetworks goes with --architecture three-layer; leave it out")
      }
      guard subnetworks > 0 else {
        throw ValidationError("--subnetworks is \(subnetworks); give at least 1")
      }
    }
    try convolutionOptions.check(with: architecture)
    guard steps == .corrective || method == .frankWolfe else {
      throw ValidationError("--steps goes with --method frank-wolfe; leave it out")
    }
    try PositiveOption.check(("--gap", gap), ("--time-limit", timeLimit))
    try patterns.check(option: "--patterns")
    if interpolate, penaltyOptions.isGiven || lossOptions.loss.text != SquaredLoss().name {
      throw ValidationError("--interpolate takes neither --beta nor --loss: it is their limit")
    }
    guard !interpolate || lossOptions.classWeights == nil else {
      throw ValidationError("--interpolate meets every target, whatever it weighs; leave out --class-weights")
    }
    guard maxIterations > 0 else {
      throw ValidationError("--max-iterations is \(maxIterations); give at least 1")
    }
    guard checkpointOptions.checkpoint == nil || !interpolate else {
      throw ValidationError("--interpolate leaves no checkpoints; leave out --checkpoint")
    }
    try ThreadCount.check(threads)
    let files =
      [
        ("the data", data.data), ("--output", output), ("--certificate", certificate), ("--log", log),
        ("--report", report),
        ("--checkpoint", checkpointOptions.checkpoint),
      ].compactMap { name, path in path.map { (name, $0) } } + columns.files
    let paths = files.map { ($0.0, URL(fileURLWithPath: $0.1).resolvingSymlinksInPath().path) }
    for (index, (name, path)) in paths.enumerated() {
      if let other = paths[..<index].first(where: { $0.1 == path }) {
        throw ValidationError("\(other.0) and \(name) name the same file; give two")
      }
    }
  }

  func run() throws {
    try reportingErrors {
      guard !settingsOptions.printSettings else { return try SettingsOptions.print() }
      for path in [output, certificate, report, checkpointOptions.checkpoint].compactMap(\.self) {
        try AtomicFile.check(path)
      }
      let loss = try lossOptions.chosen()
      let hasLabels = lossOptions.hasLabels(loss) && !convolutionOptions.hasPlaces
      let intake = try columns.intake(data, hasLabels: hasLabels)
      let classes = try lossOptions.classes(in: intake, of: data)
      let dataset = try columns.learnableDataset(intake, of: data, classes: classes)
      if !quiet, let remark = intake.remark(dataset) { Console.note("bidual: \(remark)") }
      let reporter = try ProgressReporter(
        quiet: quiet, log: log, isContinued: checkpointOptions.resume,
        timeLeft: TimeLeft(
          gap: gap, rounds: method.isGradient ? descentOptions.epochs : nil, limit: timeLimit))
      let stop = StopSignal(
        timeLimit: timeLimit.map { .seconds(min($0, Self.longestWait)) }, memory: memoryLimit?.limit)
      let interrupts = Interrupts(raising: stop)
      var training = Training(
        loss: loss, beta: penaltyOptions.strength,
        gap: gap, bias: columns.bias, intercept: networkOptions.intercept,
        standardize: columns.standardize, whiten: columns.whiten, norm: networkOptions.norm, method: method,
        patterns: try patterns.patterns(), architecture: try sizedArchitecture(),
        descent: descentOptions.descent(width: isThreeLayer ? subnetworks : descentOptions.width),
        steps: steps == .plain ? .plain() : .corrective,
        seed: seed,
        threads: ThreadCount.resolve(threads), maximumIterations: maxIterations,
        precision: descentOptions.precision, classWeights: lossOptions.classWeights,
        rank: networkOptions.rank)
      if !method.isGradient { training.subnetworkLimit = subnetworks }
      let result = try withExtendedLifetime(interrupts) {
        interpolate
          ? try training.interpolate(dataset, stop: stop, progress: reporter.report)
          : try training.fit(
            dataset, classes: classes, stop: stop, checkpoint: checkpointOptions.policy(),
            progress: reporter.report)
      }
      reporter.finish()
      if let output { try ModelFile.write(result.model, to: output) }
      if let certificate {
        try CertificateFile(result.certificate, model: result.model, dataset: dataset).write(to: certificate)
      }
      if let report {
        let page = try ReportSection.page(
          about: result.model, dataset, result.certificate, source: "the data of training",
          log.map { [try .progress(log: $0)] } ?? [])
        try AtomicFile.write(page.html, to: report)
      }
      let report = FitReport(
        result, standing: try result.standing(on: dataset), dataset: dataset, seconds: reporter.seconds)
      if json {
        try JSONReport.print(report)
      } else {
        for line in report.lines(gap: gap, certificate: result.certificate) { Console.print(line) }
      }
      guard result.certificate.isCertified(to: gap) || report.isSolved(to: gap, result.certificate) else {
        throw ExitCode.notToTolerance
      }
    }
  }
}
