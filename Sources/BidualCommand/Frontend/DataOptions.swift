import ArgumentParser
import Bidual

/// The data file and how to read it.
struct DataOptions: ParsableArguments {
  @Argument(
    help:
      "A CSV file with a header line, a NumPy array (.npy) or an archive of them (.npz), perhaps compressed by gzip; '-' reads standard input.",
    completion: .file(extensions: ["csv", "tsv", "txt", "npy", "npz", "gz"]))
  var data: String

  @OptionGroup var reading: ReadingOptions

  /// The columns of numbers asked for (all if nil), and perhaps one column as text.
  func table(columns: [String]? = nil, labels: String? = nil) throws -> Table {
    let reader = TableReader(
      hasHeader: !reading.noHeader, columns: columns, labelColumn: labels, dialect: reading.dialect)
    return try reader.table(path: data)
  }

  /// What the file holds of the targets, perhaps one as labels, the weights, the row offsets and the features (all others but those ignored if nil).
  func content(
    targets: [ColumnPlace], isLabelled: Bool, weights: ColumnPlace?, rowOffset: ColumnPlace?,
    features: [String]?, ignored: [String] = [], raw: RawReading
  ) throws -> TableContent {
    var names: [String] = []
    var label: String?
    for case .column(let name) in targets { if isLabelled { label = name } else { names.append(name) } }
    for case .column(let name)? in [weights, rowOffset] { names.append(name) }
    var reader = TableReader(
      hasHeader: !reading.noHeader, columns: features.map { names + $0 }, labelColumn: label,
      dialect: reading.dialect)
    reader.ignored = ignored
    var content = try reader.content(path: data, raw: raw)
    for case .file(let path) in targets {
      content = try content.joining(path, named: Self.targetRole, asLabels: isLabelled)
    }
    for case (.file(let path)?, let role) in [(weights, Self.weightsRole), (rowOffset, Self.offsetRole)] {
      content = try content.joining(path, named: role)
    }
    return content
  }

  /// What a target in a file of its own is called.
  static let targetRole = "target"
  /// What weights in a file of their own are called.
  static let weightsRole = "weights"
  /// What row offsets in a file of their own are called.
  static let offsetRole = "offset"

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
    let encoding = model.encoding
    let content = try content(
      targets: files.target.map { [.file($0)] } ?? model.targetNames.map { .column($0) },
      isLabelled: model.classes != nil,
      weights: files.weights.map { .file($0) } ?? model.weightsName.map { .column($0) },
      rowOffset: rowOffset(of: model, in: files),
      features: encoding?.columns.map(\.name) ?? model.featureNames, raw: rawReading(for: encoding))
    return try naming { () throws(DataError) in
      switch content {
      case .numbers(let table):
        return try table.dataset(
          targets: model.targetNames, features: model.featureNames, classes: model.classes,
          weights: model.weightsName, rowOffset: model.rowOffsetName)
      case .raw(let table, let refusal):
        guard let encoding else { throw refusal ?? DataError(.badData, "the table is not of numbers alone") }
        let roles = RawTable.Roles(
          targets: model.targetNames, classes: model.classes, weights: model.weightsName,
          rowOffset: model.rowOffsetName)
        let whole = try table.wholeRows(in: encoding.columns.map(\.name) + roles.names)
        return try table.dataset(
          roles, encoding: encoding, rows: encoding.missing == .drop ? whole : nil)
      }
    }
  }

  /// The features and the offsets of a model in every row, and in which columns how many cells were of unknown levels.
  func features(for model: Model, in files: ColumnFileOptions) throws -> (
    values: Matrix, rowOffsets: [Double]?, unknown: [String: Int]
  ) {
    let encoding = model.encoding
    let content = try content(
      targets: [], isLabelled: false, weights: nil, rowOffset: rowOffset(of: model, in: files),
      features: encoding?.columns.map(\.name) ?? model.featureNames, raw: rawReading(for: encoding))
    return try naming { () throws(DataError) in
      switch content {
      case .numbers(let table):
        return (
          try table.selecting(columns: model.featureNames).values,
          try model.rowOffsetName.map { name throws(DataError) in try table.numbers(name) }, [:]
        )
      case .raw(let table, let refusal):
        guard let encoding else { throw refusal ?? DataError(.badData, "the table is not of numbers alone") }
        let (values, unknown) = try encoding.features(of: table)
        let rows = Array(0..<table.rows)
        return (
          values,
          try model.rowOffsetName.map { name throws(DataError) in
            try table.numbers(name, in: rows, role: "an offset")
          }, unknown
        )
      }
    }
  }

  private func rowOffset(of model: Model, in files: ColumnFileOptions) -> ColumnPlace? {
    guard let name = model.rowOffsetName else { return nil }
    return files.offset.map { .file($0) } ?? .column(name)
  }

  private func rawReading(for encoding: TableEncoding?) -> RawReading {
    RawReading(
      texts: encoding?.categories ?? [], missingValues: encoding?.missingValues ?? [],
      isForced: encoding != nil)
  }
}

extension DataOptions {
  /// The options of a file whose path is no argument of its own.
  init(path: String, reading: ReadingOptions) {
    self.init()
    data = path
    self.reading = reading
  }
}

extension TableContent {
  fileprivate func joining(_ path: String, named name: String, asLabels: Bool = false) throws(DataError)
    -> TableContent
  {
    switch self {
    case .numbers(let table): .numbers(try table.joining(path, named: name, asLabels: asLabels))
    case .raw(let table, let refusal):
      .raw(try table.joining(path, named: name, asLabels: asLabels), refusal: refusal)
    }
  }
}
