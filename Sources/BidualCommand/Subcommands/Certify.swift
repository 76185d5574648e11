import ArgumentParser
import Bidual

/// `bidual certify`: how far a network trained anywhere is from the optimum.
struct Certify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say how far a network is from the global optimum.",
    discussion: """
      Reads a network in the format that fit writes, however it was trained, computes its objective on the data, \
      and proves a lower bound that no network of any width can beat. Also says whether the network is a \
      stationary point: optimal among the networks with its own activation patterns. Exit code 0 once the \
      bound is as good as --gap asks, measured at the best network found; 2 if not. With --part and --merge, or with \
      --checkpoint, the bound is that of one dual point, proven by any number of runs, and measured at the network itself.
      """)

  @Argument(help: "The network, as a model file.", completion: .file(extensions: ["json"]))
  var model: String
  @OptionGroup var data: DataOptions
  @OptionGroup var files: ColumnFileOptions
  @Option(help: "The weight of the penalty (default: that of the model).")
  var beta: Double?
  @Option(help: "How tight the lower bound should be: the relative gap to the best network found.")
  var gap = 1e-4
  @OptionGroup var parts: ProofPartOptions
  @OptionGroup var checkpointOptions: CheckpointOptions
  @Option(
    help: ArgumentHelp("Stop after so many seconds with the best bound so far.", valueName: "seconds"))
  var timeLimit: Double?
  @Option(help: MemorySize.help)
  var memoryLimit: MemorySize?
  @Option(help: "Threads (default: one a processor).")
  var threads: Int?
  @Flag(help: "Print one JSON object and nothing else.")
  var json = false
  @Flag(help: "Show no progress.")
  var quiet = false

  struct Report: Encodable {
    let objective: Double
    let balancedObjective: Double
    let restrictedOptimum: Double
    let stationary: Bool
    let lowerBound: Double
    let relativeGap: Double
    let bestObjective: Double
    let scope: String
    let status: String
    let neurons: Int
    let beta: Double
  }

  func validate() throws {
    try PositiveOption.check(("--beta", beta), ("--gap", gap), ("--time-limit", timeLimit))
    try ThreadCount.check(threads)
    try parts.check(isKept: checkpointOptions.checkpoint != nil)
    if isOfOneDualPoint {
      guard beta == nil else {
        throw ValidationError("the proof of one dual point is of the model's own beta; leave out --beta")
      }
      guard parts.part == nil || !json else {
        throw ValidationError("a part has no report as yet; give --json with --merge")
      }
    }
  }

  func run() throws {
    try reportingErrors {
      let model = try ModelFile.read(path: model)
      let dataset = try data.dataset(for: model, in: files)
      let problem = try model.problem(on: dataset).replacing(beta: beta ?? model.beta)
      if isOfOneDualPoint { return try divided(model, dataset, problem) }
      let reporter = try ProgressReporter(
        quiet: quiet, log: nil, timeLeft: TimeLeft(gap: gap, limit: timeLimit))
      let stop = stop
      let interrupts = Interrupts(raising: stop)
      let assessment = try withExtendedLifetime(interrupts) {
        try NetworkAssessment(
          of: model, in: problem, gap: gap, threads: ThreadCount.resolve(threads), stop: stop,
          progress: reporter.report)
      }
      reporter.finish()
      guard assessment.certificate.objective.isFinite else {
        throw DataError(.badData, "\(self.model): the network's predictions overflow on these data")
      }
      let report = Report(
        objective: assessment.certificate.objective, balancedObjective: assessment.balancedObjective,
        restrictedOptimum: assessment.restrictedOptimum, stationary: assessment.isStationary(to: gap),
        lowerBound: assessment.certificate.lowerBound, relativeGap: assessment.certificate.relativeGap,
        bestObjective: assessment.best.certificate.objective, scope: assessment.certificate.scope.rawValue,
        status: assessment.best.status.rawValue, neurons: model.network.neurons, beta: problem.beta)
      if json {
        try JSONReport.print(report)
      } else {
        for line in lines(report, networks: Wording.networks(like: model)) { Console.print(line) }
      }
      guard assessment.best.certificate.isCertified(to: gap) else { throw ExitCode.notToTolerance }
    }
  }

  /// Whether it proves one dual point and looks for no better network.
  private var isOfOneDualPoint: Bool {
    parts.part != nil || !parts.merge.isEmpty || checkpointOptions.checkpoint != nil
  }

  /// What ends the run before its time.
  var stop: StopSignal {
    StopSignal(
      timeLimit: timeLimit.map { .seconds(min($0, Fit.longestWait)) }, memory: memoryLimit?.limit)
  }

  private func lines(_ report: Report, networks: String) -> [String] {
    [
      "objective     \(report.objective)",
      "lower bound   \(report.lowerBound)",
      "relative gap  \(Figures.short(report.relativeGap))",
      report.balancedObjective < report.objective * (1 - 1e-9)
        ? "balancing its layers alone would bring it to \(report.balancedObjective)"
        : "its layers are balanced",
      report.stationary
        ? "a stationary point: the best network with its own activation patterns"
        : "not a stationary point: its own activation patterns allow \(report.restrictedOptimum)",
      "no \(networks) has an objective below \(report.lowerBound); "
        + "the best one found has \(report.bestObjective)",
    ]
  }
}
