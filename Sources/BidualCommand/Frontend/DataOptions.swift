import ArgumentParser
import Bidual

/// The data file and how to read it.
struct DataOptions: ParsableArguments {
  @Argument(help: "A CSV file of numbers with a header line; '-' reads standard input.")
  var data: String

  @Flag(name: .customLong("no-header"), help: "The file has no header line; columns are named c0, c1, ….")
  var noHeader = false

  /// The table, with numbers asked for in the given columns only; all columns if nil.
  func table(columns: [String]? = nil) throws -> Table {
    try CSVReader(hasHeader: !noHeader, columns: columns).table(path: data)
  }
}

/// The target and the features among the columns.
struct ColumnOptions: ParsableArguments {
  @Option(help: "The column to predict.")
  var target: String

  @Option(
    help: ArgumentHelp(
      "The feature columns, separated by commas (default: all but the target).", valueName: "a,b,…"))
  var features: String?

  @Flag(help: "Append a column of ones to the inputs.")
  var bias = false

  @Flag(help: "Standardise the features; means and scales are stored in the model.")
  var standardize = false

  /// The samples of a data file.
  func dataset(_ data: DataOptions) throws -> Dataset {
    let names = features.map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    if names?.contains(target) == true {
      throw DataError(
        .badData, "column '\(target)' is the target and a feature at once; drop it from --features")
    }
    let table = try data.table(columns: names.map { [target] + $0 })
    do {
      return try table.dataset(target: target, features: names)
    } catch {
      throw DataError(error.kind, "\(data.data): \(error)")
    }
  }

  /// The samples, refused where nothing can be learnt from them.
  func learnableDataset(_ data: DataOptions) throws -> Dataset {
    let dataset = try dataset(data)
    guard dataset.samples > 1 else {
      throw DataError(.badData, "\(data.data): one row only; give at least two samples")
    }
    guard Set(dataset.targets).count > 1 else {
      throw DataError(
        .badData,
        "\(data.data): column '\(target)' is \(dataset.targets[0]) in every row: there is nothing to learn; check --target"
      )
    }
    guard dataset.features.elements.contains(where: { $0 != 0 }) else {
      throw DataError(
        .badData,
        "\(data.data): every feature is zero in every row: there is nothing to learn from; check --features")
    }
    return dataset
  }

  var preprocessing: (Dataset) -> Preprocessing {
    { Preprocessing(standardization: standardize ? .init(of: $0.features) : nil, bias: bias) }
  }
}
