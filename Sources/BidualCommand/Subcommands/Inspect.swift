import ArgumentParser
import Bidual

/// `bidual inspect`: what a table holds, and what training on it would cost.
struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what the columns of a table hold and what training on them costs.",
    discussion: """
      Nothing is trained. Missing cells and texts are no errors here. The rank is that of the features as fit would make them, with \
      missing numbers filled in by the mean; columns with more levels than --max-categories are left out of it.
      """)

  @OptionGroup var data: DataOptions
  @Option(help: ArgumentHelp("The column to predict, which is no feature.", valueName: "column"))
  var target: String?
  @Option(help: "The largest number of levels of a column of categories.")
  var maxCategories = 20
  @Flag(help: "Print one JSON object and nothing else.")
  var json = false

  func validate() throws {
    guard maxCategories > 0 else {
      throw ValidationError("--max-categories is \(maxCategories); give at least 1")
    }
  }

  func run() throws {
    try reportingErrors {
      let rules = EncodingRules()
      let content = try data.content(
        targets: [], isLabelled: false, weights: nil, rowOffset: nil, features: nil,
        raw: RawReading(missingValues: rules.missingValues, isForced: true))
      guard case .raw(let table, _) = content else { preconditionFailure("a raw table was asked for") }
      let report = try data.naming { () throws(DataError) in
        try TableReport(table, target: target, maximumLevels: maxCategories)
      }
      if json {
        try JSONReport.print(report)
      } else {
        for line in report.lines { Console.print(line) }
      }
    }
  }
}
