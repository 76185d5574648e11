import ArgumentParser
import Bidual

/// `bidual predict`: applies a model to new rows.
struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Predict the target for the rows of a file.",
    discussion: """
      The file needs the model's feature columns, in any order; other columns are ignored. An array has the columns c0, c1, …. A model of \
      classes predicts their labels. With --score the file needs the target too, and the accuracy (or, for \
      numbers, R² and errors) is printed instead of the predictions.
      """)

  @Argument(help: "A model that fit wrote.", completion: .file(extensions: ["json"]))
  var model: String
  @OptionGroup var data: DataOptions
  @OptionGroup var files: ColumnFileOptions
  @Option(
    help: "Where to write the predictions (CSV); standard output if not given.",
    completion: .file(extensions: ["csv"]))
  var output: String?
  @Flag(help: "Compare the predictions with the target in the file and print the score.")
  var score = false
  @Flag(help: "Print what a model of classes computes: log-odds, margins or outputs instead of labels.")
  var raw = false
  @Flag(
    help:
      "Print the probability of each class instead of labels, for a model of the logistic or softmax loss.")
  var probabilities = false
  @Flag(help: "Print the score as one JSON object.")
  var json = false

  func validate() throws {
    if json, !score { throw ValidationError("--json goes with --score") }
    if raw, probabilities { throw ValidationError("give --raw or --probabilities, not both") }
  }

  func run() throws {
    try reportingErrors {
      if let output { try AtomicFile.check(output) }
      let model = try ModelFile.read(path: model)
      let dataset = score ? try data.dataset(for: model, in: files) : nil
      let (features, rowOffsets, unknown) =
        try dataset.map { ($0.features, $0.rowOffsets, [:]) } ?? data.features(for: model, in: files)
      for (column, count) in unknown.sorted(by: { $0.key < $1.key }) {
        Console.note(
          "bidual: column '\(column)': \(count == 1 ? "1 cell" : "\(count) cells") of levels that training has not seen: of none, as the model has it"
        )
      }
      let predictions = model.predictions(features, rowOffsets: rowOffsets)
      if let i = predictions.firstIndex(where: { !$0.isFinite }) {
        throw DataError(
          .badData,
          "\(data.data): row \(i / model.network.outputs + 1): the prediction overflows; check the row's features"
        )
      }
      if let output {
        try AtomicFile.write(try bytes(predictions, of: model), to: output)
      } else if !score {
        Console.print(try bytes(predictions, of: model))
      }
      if let dataset {
        let score = try data.naming { () throws(DataError) in
          try Score(predictions, of: dataset, model: model)
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
    let outputs = model.network.outputs
    let rows = predictions.count / outputs
    if probabilities {
      guard let classes = model.classes, let shares = model.classProbabilities(predictions) else {
        throw DataError(
          .badSettings,
          "a model of the \(model.loss) loss knows no probabilities; train one with the logistic or the softmax loss"
        )
      }
      return CSVWriter.bytes(try Table(names: classes.names, values: shares))
    }
    if let classes = model.classes, !raw {
      return CSVWriter.bytes(
        column: model.targetName,
        texts: (0..<rows).map { classes.label(predictions[($0 * outputs)..<(($0 + 1) * outputs)]) })
    }
    return CSVWriter.bytes(
      try Table(
        names: model.classes.map { $0.isOneHot ? $0.names : model.targetNames } ?? model.targetNames,
        values: Matrix(rows: rows, columns: outputs, elements: predictions)))
  }
}
