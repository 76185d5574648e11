import ArgumentParser
import Bidual

/// `bidual predict`: applies a model to new rows.
struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Predict the target for the rows of a CSV file.",
    discussion: "The file needs the model's feature columns, in any order; other columns are ignored.")

  @Argument(help: "A model that fit wrote.")
  var model: String
  @OptionGroup var data: DataOptions
  @Option(help: "Where to write the predictions (CSV); standard output if not given.")
  var output: String?

  func run() throws {
    try reportingErrors {
      if let output { try AtomicFile.check(output) }
      let model = try ModelFile.read(path: model)
      let table = try data.table(columns: model.featureNames).selecting(columns: model.featureNames)
      let predictions = model.predictions(table.values)
      let result: Table
      do {
        result = try Table(
          names: [model.targetName],
          values: Matrix(rows: predictions.count, columns: 1, elements: predictions))
      } catch {
        throw DataError(.badData, "a prediction overflows: \(error)")
      }
      if let output {
        try CSVWriter.write(result, to: output)
      } else {
        Console.print(CSVWriter.bytes(result))
      }
    }
  }
}
