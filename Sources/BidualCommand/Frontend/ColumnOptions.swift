import ArgumentParser
import Bidual

extension Preprocessing.Whitening.Kind: ExpressibleByArgument {}

/// The target and the features among the columns.
struct ColumnOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The column to predict, or several, separated by commas; or a NumPy array of its values.",
      valueName: "column|file.npy"), completion: .file(extensions: ["npy"]))
  var target: String

  @Option(
    help: ArgumentHelp(
      "The feature columns, separated by commas (default: all but the target, the weights and the offset).",
      valueName: "a,b,…"))
  var features: String?

  @Option(
    help: ArgumentHelp(
      "The column of sample weights, or a NumPy array of them; weight 2 counts as the row twice.",
      valueName: "column|file.npy"), completion: .file(extensions: ["npy"]))
  var weights: String?

  @Option(
    help: ArgumentHelp(
      "A column that is added to what the network says, such as log-exposures of counts, or a NumPy array of it.",
      valueName: "column|file.npy"), completion: .file(extensions: ["npy"]))
  var offset: String?

  @Flag(help: "Append a column of ones to the inputs.")
  var bias = false

  @Flag(help: "Standardise the features; means and scales are stored in the model.")
  var standardize = false

  @Option(
    help: ArgumentHelp(
      "Whiten the features, after standardising if that is asked for; the map is stored in the model.",
      valueName: "kind"))
  var whiten: Preprocessing.Whitening.Kind?

  @OptionGroup var encoding: EncodingOptions

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
  private var offsetPlace: ColumnPlace? { offset.map { ColumnPlace($0) } }

  /// What the columns to predict are called.
  func targetNames(in data: DataOptions) -> [String] {
    targetPlaces(in: data).map { $0.name(inRole: DataOptions.targetRole) }
  }

  /// The files beside the data file, each with the option that names it.
  var files: [(option: String, path: String)] {
    [("--target", ColumnPlace(target)), ("--weights", weightsPlace), ("--offset", offsetPlace)].compactMap {
      option, place in
      if case .file(let path) = place { (option, path) } else { nil }
    }
  }

  /// What a data file holds, the target as text if it names classes.
  ///
  /// - Parameter others: columns that are read beside the features, and are none unless they are named as such.
  func intake(_ data: DataOptions, hasLabels: Bool = false, beside others: [String] = []) throws -> Intake {
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
      guard offset != target else {
        throw DataError(
          .badData, "column '\(target)' is the target and the offset at once; name two columns")
      }
    }
    if let offset {
      guard weights != offset else {
        throw DataError(
          .badData, "column '\(offset)' is the weights and the offset at once; name two columns")
      }
      guard names?.contains(offset) != true else {
        throw DataError(
          .badData, "column '\(offset)' is the offset and a feature at once; drop it from --features")
      }
    }
    guard !hasLabels || places.count == 1 else {
      throw DataError(
        .badData, "--target names \(places.count) columns, but classes stand in one; name one")
    }
    let rules = encoding.rules
    let content = try data.content(
      targets: places, isLabelled: hasLabels, weights: weightsPlace, rowOffset: offsetPlace,
      features: names.map { names in names + others.filter { !names.contains($0) } },
      ignored: encoding.ignored,
      raw: RawReading(
        texts: encoding.forced, missingValues: rules.missingValues, isForced: encoding.isForced))
    let roles = RawTable.Roles(
      targets: targetNames(in: data), weights: weightsPlace?.name(inRole: DataOptions.weightsRole),
      rowOffset: offsetPlace?.name(inRole: DataOptions.offsetRole))
    return try data.naming { () throws(DataError) in
      switch content {
      case .numbers(let table):
        let rest = table.names.filter { !(roles.names + others).contains($0) }
        return Intake(
          content: content, roles: roles, features: names ?? rest, rules: rules,
          rows: Array(0..<table.rows))
      case .raw(let table, let refusal):
        let features = names ?? table.names.filter { !(roles.names + others).contains($0) }
        if let refusal, try !needsEncoding(table, features, rules) { throw refusal }
        let rows =
          rules.missing == .drop
          ? try table.wholeRows(in: features + roles.names) : Array(0..<table.rows)
        return Intake(content: content, roles: roles, features: features, rules: rules, rows: rows)
      }
    }
  }

  /// Whether rules can do something about a table that is not of numbers alone; else the first cell that is none says what is wrong.
  private func needsEncoding(_ table: RawTable, _ features: [String], _ rules: EncodingRules)
    throws(DataError)
    -> Bool
  {
    let columns = try features.map { name throws(DataError) in try table.column(name) }
    return columns.contains { column in
      if case .texts = column { return rules.categories != .none }
      return rules.missing != .error && column.missing > 0
    }
  }

  /// The samples of an intake.
  func dataset(_ intake: Intake, of data: DataOptions, classes: ClassLabels? = nil) throws -> Dataset {
    try data.naming { () throws(DataError) in
      if let encoded = try intake.encoded(classes) { return encoded }
      guard case .numbers(let table) = intake.content else { preconditionFailure("raw tables are encoded") }
      return try table.dataset(
        targets: intake.roles.targets, features: intake.features, classes: classes,
        weights: intake.roles.weights, rowOffset: intake.roles.rowOffset)
    }
  }

  /// The samples, refused where nothing can be learnt from them.
  func learnableDataset(_ intake: Intake, of data: DataOptions, classes: ClassLabels? = nil) throws -> Dataset
  {
    let dataset = try dataset(intake, of: data, classes: classes)
    guard dataset.samples > 1 else {
      throw DataError(.badData, "\(data.data): one row only; give at least two samples")
    }
    for (k, name) in dataset.targetNames.enumerated()
    where dataset.outputs == dataset.targetNames.count && dataset.rowOffsets == nil {
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
    try Preprocessing(
      fitting: dataset.features, weights: dataset.weights, standardize: standardize, whiten: whiten,
      bias: bias)
  }
}
