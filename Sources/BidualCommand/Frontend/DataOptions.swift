import ArgumentParser
import Bidual

/// The data file and how to read it.
struct DataOptions: ParsableArguments {
  @Argument(help: "A CSV file of numbers with a header line; '-' reads standard input.")
  var data: String

  @Flag(name: .customLong("no-header"), help: "The file has no header line; columns are named c0, c1, ….")
  var noHeader = false

  /// The table, with numbers asked for in the given columns only (all columns if nil), and perhaps one
  /// column as text.
  func table(columns: [String]? = nil, labels: String? = nil) throws -> Table {
    try CSVReader(hasHeader: !noHeader, columns: columns, labelColumn: labels).table(path: data)
  }

  /// Names the file in an error about its content.
  func naming<Value>(_ work: () throws(DataError) -> Value) throws -> Value {
    do {
      return try work()
    } catch {
      throw DataError(error.kind, "\(data): \(error)")
    }
  }

  /// The samples that a model was trained on, or others with the same columns.
  func dataset(for model: Model) throws -> Dataset {
    let isLabelled = model.classes != nil
    let table = try table(
      columns: (isLabelled ? [] : [model.targetName]) + model.featureNames
        + (model.weightsName.map { [$0] } ?? []),
      labels: isLabelled ? model.targetName : nil)
    return try naming { () throws(DataError) in
      try table.dataset(
        target: model.targetName, features: model.featureNames, classes: model.classes,
        weights: model.weightsName)
    }
  }
}
