import BidualLinear

/// Samples with named features, one or several targets and perhaps a weight each, every number finite.
public struct Dataset: Sendable, Equatable {
  /// The features, n×d, one sample a row.
  public let features: Matrix
  /// The targets, c for each sample, those of a sample together.
  public let targets: [Double]
  /// The number c of targets of a sample.
  public let outputs: Int
  /// The weights, one a sample, none negative; nil where all samples count once. Weight 2 is the row twice.
  public let weights: [Double]?
  /// What is added to the network's outputs to make the predictions of each sample; nil where nothing is.
  public let rowOffsets: [Double]?
  /// The names of the d feature columns, all different.
  public let featureNames: [String]
  /// The names of the target columns: one for each target, or that of the column of classes, for which there are several.
  public let targetNames: [String]
  /// The name of the column of weights.
  public let weightsName: String?
  /// The name of the column of row offsets.
  public let rowOffsetName: String?

  /// How the features came from the columns of a table, if it was not by their numbers alone.
  public let encoding: TableEncoding?

  /// The number n of samples.
  public var samples: Int { features.rows }

  /// The names of the target columns, separated by commas.
  public var targetName: String { targetNames.joined(separator: ",") }

  /// A data set from its parts; columns are named c0, c1, … where no names are given.
  ///
  /// - Throws: `DataError` of kind `badData` for empty or mismatched shapes, repeated names, or an
  ///   entry that is not finite, or a negative weight.
  /// - Complexity: O(nd).
  public init(
    features: Matrix, targets: [Double], outputs: Int = 1, weights: [Double]? = nil,
    featureNames: [String]? = nil, targetName: String = "target", targetNames: [String]? = nil,
    weightsName: String? = nil, rowOffsets: [Double]? = nil, rowOffsetName: String? = nil,
    encoding: TableEncoding? = nil
  ) throws(DataError) {
    let targetNames = targetNames ?? [targetName]
    let names = featureNames ?? (0..<features.columns).map { "c\($0)" }
    guard features.rows > 0, features.columns > 0 else {
      throw DataError(
        .badData,
        "the data have \(features.rows) rows and \(features.columns) feature columns; give at least one of each"
      )
    }
    guard outputs > 0, targets.count == features.rows * outputs else {
      throw DataError(
        .badData,
        "\(features.rows) rows of features but \(targets.count) targets; give \(outputs == 1 ? "one target" : "\(outputs) targets") a row"
      )
    }
    guard targetNames.count == 1 || targetNames.count == outputs else {
      throw DataError(
        .badData, "\(outputs) targets a row but \(targetNames.count) names; name each target once")
    }
    guard names.count == features.columns else {
      throw DataError(
        .badData, "\(features.columns) feature columns but \(names.count) names; name each column once")
    }
    var seen: Set<String> = []
    for name in targetNames + names where !seen.insert(name).inserted {
      throw DataError(.badData, "column name '\(name)' stands twice; rename one of the two")
    }
    if let place = features.elements.firstIndex(where: { !$0.isFinite }) {
      let (row, column) = place.quotientAndRemainder(dividingBy: names.count)
      throw Self.notFinite(features.elements[place], row: row, column: names[column])
    }
    if let place = targets.firstIndex(where: { !$0.isFinite }) {
      let (row, column) = place.quotientAndRemainder(dividingBy: outputs)
      throw Self.notFinite(targets[place], row: row, column: targetNames[column % targetNames.count])
    }
    if let weights {
      guard weights.count == features.rows else {
        throw DataError(
          .badData, "\(features.rows) rows but \(weights.count) sample weights; give one weight a row")
      }
      let name = weightsName ?? "weights"
      for (i, weight) in weights.enumerated() where !(weight.isFinite && weight >= 0) {
        throw DataError(
          .badData,
          "row \(i + 1), column '\(name)': the sample weight \(weight) is not a number from 0 on; drop the row or correct the weight"
        )
      }
      guard weights.contains(where: { $0 > 0 }) else {
        throw DataError(
          .badData, "column '\(name)': every sample weight is 0; give at least one positive weight")
      }
    }
    if let rowOffsets {
      guard rowOffsets.count == features.rows else {
        throw DataError(
          .badData, "\(features.rows) rows but \(rowOffsets.count) offsets; give one offset a row")
      }
      if let i = rowOffsets.firstIndex(where: { !$0.isFinite }) {
        throw Self.notFinite(rowOffsets[i], row: i, column: rowOffsetName ?? "offset")
      }
    }
    self.rowOffsets = rowOffsets
    self.rowOffsetName = rowOffsets == nil ? nil : rowOffsetName ?? "offset"
    self.encoding = encoding
    self.features = features
    self.weights = weights
    self.weightsName = weights == nil ? nil : weightsName ?? "weights"
    self.targets = targets
    self.outputs = outputs
    self.featureNames = names
    self.targetNames = targetNames
  }

  /// The samples of some rows, in that order.
  ///
  /// - Throws: `DataError` of kind `badData` if there are none, or all of them weigh nothing.
  /// - Complexity: O(rows·d).
  public func selectingRows(_ rows: [Int]) throws(DataError) -> Dataset {
    try Dataset(
      features: features.selectingRows(rows),
      targets: rows.flatMap { targets[($0 * outputs)..<(($0 + 1) * outputs)] }, outputs: outputs,
      weights: weights.map { weights in rows.map { weights[$0] } }, featureNames: featureNames,
      targetNames: targetNames, weightsName: weightsName,
      rowOffsets: rowOffsets.map { offsets in rows.map { offsets[$0] } }, rowOffsetName: rowOffsetName,
      encoding: encoding)
  }

  private static func notFinite(_ value: Double, row: Int, column: String) -> DataError {
    DataError(
      .badData,
      "row \(row + 1), column '\(column)': \(value) is not a finite number; drop the row or replace the value"
    )
  }
}
