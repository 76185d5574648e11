import ArgumentParser
import Bidual

/// `bidual path`: networks for many values of β, and bounds of the optimum for all.
struct Path: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train for many values of beta and bound the optimum at every one.",
    discussion: """
      Goes from the largest beta down, each run from the network of the one before. What is proven at one beta bounds the optimum at \
      all others too: so a few proofs give a band in which the optimum lies at every beta of the path.
      """)

  /// Where to prove.
  enum Proofs: String, ExpressibleByArgument, CaseIterable {
    case all, some, none

    var value: Training.PathProofs {
      switch self {
      case .all: .all
      case .some: .some
      case .none: .none
      }
    }
  }

  @OptionGroup var data: DataOptions
  @OptionGroup var settingsOptions: SettingsOptions
  @OptionGroup var columns: ColumnOptions
  @OptionGroup var lossOptions: LossOptions
  @OptionGroup var networkOptions: NetworkOptions
  @OptionGroup var convolutionOptions: ConvolutionOptions
  @OptionGroup var gridOptions: GridOptions
  @Option(help: "Where to prove the gap: at every beta, at the first, the middle and the last, or nowhere.")
  var prove: Proofs = .all
  @Option(
    help: ArgumentHelp(
      "A folder for the models and certificates, two JSON files a beta, numbered from the largest beta.",
      valueName: "folder"), completion: .directory)
  var output: String?
  @Option(
    help: ArgumentHelp("Where to write the path as a table, a row a beta.", valueName: "file.csv"),
    completion: .file(extensions: ["csv"]))
  var table: String?
  @Option(help: "The relative gap to prove, or to reach by local pricing.")
  var gap = 1e-4
  @Option(
    help: ArgumentHelp(
      "Stop after so many seconds; each beta gets an equal share of what is left.", valueName: "seconds"))
  var timeLimit: Double?
  @Option(help: MemorySize.help)
  var memoryLimit: MemorySize?
  @OptionGroup var checkpointOptions: CheckpointOptions
  @Option(help: "The seed of random starts.")
  var seed: UInt64 = 0
  @Option(help: "Threads (default: one a processor). The same number gives the same bytes.")
  var threads: Int?
  @Flag(help: "Print one JSON object and nothing else.")
  var json = false
  @Flag(help: "Show no progress.")
  var quiet = false

  func validate() throws {
    try convolutionOptions.check(with: networkOptions.architecture)
    try PositiveOption.check(("--gap", gap), ("--time-limit", timeLimit))
    try ThreadCount.check(threads)
  }

  func run() throws {
    try reportingErrors {
      guard !settingsOptions.printSettings else { return try SettingsOptions.print() }
      let folder = try output.map { try OutputFolder($0) }
      if let table { try AtomicFile.check(table) }
      let loss = try lossOptions.chosen()
      let hasLabels = lossOptions.hasLabels(loss) && !convolutionOptions.hasPlaces
      let intake = try columns.intake(data, hasLabels: hasLabels)
      let classes = try lossOptions.classes(in: intake, of: data)
      let dataset = try columns.learnableDataset(intake, of: data, classes: classes)
      let stop = StopSignal(
        timeLimit: timeLimit.map { .seconds(min($0, Fit.longestWait)) }, memory: memoryLimit?.limit)
      let interrupts = Interrupts(raising: stop, outcome: "with the path so far")
      let progress = CountedProgress("beta", of: gridOptions.count, isEven: false, quiet: quiet)
      let training = Training(
        loss: loss, gap: gap, bias: columns.bias, intercept: networkOptions.intercept,
        standardize: columns.standardize, whiten: columns.whiten, norm: networkOptions.norm,
        architecture: try convolutionOptions.shaped(networkOptions.architecture)
          ?? networkOptions.architecture,
        seed: seed, threads: ThreadCount.resolve(threads), classWeights: lossOptions.classWeights,
        rank: networkOptions.rank)
      progress.begin()
      let path = try withExtendedLifetime(interrupts) {
        try training.path(
          dataset, classes: classes, betas: gridOptions.grid, proofs: prove.value, stop: stop,
          checkpoint: checkpointOptions.policy()
        ) { _, _ in progress.advance() }
      }
      progress.finish()
      let report = try PathReport(path, gap: gap)
      for (index, result) in path.results.enumerated() {
        try folder?.write(result, of: dataset, number: index + 1, of: path.betas.count)
      }
      if let table { try CSVWriter.write(report.table(), to: table) }
      if json {
        try JSONReport.print(report)
      } else {
        for line in report.lines { Console.print(line) }
      }
      guard report.isWhole(proofs: prove.value) else { throw ExitCode.notToTolerance }
    }
  }
}
