import ArgumentParser
import Bidual

/// `bidual compare`: several methods on one objective.
struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train by several methods on one objective and tabulate the results.",
    discussion: """
      Every method trains on the same data with the same loss and penalty. The gap of each is measured against \
      the best bound over all networks that any of them proved. A method is one of exact, local, clifford, \
      penalised, gd, sgd, momentum, adam, or patterns as fit takes them, such as gaussian:100 or trained:50.
      """)

  @OptionGroup var data: DataOptions
  @OptionGroup var columns: ColumnOptions
  @Option(help: ArgumentHelp("The methods, separated by semicolons or spaces.", valueName: "a;b;…"))
  var methods = "exact local adam sgd"
  @OptionGroup var lossOptions: LossOptions
  @OptionGroup var descentOptions: DescentOptions
  @Flag(help: "Give the network an output offset that no penalty holds.")
  var intercept = false
  @OptionGroup var penaltyOptions: PenaltyOptions
  @Option(help: "The relative gap at which a method may stop.")
  var gap = 1e-4
  @Option(help: ArgumentHelp("Seconds for each method.", valueName: "seconds"))
  var timeLimit = 10.0
  @Option(
    help: ArgumentHelp(
      "Stop a method with its best network and bound so far once the process holds so much memory, such as 500M or 4G.",
      valueName: "size"))
  var memoryLimit: MemorySize?
  @Option(
    help: ArgumentHelp("Rows to score the networks on, with the same columns.", valueName: "file"),
    completion: .file(extensions: ["csv", "tsv", "txt", "npy", "gz"]))
  var test: String?
  @Option(
    help: ArgumentHelp(
      "A NumPy array of the targets of these rows, if they are not a column.", valueName: "file.npy"),
    completion: .file(extensions: ["npy"]))
  var testTarget: String?
  @Option(
    help: ArgumentHelp(
      "A NumPy array of the weights of these rows, if there are weights and they are not a column.",
      valueName: "file.npy"), completion: .file(extensions: ["npy"]))
  var testWeights: String?
  @Option(
    help: ArgumentHelp(
      "A NumPy array of the offsets of these rows, if there are offsets and they are not a column.",
      valueName: "file.npy"), completion: .file(extensions: ["npy"]))
  var testOffset: String?
  @Option(help: "The seed of everything random.")
  var seed: UInt64 = 0
  @Option(help: "Threads (default: one a processor).")
  var threads: Int?
  @Flag(help: "Print one JSON object and nothing else.")
  var json = false

  /// One row of the table.
  private struct Row: Encodable {
    let method: String
    let objective: Double
    /// To the best bound over all networks, if there is one.
    var gap: Double?
    let scope: String
    let status: String
    let neurons: Int
    let score: Double?
    let seconds: Double
  }

  private struct Report: Encodable {
    /// The best bound over all networks, if any method proved one.
    let lowerBound: Double?
    let beta: Double
    let methods: [Row]
  }

  /// A way to train as `--methods` names it: a method of `fit`, or patterns for the exact one.
  private struct Contender {
    let name: String
    let method: Training.Method
    let patterns: PatternsOption?

    init?(_ name: String) {
      self.name = name
      if let method = Training.Method(argument: name) {
        self.method = method
        patterns = nil
      } else {
        guard let patterns = PatternsOption(argument: name) else { return nil }
        method = .exact
        self.patterns = patterns
      }
    }
  }

  private var names: [String] { methods.split { $0 == ";" || $0 == " " }.map(String.init) }

  func validate() throws {
    try PositiveOption.check(("--gap", gap), ("--time-limit", timeLimit))
    guard !names.isEmpty else { throw ValidationError("--methods names none; give at least one") }
    for name in names where Contender(name) == nil {
      let known = Training.Method.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("the method '\(name)' is unknown; there are \(known), and patterns")
    }
    for name in names { try Contender(name)?.patterns?.check(option: "--methods") }
    try ThreadCount.check(threads)
  }

  func run() throws {
    try reportingErrors {
      let loss = try lossOptions.chosen()
      let intake = try columns.intake(data, hasLabels: lossOptions.hasLabels(loss))
      let classes = try lossOptions.classes(in: intake, of: data)
      let dataset = try columns.learnableDataset(intake, of: data, classes: classes)
      var settings = Training(
        loss: loss, beta: penaltyOptions.strength, gap: gap, bias: columns.bias,
        intercept: intercept, standardize: columns.standardize, whiten: columns.whiten,
        descent: descentOptions.descent(width: descentOptions.width), seed: seed,
        threads: ThreadCount.resolve(threads),
        precision: descentOptions.precision, classWeights: lossOptions.classWeights)
      var rows: [Row] = []
      var bound: Double?
      var beta = Double.nan
      // All certificates are of one problem.
      var reference = 0.0
      for contender in names.compactMap(Contender.init) {
        settings.method = contender.method
        settings.patterns = try contender.patterns?.patterns() ?? .adaptive
        let start = ContinuousClock.now
        let stop = StopSignal(
          timeLimit: .seconds(min(timeLimit, Fit.longestWait)), memory: memoryLimit?.limit)
        let result = try settings.fit(dataset, classes: classes, stop: stop)
        // One β for all, whatever it was derived from.
        beta = result.model.beta
        settings.beta = .value(beta)
        let certificate = result.certificate
        reference = certificate.reference
        if certificate.scope == .global { bound = max(bound ?? -.infinity, certificate.lowerBound) }
        rows.append(
          Row(
            method: contender.name, objective: certificate.objective, gap: nil,
            scope: certificate.scope.rawValue,
            status: result.outcome.status.rawValue, neurons: result.model.network.neurons,
            score: try score(result.model), seconds: (ContinuousClock.now - start) / .seconds(1)))
        let ending = result.outcome.status == .memoryLimit ? ", stopped at the limit on memory" : ""
        Console.note("\(contender.name): objective \(Figures.short(certificate.objective))\(ending)")
      }
      if let bound {
        for i in rows.indices where rows[i].objective.isFinite {
          rows[i].gap = Certificate.relativeGap(
            objective: rows[i].objective, lowerBound: bound, reference: reference)
        }
      }
      if json {
        try JSONReport.print(Report(lowerBound: bound, beta: beta, methods: rows))
      } else {
        for line in lines(rows, isAccuracy: classes != nil) { Console.print(line) }
        Console.print(
          bound.map { "no two-layer ReLU network of any width has an objective below \($0)" }
            ?? "none of these methods bounds all networks; 'exact' and 'local' do")
      }
    }
  }

  private func score(_ model: Model) throws -> Double? {
    guard let test else { return nil }
    var options = data
    options.data = test
    var files = ColumnFileOptions()
    files.target = testTarget
    files.weights = testWeights
    files.offset = testOffset
    let dataset = try options.dataset(for: model, in: files)
    let score = try options.naming { () throws(DataError) in
      try Score(
        model.predictions(dataset.features, rowOffsets: dataset.rowOffsets), of: dataset, model: model)
    }
    return score.accuracy ?? score.r2
  }

  private func lines(_ rows: [Row], isAccuracy: Bool) -> [String] {
    let header = [
      "method", "objective", "gap", "neurons", isAccuracy ? "test accuracy" : "test R²", "seconds",
    ]
    return TextTable.lines(
      [header]
        + rows.map {
          [
            $0.method, Figures.short($0.objective), $0.gap.map(Figures.short) ?? "-", "\($0.neurons)",
            $0.score.map(Figures.short) ?? "-", Figures.short($0.seconds),
          ]
        })
  }
}
