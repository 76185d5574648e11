import ArgumentParser
import Bidual
import BidualPlots

/// `bidual plot`: one picture of a report.
struct Draw: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot",
    abstract: "Draw one picture of a report as SVG.",
    discussion: """
      Most kinds are drawn of data and a model: 'bidual plot roc data.csv model.json'. The kinds scores, path and training are drawn of one \
      file that a run wrote, in place of the data: 'bidual plot path path.json'.

      \(TextTable.lines(PlotKind.allCases.map { ["  " + $0.rawValue, $0.summary] }).joined(separator: "\n"))
      """)

  @Argument(help: "What to draw.")
  var kind: PlotKind
  @OptionGroup var data: DataOptions
  @Argument(help: "A model that fit wrote.", completion: .file(extensions: ["json"]))
  var model: String?
  @OptionGroup var files: ColumnFileOptions
  @Option(
    help: ArgumentHelp(
      "Which target, feature or score, where there are several (default: the first).", valueName: "name"))
  var of: String?
  @Option(
    help: ArgumentHelp("Where to write the picture; standard output if not given.", valueName: "file.svg"),
    completion: .file(extensions: ["svg"]))
  var output: String?

  func validate() throws {
    guard kind.needsModel == (model != nil) else {
      throw ValidationError(
        kind.needsModel
          ? "the plot '\(kind.rawValue)' is of data and a model; give the model after the data"
          : "the plot '\(kind.rawValue)' is of one file that a run wrote; leave out the model")
    }
    guard of == nil || kind.subject != nil else {
      throw ValidationError(
        "--of is for plots of which there are several: actual, residuals, dependence and scores")
    }
  }

  func run() throws {
    try reportingErrors {
      if let output { try AtomicFile.check(output) }
      let svg = try plot().svg(standsAlone: true)
      if let output {
        try AtomicFile.write(Array(svg.utf8), to: output)
      } else {
        Console.print(Array(svg.utf8))
      }
    }
  }

  private func plot() throws -> Plot {
    let plots = try section()?.plots.filter { $0.kind == kind } ?? []
    guard let first = plots.first else {
      throw DataError(
        .badData,
        "\(data.data): \(of.map { "the feature '\($0)'" } ?? "every feature") is the same in all rows; there is nothing to draw"
      )
    }
    guard let of else { return first.plot }
    guard let own = plots.first(where: { $0.subject == of }) else {
      let names = plots.prefix(8).map { "'\($0.subject)'" }.joined(separator: ", ")
      throw DataError(
        .badSettings,
        "there is no \(kind.subject ?? "plot") '\(of)' to draw; there are \(names)\(plots.count > 8 ? ", …" : "")"
      )
    }
    return own.plot
  }

  private func section() throws -> ReportSection? {
    switch kind {
    case .scores: return try .validation(path: data.data)
    case .path: return try .path(path: data.data)
    case .training: return try .progress(log: data.data)
    default: break
    }
    guard let path = model else { preconditionFailure("validation has asked for a model") }
    let model = try ModelFile.read(path: path)
    try kind.check(model)
    let dataset = try data.dataset(for: model, in: files)
    return try data.naming { () throws(DataError) in
      switch kind {
      case .plane: ReportSection.plane(model, dataset)
      case .dependence: ReportSection.dependence(model, dataset, of: of)
      default: try ReportSection.comparison(of: model, dataset, source: "these data", target: of)
      }
    }
  }
}
