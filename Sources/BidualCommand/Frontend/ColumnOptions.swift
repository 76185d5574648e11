import ArgumentParser
import Bidual

extension Preprocessing.Whitening.Kind: ExpressibleByArgument {}

/// The target and the features among the columns.
struct ColumnOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The column to predict, or a NumPy array of its values.", valueName: "column|file.npy"))
  var target: String

  @Option(
    help: ArgumentHelp(
      "The feature columns, separated by commas (default: all but the target and the weights).",
      valueName: "a,b,…"))
  var features: String?

  @Option(
    help: ArgumentHelp(
      "The column of sample weights, or a NumPy array of them; weight 2 counts as the row twice.",
      valueName: "column|file.npy"))
  var weights: String?

  @Flag(help: "Append a column of ones to the inputs.")
  var bias = false

  @Flag(help: "Standardise the features; means and scales are stored in the model.")
  var standardize = false

  @Option(
    help: ArgumentHelp(
      "Whiten the features, after standardising if that is asked for; the map is stored in the model.",
      valueName: "kind"))
  var whiten: Preprocessing.Whitening.Kind?

  private var featureNames: [String]? {
    features.map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
  }

  private var targetPlace: ColumnPlace { ColumnPlace(target) }
  private var weightsPlace: ColumnPlace? { weights.map { ColumnPlace($0) } }

  /// What the column to predict is called.
  var targetName: String { targetPlace.name(inRole: DataOptions.targetRole) }

  /// The files beside the data file, each with the option that names it.
  var files: [(option: String, path: String)] {
    [("--target", targetPlace), ("--weights", weightsPlace)].compactMap { option, place in
      if case .file(let path) = place { (option, path) } else { nil }
    }
  }

  /// The table of a data file, the target as text if it names classes.
  func table(_ data: DataOptions, hasLabels: Bool = false) throws -> Table {
    let names = featureNames
    if names?.contains(target) == true {
      throw DataError(
        .badData, "column '\(target)' is the target and a feature at once; drop it from --features")
    }
    guard weights != target else {
      throw DataError(
        .badData, "column '\(target)' is the target and the weights at once; name two columns")
    }
    return try data.table(
      target: targetPlace, isLabelled: hasLabels, weights: weightsPlace, features: names)
  }

  /// The samples in a table.
  func dataset(_ table: Table, of data: DataOptions, classes: ClassLabels? = nil) throws -> Dataset {
    try data.naming { () throws(DataError) in
      try table.dataset(
        target: targetName, features: featureNames, classes: classes,
        weights: weightsPlace?.name(inRole: DataOptions.weightsRole))
    }
  }

  /// The samples, refused where nothing can be learnt from them.
  func learnableDataset(_ table: Table, of data: DataOptions, classes: ClassLabels? = nil) throws -> Dataset {
    let dataset = try dataset(table, of: data, classes: classes)
    guard dataset.samples > 1 else {
      throw DataError(.badData, "\(data.data): one row only; give at least two samples")
    }
    guard Set(dataset.targets).count > 1 else {
      throw DataError(
        .badData,
        "\(data.data): column '\(targetName)' is \(dataset.targets[0]) in every row: there is nothing to learn; check --target"
      )
    }
    guard dataset.features.elements.contains(where: { $0 != 0 }) else {
      throw DataError(
        .badData,
        "\(data.data): every feature is zero in every row: there is nothing to learn from; check --features")
    }
    return dataset
  }

  /// How the samples become inputs.
  func preprocessing(_ dataset: Dataset) throws(DataError) -> Preprocessing {
    try Preprocessing(fitting: dataset.features, standardize: standardize, whiten: whiten, bias: bias)
  }
}
