import ArgumentParser
import Bidual

/// `bidual compare`: several methods on one objective.
struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train by several methods on one objective and tabulate the results.",
    discussion: """
      Every method trains on the same data with the same loss and penalty. The gap of each is measured against \
      the best bound over all networks that any of them proved. A method is one of exact, adaptive, clifford, \
      gd, sgd, momentum, adam, or patterns as fit takes them, such as gaussian:100 or trained:50.
      """)

  @OptionGroup var data: DataOptions
  @OptionGroup var columns: ColumnOptions
  @Option(help: ArgumentHelp("The methods, separated by semicolons or spaces.", valueName: "a;b;…"))
  var methods = "exact adaptive adam sgd"
  @OptionGroup var lossOptions: LossOptions
  @OptionGroup var descentOptions: DescentOptions
  @Flag(help: "Give the network an output offset that no penalty holds.")
  var intercept = false
  @Option(help: "The weight of the penalty.")
  var beta: Double?
  @Option(help: "The weight of the penalty as a fraction of beta_max (default: 0.1).")
  var betaRatio: Double?
  @Option(help: "The relative gap at which a method may stop.")
  var gap = 1e-4
  @Option(help: ArgumentHelp("Seconds for each method.", valueName: "seconds"))
  var timeLimit = 10.0
  @Option(help: ArgumentHelp("Rows to score the networks on, with the same columns.", valueName: "file"))
  var test: String?
  @Option(
    help: ArgumentHelp(
      "A NumPy array of the targets of these rows, if they are not a column.", valueName: "file.npy"))
  var testTarget: String?
  @Option(
    help: ArgumentHelp(
      "A NumPy array of the weights of these rows, if there are weights and they are not a column.",
      valueName: "file.npy"))
  var testWeights: String?
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
    var gap: Double
    let scope: String
    let status: String
    let neurons: Int
    let score: Double?
    let seconds: Double
  }

  private struct Report: Encodable {
    let lowerBound: Double
    let beta: Double
    let methods: [Row]
  }

  private var names: [String] { methods.split { $0 == ";" || $0 == " " }.map(String.init) }

  func validate() throws {
    guard beta == nil || betaRatio == nil else {
      throw ValidationError("give --beta or --beta-ratio, not both")
    }
    for (name, value) in [
      ("--beta", beta), ("--beta-ratio", betaRatio), ("--gap", gap), ("--time-limit", timeLimit),
    ] {
      if let value, !value.isFinite || value <= 0 {
        throw ValidationError("\(name) is \(value); give a positive number")
      }
    }
    guard !names.isEmpty else { throw ValidationError("--methods names none; give at least one") }
    for name in names where Training.Method(rawValue: name) == nil && PatternsOption(argument: name) == nil {
      let known = Training.Method.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("the method '\(name)' is unknown; there are \(known), and patterns")
    }
    try ThreadCount.check(threads)
  }

  func run() throws {
    try reportingErrors {
      let loss = try lossOptions.chosen()
      let table = try columns.table(data, hasLabels: loss.targetKind == .sign)
      let classes = try lossOptions.classes(in: table, target: columns.targetName, of: data)
      let dataset = try columns.learnableDataset(table, of: data, classes: classes)
      var settings = Training(
        loss: loss, beta: beta.map { .value($0) } ?? .ratio(betaRatio ?? 0.1), gap: gap, bias: columns.bias,
        intercept: intercept, standardize: columns.standardize, whiten: columns.whiten,
        descent: descentOptions.descent, seed: seed, threads: ThreadCount.resolve(threads),
        precision: descentOptions.precision)
      var rows: [Row] = []
      var bound = -Double.infinity
      for name in names {
        settings.method = Training.Method(rawValue: name) ?? .exact
        settings.patterns = try PatternsOption(argument: name)?.patterns() ?? .adaptive
        if settings.method != .exact { settings.patterns = .adaptive }
        let start = ContinuousClock.now
        let stop = StopSignal(timeLimit: .seconds(min(timeLimit, Fit.longestWait)))
        let result = try settings.fit(dataset, classes: classes, stop: stop)
        // One β for all, whatever it was derived from.
        settings.beta = .value(result.model.beta)
        let certificate = result.certificate
        if certificate.scope == .global { bound = max(bound, certificate.lowerBound) }
        rows.append(
          Row(
            method: name, objective: certificate.objective, gap: 0, scope: certificate.scope.rawValue,
            status: result.outcome.status.rawValue, neurons: result.model.network.neurons,
            score: try score(result.model), seconds: (ContinuousClock.now - start) / .seconds(1)))
        Console.note("\(name): objective \(Figures.short(certificate.objective))")
      }
      for i in rows.indices {
        rows[i].gap = (rows[i].objective - bound) / max(rows[i].objective, 1e-12)
      }
      guard case .value(let beta) = settings.beta else { return }
      if json {
        try JSONReport.print(Report(lowerBound: bound, beta: beta, methods: rows))
      } else {
        for line in lines(rows, bound: bound, isAccuracy: classes != nil) { Console.print(line) }
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
    let dataset = try options.dataset(for: model, in: files)
    let score = Score(model.predictions(dataset.features), of: dataset, classes: model.classes)
    return score.accuracy ?? score.r2
  }

  private func lines(_ rows: [Row], bound: Double, isAccuracy: Bool) -> [String] {
    let header = [
      "method", "objective", "gap", "neurons", isAccuracy ? "test accuracy" : "test R²", "seconds",
    ]
    let cells =
      [header]
      + rows.map {
        [
          $0.method, Figures.short($0.objective), Figures.short($0.gap), "\($0.neurons)",
          $0.score.map(Figures.short) ?? "-", Figures.short($0.seconds),
        ]
      }
    let widths = header.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
    return cells.map { row in
      row.indices.map { row[$0] + String(repeating: " ", count: widths[$0] - row[$0].count) }
        .joined(separator: "  ")
    } + ["no two-layer ReLU network of any width has an objective below \(bound)"]
  }
}
