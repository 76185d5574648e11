import BidualLinear

/// Samples with named features and one target each, every number finite.
public struct Dataset: Sendable, Equatable {
  /// The features, n×d, one sample a row.
  public let features: Matrix
  /// The targets, one a sample.
  public let targets: [Double]
  /// The names of the d feature columns, all different.
  public let featureNames: [String]
  /// The name of the target column.
  public let targetName: String

  /// The number n of samples.
  public var samples: Int { features.rows }

  /// A data set from its parts; columns are named c0, c1, … where no names are given.
  ///
  /// - Throws: `DataError` of kind `badData` for empty or mismatched shapes, repeated names, or an
  ///   entry that is not finite.
  /// - Complexity: O(nd).
  public init(
    features: Matrix, targets: [Double], featureNames: [String]? = nil, targetName: String = "target"
  ) throws(DataError) {
    let names = featureNames ?? (0..<features.columns).map { "c\($0)" }
    guard features.rows > 0, features.columns > 0 else {
      throw DataError(
        .badData,
        "the data have \(features.rows) rows and \(features.columns) feature columns; give at least one of each"
      )
    }
    guard targets.count == features.rows else {
      throw DataError(
        .badData, "\(features.rows) rows of features but \(targets.count) targets; give one target a row")
    }
    guard names.count == features.columns else {
      throw DataError(
        .badData, "\(features.columns) feature columns but \(names.count) names; name each column once")
    }
    var seen: Set<String> = [targetName]
    for name in names where !seen.insert(name).inserted {
      throw DataError(.badData, "column name '\(name)' stands twice; rename one of the two")
    }
    for i in 0..<features.rows {
      for (name, value) in zip(names, features.row(i)) where !value.isFinite {
        throw DataError(
          .badData,
          "row \(i + 1), column '\(name)': \(value) is not a finite number; drop the row or replace the value"
        )
      }
      if !targets[i].isFinite {
        throw DataError(
          .badData,
          "row \(i + 1), column '\(targetName)': \(targets[i]) is not a finite number; drop the row or replace the value"
        )
      }
    }
    self.features = features
    self.targets = targets
    self.featureNames = names
    self.targetName = targetName
  }
}
