import ArgumentParser
import Bidual

/// The data file and how to read it.
struct DataOptions: ParsableArguments {
  @Argument(
    help: "A CSV file of numbers with a header line, or a NumPy array (.npy); '-' reads standard input.")
  var data: String

  @Flag(name: .customLong("no-header"), help: "The file has no header line; columns are named c0, c1, ….")
  var noHeader = false

  /// The columns of numbers asked for (all if nil), and perhaps one column as text.
  func table(columns: [String]? = nil, labels: String? = nil) throws -> Table {
    try TableReader(hasHeader: !noHeader, columns: columns, labelColumn: labels).table(path: data)
  }

  /// The table of the targets, perhaps one as labels, the weights and the features (all others if nil).
  func table(targets: [ColumnPlace], isLabelled: Bool, weights: ColumnPlace?, features: [String]?) throws
    -> Table
  {
    var names: [String] = []
    var label: String?
    for case .column(let name) in targets { if isLabelled { label = name } else { names.append(name) } }
    if case .column(let name) = weights { names.append(name) }
    var table = try table(columns: features.map { names + $0 }, labels: label)
    for case .file(let path) in targets {
      table = try table.joining(path, named: Self.targetRole, asLabels: isLabelled)
    }
    if case .file(let path) = weights {
      table = try table.joining(path, named: Self.weightsRole)
    }
    return table
  }

  /// What a target in a file of its own is called.
  static let targetRole = "target"
  /// What weights in a file of their own are called.
  static let weightsRole = "weights"

  /// Names the file in an error about its content.
  func naming<Value>(_ work: () throws(DataError) -> Value) throws -> Value {
    do {
      return try work()
    } catch {
      throw error.located(in: data)
    }
  }

  /// The samples that a model was trained on, or others with the same columns.
  func dataset(for model: Model, in files: ColumnFileOptions) throws -> Dataset {
    let isLabelled = model.classes != nil
    let table = try table(
      targets: files.target.map { [.file($0)] } ?? model.targetNames.map { .column($0) },
      isLabelled: isLabelled,
      weights: files.weights.map { .file($0) } ?? model.weightsName.map { .column($0) },
      features: model.featureNames)
    return try naming { () throws(DataError) in
      try table.dataset(
        targets: model.targetNames, features: model.featureNames, classes: model.classes,
        weights: model.weightsName)
    }
  }
}
