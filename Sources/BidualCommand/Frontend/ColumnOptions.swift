import ArgumentParser
import Bidual

extension Preprocessing.Whitening.Kind: ExpressibleByArgument {}

/// The target and the features among the columns.
struct ColumnOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The column to predict, or several, separated by commas; or a NumPy array of its values.",
      valueName: "column|file.npy"))
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

  /// Where the targets stand: a column whose own name has commas, in a file that can be read twice, is that column.
  private func targetPlaces(in data: DataOptions) -> [ColumnPlace] {
    if case .file = ColumnPlace(target) { return [ColumnPlace(target)] }
    if target.contains(","), data.data != "-", (try? data.table(columns: [], labels: target)) != nil {
      return [.column(target)]
    }
    return target.split(separator: ",", omittingEmptySubsequences: false).map { .column(String($0)) }
  }
  private var weightsPlace: ColumnPlace? { weights.map { ColumnPlace($0) } }

  /// What the columns to predict are called.
  func targetNames(in data: DataOptions) -> [String] {
    targetPlaces(in: data).map { $0.name(inRole: DataOptions.targetRole) }
  }

  /// The files beside the data file, each with the option that names it.
  var files: [(option: String, path: String)] {
    [("--target", ColumnPlace(target)), ("--weights", weightsPlace)].compactMap { option, place in
      if case .file(let path) = place { (option, path) } else { nil }
    }
  }

  /// The table of a data file, the target as text if it names classes.
  ///
  /// - Parameter others: columns that are read beside the features.
  func table(_ data: DataOptions, hasLabels: Bool = false, beside others: [String] = []) throws -> Table {
    let names = featureNames
    let places = targetPlaces(in: data)
    for (k, target) in targetNames(in: data).enumerated() {
      guard !places[..<k].contains(places[k]) else {
        throw DataError(.badData, "--target names column '\(target)' twice; name it once")
      }
      if names?.contains(target) == true {
        throw DataError(
          .badData, "column '\(target)' is the target and a feature at once; drop it from --features")
      }
      guard weights != target else {
        throw DataError(
          .badData, "column '\(target)' is the target and the weights at once; name two columns")
      }
    }
    guard !hasLabels || places.count == 1 else {
      throw DataError(
        .badData, "--target names \(places.count) columns, but classes stand in one; name one")
    }
    return try data.table(
      targets: places, isLabelled: hasLabels, weights: weightsPlace,
      features: names.map { names in names + others.filter { !names.contains($0) } })
  }

  /// The samples in a table.
  ///
  /// - Parameter others: columns that are no features, unless they are named as such.
  func dataset(
    _ table: Table, of data: DataOptions, classes: ClassLabels? = nil, beside others: [String] = []
  ) throws -> Dataset {
    let targets = targetNames(in: data)
    let weights = weightsPlace?.name(inRole: DataOptions.weightsRole)
    let rest =
      others.isEmpty
      ? nil : table.names.filter { !others.contains($0) && !targets.contains($0) && $0 != weights }
    return try data.naming { () throws(DataError) in
      try table.dataset(
        targets: targets, features: featureNames ?? rest, classes: classes, weights: weights)
    }
  }

  /// The samples, refused where nothing can be learnt from them.
  func learnableDataset(
    _ table: Table, of data: DataOptions, classes: ClassLabels? = nil, beside others: [String] = []
  ) throws -> Dataset {
    let dataset = try dataset(table, of: data, classes: classes, beside: others)
    guard dataset.samples > 1 else {
      throw DataError(.badData, "\(data.data): one row only; give at least two samples")
    }
    for (k, name) in dataset.targetNames.enumerated() where dataset.outputs == dataset.targetNames.count {
      let values = stride(from: k, to: dataset.targets.count, by: dataset.outputs).map { dataset.targets[$0] }
      guard Set(values).count > 1 else {
        throw DataError(
          .badData,
          "\(data.data): column '\(name)' is \(values[0]) in every row: there is nothing to learn; check --target"
        )
      }
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
