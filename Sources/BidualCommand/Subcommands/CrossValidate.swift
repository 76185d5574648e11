import ArgumentParser
import Bidual
import BidualProcesses

extension Metric: ExpressibleByArgument {}

/// `bidual cv`: chooses β by cross-validation, and trains and certifies the network for it.
struct CrossValidate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cv",
    abstract: "Choose beta by cross-validation, then train on all rows and certify.",
    discussion: """
      Every fold is trained without its rows for each beta, all that is fitted to data inside the fold; folds need no proof. Then a network is \
      trained on all rows at the chosen beta and certified. A fold trains at beta times the share of the weight of its rows, so that it is held as \
      strongly as the network on all rows.
      """)

  /// Which β to choose.
  enum Choice: String, ExpressibleByArgument, CaseIterable {
    case oneStandardError = "1se"
    case best = "min"
  }

  @OptionGroup var data: DataOptions
  @OptionGroup var settingsOptions: SettingsOptions
  @OptionGroup var columns: ColumnOptions
  @OptionGroup var foldOptions: FoldOptions
  @Option(
    help: ArgumentHelp(
      "What to measure, separated by commas, of which the first one chooses: \(Metric.allCases.map(\.rawValue).joined(separator: ", ")) (default: loss).",
      valueName: "a,b,…"))
  var score = Metric.loss.rawValue
  @Option(
    help:
      "Choose the largest beta whose score is within one standard error of the best, or that of the best.")
  var choose: Choice = .oneStandardError
  @OptionGroup var gridOptions: GridOptions
  @OptionGroup var lossOptions: LossOptions
  @OptionGroup var networkOptions: NetworkOptions
  @OptionGroup var convolutionOptions: ConvolutionOptions
  @Option(
    help: "Where to write the model (JSON), or with --part the part.", completion: .file(extensions: ["json"])
  )
  var output: String?
  @Option(help: "Where to write the certificate (JSON).", completion: .file(extensions: ["json"]))
  var certificate: String?
  @Option(
    help: ArgumentHelp(
      "Where to write what each row is predicted by the fits without it, at the chosen beta.",
      valueName: "file.csv"), completion: .file(extensions: ["csv"]))
  var predictions: String?
  @Option(
    help: ArgumentHelp("Where to write the scores, a row a beta.", valueName: "file.csv"),
    completion: .file(extensions: ["csv"]))
  var table: String?
  @Option(
    help: ArgumentHelp("Where to write a page about the network and the scores.", valueName: "file.html"),
    completion: .file(extensions: ["html"]))
  var report: String?
  @Option(
    help: ArgumentHelp(
      "Train a share of the folds only, and write it to --output for --merge.", valueName: "I/N"))
  var part: Share?
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Take the folds from parts, made with the same options.", valueName: "part.json"),
    completion: .file(extensions: ["json"]))
  var merge: [String] = []
  @Option(help: "The relative gap to prove for the network on all rows.")
  var gap = 1e-4
  @Option(help: "The relative gap by local search at which the fits of the folds end.")
  var foldGap = 1e-2
  @Option(
    help: ArgumentHelp(
      "Stop after so many seconds, of which the folds get three quarters; without a limit the last network gets half as long as the folds took, and at least ten seconds.",
      valueName: "seconds"))
  var timeLimit: Double?
  @Option(help: MemorySize.help)
  var memoryLimit: MemorySize?
  @OptionGroup var checkpointOptions: CheckpointOptions
  @Option(help: "The seed of the folds and of random starts.")
  var seed: UInt64 = 0
  @Option(help: "Threads (default: one a processor), each for a fold at a time.")
  var threads: Int?
  @Flag(help: "Print one JSON object and nothing else.")
  var json = false
  @Flag(help: "Show no progress.")
  var quiet = false

  private var metrics: [Metric?] { score.split(separator: ",").map { Metric(rawValue: String($0)) } }

  func validate() throws {
    try convolutionOptions.check(with: networkOptions.architecture)
    try PositiveOption.check(("--gap", gap), ("--fold-gap", foldGap), ("--time-limit", timeLimit))
    try ThreadCount.check(threads)
    guard !metrics.isEmpty, metrics.allSatisfy({ $0 != nil }) else {
      throw ValidationError(
        "--score is '\(score)'; there are \(Metric.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    guard part == nil || merge.isEmpty else { throw ValidationError("give --part or --merge, not both") }
    guard checkpointOptions.checkpoint == nil || merge.isEmpty else {
      throw ValidationError("--merge trains no folds to keep; leave out --checkpoint")
    }
    if part != nil {
      guard output != nil else { throw ValidationError("--part needs --output: name the part's file") }
      guard certificate == nil, predictions == nil, table == nil, report == nil, !json else {
        throw ValidationError(
          "a part has no certificate, predictions, table or report as yet; give these options with --merge")
      }
    }
  }

  func run() throws {
    try reportingErrors {
      guard !settingsOptions.printSettings else { return try SettingsOptions.print() }
      for path in [output, certificate, predictions, table, report].compactMap(\.self) {
        try AtomicFile.check(path)
      }
      let ranks = HelpingRanks.helped
      // Ranks share the folds, and nothing else: what comes out is the same for every number of them.
      try HelpingRanks.$group.withValue(nil) { try run(with: ranks) }
    }
  }

  /// The cross-validation that a command line asks for, without the subcommand's name.
  static func work(_ arguments: [String]) throws -> SharedFolds.Work { try parse(arguments).prepared().work }

  /// The cross-validation, with the intake that it is from.
  private func prepared() throws -> (work: SharedFolds.Work, intake: Intake) {
    let loss = try lossOptions.chosen()
    let beside = foldOptions.columns
    let hasLabels = lossOptions.hasLabels(loss) && !convolutionOptions.hasPlaces
    let intake = try columns.intake(data, hasLabels: hasLabels, beside: beside)
    let classes = try lossOptions.classes(in: intake, of: data)
    let dataset = try columns.learnableDataset(intake, of: data, classes: classes)
    for metric in metrics.compactMap(\.self) { try metric.check(loss: loss, classes: classes) }
    let training = Training(
      loss: loss, gap: gap, bias: columns.bias, intercept: networkOptions.intercept,
      standardize: columns.standardize, whiten: columns.whiten, norm: networkOptions.norm,
      architecture: try convolutionOptions.shaped(networkOptions.architecture) ?? networkOptions.architecture,
      seed: seed, threads: ThreadCount.resolve(threads), classWeights: lossOptions.classWeights,
      rank: networkOptions.rank)
    let validation = CrossValidation(
      training, betas: gridOptions.grid,
      splits: try foldOptions.splits(of: dataset, in: intake, classes: classes, seed: seed), gap: foldGap)
    return (
      SharedFolds.Work(validation, on: dataset, classes: classes, source: intake.foldSource(classes)), intake
    )
  }

  private func run(with ranks: (any ProcessGroup)?) throws {
    let (work, intake) = try prepared()
    let (validation, dataset, classes) = (work.validation, work.dataset, work.classes)
    if !quiet, let remark = intake.remark(dataset) { Console.note("bidual: \(remark)") }
    let stop = StopSignal(
      timeLimit: timeLimit.map { .seconds(min($0, Fit.longestWait)) }, memory: memoryLimit?.limit)
    let interrupts = Interrupts(raising: stop, outcome: "with what there is so far")
    try withExtendedLifetime(interrupts) {
      let (grid, fits, seconds) = try folds(work, stop, ranks)
      if let part {
        Console.print("part \(part.index) of \(part.count): \(fits.count) folds")
        guard let output else { return }
        return try validation.write(
          .init(grid: grid, fits: fits), on: dataset, seconds: seconds, to: output)
      }
      let curves = try data.naming { () throws(DataError) in
        try metrics.compactMap(\.self).map { metric throws(DataError) in
          try validation.curve(metric, of: fits, on: dataset, classes: classes, grid: grid)
        }
      }
      let place = choose == .best ? curves[0].best : curves[0].oneStandardError
      if let predictions {
        let table = try Table(
          names: dataset.outputs == 1
            ? ["prediction"] : classes?.names ?? dataset.targetNames,
          values: Matrix(
            rows: dataset.samples, columns: dataset.outputs,
            elements: try validation.outOfFoldPredictions(fits, at: place, outputs: dataset.outputs)))
        try CSVWriter.write(table, to: predictions)
      }
      try finish(validation.training, dataset, classes, at: grid[place], stop, folding: seconds) {
        result, seconds in
        let printed = CrossValidationReport(
          curves, fits: fits, validation, chosen: place, rule: choose.rawValue,
          network: FitReport(result, standing: nil, dataset: dataset, seconds: seconds))
        if let table { try CSVWriter.write(try printed.table(), to: table) }
        if let report {
          let scores = try ReportSection.validation(JSONReport.bytes(printed), named: "the scores")
          let page = try ReportSection.page(
            about: result.model, dataset, result.certificate, source: "the data of training", [scores])
          try AtomicFile.write(page.html, to: report)
        }
        if json {
          try JSONReport.print(printed)
        } else {
          for line in printed.lines(gap: gap, result.certificate) { Console.print(line) }
        }
      }
    }
  }

  /// The fits of the folds, trained or read from parts, with the seconds that they took.
  private func folds(
    _ work: SharedFolds.Work, _ stop: StopSignal, _ ranks: (any ProcessGroup)?
  ) throws -> (grid: [Double], fits: [FoldFit], seconds: Double) {
    let (validation, dataset, classes) = (work.validation, work.dataset, work.classes)
    if !merge.isEmpty {
      let parts = try merge.map { try validation.part(path: $0, on: dataset) }
      guard parts.allSatisfy({ $0.grid == parts[0].grid }) else {
        throw DataError(
          .badData,
          "the parts have other values of beta, for lack of time to find beta_max; give them as --beta-list")
      }
      return (parts[0].grid, parts.flatMap(\.fits), 0)
    }
    let time = timeLimit.map {
      StopSignal(timeLimit: .seconds(0.75 * min($0, Fit.longestWait)), within: stop)
    }
    let kept = try checkpointOptions.policy().map { try KeptFits($0, of: validation, on: dataset) }
    let grid = try kept?.grid ?? validation.grid(dataset, classes: classes, stop: time ?? stop)
    let all = validation.folds.indices
    let places = part.map { part in all.filter { $0 % part.count == part.index - 1 } } ?? Array(all)
    let progress = CountedProgress("fold", of: places.count, isEven: true, quiet: quiet)
    progress.begin()
    let fits = try data.naming { () throws(DataError) in
      // Others can't read what comes in at rank 0.
      if let ranks, data.data != "-" {
        return try validation.sharedFits(
          dataset, classes: classes, grid: grid, places: places, source: work.source, stop: time ?? stop,
          kept: kept, by: ranks,
          arguments: Array(try SettingsOptions.merged(Array(CommandLine.arguments.dropFirst())).dropFirst())
        ) { progress.advance() }
      }
      return try validation.fits(
        dataset, classes: classes, grid: grid, places: places, source: work.source, stop: time ?? stop,
        kept: kept
      ) { progress.advance() }
    }
    progress.finish()
    return (grid, fits, (kept?.earlierSeconds ?? 0) + progress.seconds)
  }

  /// Trains on all rows and writes what was asked for, before `report` says so.
  private func finish(
    _ training: Training, _ dataset: Dataset, _ classes: ClassLabels?, at beta: Double, _ stop: StopSignal,
    folding: Double, report: (Training.Result, _ seconds: Double) throws -> Void
  ) throws {
    var training = training
    training.beta = .value(beta)
    let rest =
      timeLimit == nil ? StopSignal(timeLimit: .seconds(max(10, folding / 2)), within: stop) : stop
    let start = ContinuousClock.now
    let result = try training.fit(dataset, classes: classes, stop: rest)
    if let output { try ModelFile.write(result.model, to: output) }
    if let certificate {
      try CertificateFile(result.certificate, model: result.model, dataset: dataset).write(to: certificate)
    }
    try report(result, folding + (ContinuousClock.now - start) / .seconds(1))
    guard result.certificate.isCertified(to: gap) else { throw ExitCode.notToTolerance }
  }
}
