import ArgumentParser
import Bidual

/// `bidual predict`: applies a model to new rows.
struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Predict the target for the rows of a file.",
    discussion: """
      The file needs the model's feature columns, in any order; other columns are ignored. An array has the columns c0, c1, …. A model of two \
      classes predicts their labels. With --score the file needs the target too, and the accuracy (or, for \
      numbers, R² and errors) is printed instead of the predictions.
      """)

  @Argument(help: "A model that fit wrote.")
  var model: String
  @OptionGroup var data: DataOptions
  @OptionGroup var files: ColumnFileOptions
  @Option(help: "Where to write the predictions (CSV); standard output if not given.")
  var output: String?
  @Flag(help: "Compare the predictions with the target in the file and print the score.")
  var score = false
  @Flag(help: "Print what a model of two classes computes: log-odds or margins instead of labels.")
  var raw = false
  @Flag(help: "Print the score as one JSON object.")
  var json = false

  func validate() throws {
    if json, !score { throw ValidationError("--json goes with --score") }
  }

  func run() throws {
    try reportingErrors {
      if let output { try AtomicFile.check(output) }
      let model = try ModelFile.read(path: model)
      let dataset = score ? try data.dataset(for: model, in: files) : nil
      let features = try dataset?.features ?? data.table(columns: model.featureNames).values
      let predictions = model.predictions(features)
      if let i = predictions.firstIndex(where: { !$0.isFinite }) {
        throw DataError(
          .badData, "\(data.data): row \(i + 1): the prediction overflows; check the row's features")
      }
      if let output {
        try AtomicFile.write(try bytes(predictions, of: model), to: output)
      } else if !score {
        Console.print(try bytes(predictions, of: model))
      }
      if let dataset {
        let score = try data.naming { () throws(DataError) in
          try Score(predictions, of: dataset, classes: model.classes)
        }
        if json {
          try JSONReport.print(score)
        } else {
          Console.print(score.line)
        }
      }
    }
  }

  private func bytes(_ predictions: [Double], of model: Model) throws(DataError) -> [UInt8] {
    if let classes = model.classes, !raw {
      return CSVWriter.bytes(column: model.targetName, texts: predictions.map(classes.label))
    }
    return CSVWriter.bytes(
      try Table(
        names: [model.targetName],
        values: Matrix(rows: predictions.count, columns: 1, elements: predictions)))
  }
}
