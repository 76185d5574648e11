import BidualModels
import BidualObjectives

/// How good predictions are on rows whose targets are known; rows count by their weights.
public enum Metric: String, Sendable, Codable, CaseIterable {
  /// The mean of the training loss.
  case loss
  /// The mean squared error, of counts that of their expected values.
  case mse
  /// The mean absolute error.
  case mae
  /// 1 − Σ(f − y)²/Σ(y − ȳ)².
  case r2
  /// The share of rows whose class was predicted.
  case accuracy
  /// The mean over the classes of the share of their rows that was predicted.
  case balancedAccuracy = "balanced-accuracy"
  /// The share of pairs of a row of each of two classes that the predictions put in order; ties count half.
  case auc
  /// The mean of −log p, p the probability of a row's class.
  case logLoss = "log-loss"
  /// The mean over the rows of Σ(p − 1 or 0)² over the classes; for two classes half of it, (p − 1 or 0)² of one.
  case brier
  /// The mean of the quantile loss at the level that was trained.
  case pinball
  /// Twice the mean of what the training loss is above its least for each target.
  case deviance

  /// Whether more is better.
  public var isBetterWhenLarger: Bool {
    switch self {
    case .r2, .accuracy, .balancedAccuracy, .auc: true
    default: false
    }
  }

  /// Refuses metrics that mean nothing for such a loss and such targets.
  ///
  /// - Throws: `DataError` of kind `badSettings`.
  public func check(loss: any Loss, classes: ClassLabels?) throws(DataError) {
    let remedy: String? =
      switch self {
      case .loss, .deviance: nil
      case .mse, .mae, .r2: classes == nil ? nil : "targets that are numbers"
      case .accuracy, .balancedAccuracy: classes == nil ? "classes" : nil
      case .auc: classes?.names.count == 2 ? nil : "two classes"
      case .logLoss, .brier:
        classes == nil || loss.classProbabilities == nil
          ? "classes and the logistic or the softmax loss" : nil
      case .pinball: loss.name == QuantileLoss.name ? nil : "the quantile loss"
      }
    if let remedy {
      throw DataError(.badSettings, "the score '\(rawValue)' is for \(remedy); choose another score")
    }
  }

  /// The value for predictions of the samples of a data set.
  ///
  /// - Parameters:
  ///   - predictions: c for each sample.
  ///   - loss: the training loss.
  ///   - places: of how many places of an image the targets of a row are.
  /// - Throws: `DataError` of kind `badData` where the rows don't define the value, as where all are of one class.
  /// - Complexity: O(nc), or O(n log n) for `auc`.
  public func value(
    _ predictions: [Double], of dataset: Dataset, loss: any Loss, classes: ClassLabels?,
    places: Int = 1
  ) throws(DataError) -> Double {
    let rows = ScoredRows(predictions, of: dataset, places: places)
    var estimates: ScoredRows {
      ScoredRows(predictions.map(loss.estimate), of: dataset, places: places)
    }
    return switch self {
    case .loss, .pinball: rows.mean { rows.loss(loss, $0) }
    case .deviance: 2 * rows.mean { rows.loss(loss, $0) - rows.leastLoss(loss, $0) }
    case .mse: estimates.meanError { $0 * $0 }
    case .mae: estimates.meanError { abs($0) }
    case .r2: try estimates.determination()
    case .accuracy: rows.mean { rows.isRight(classes, $0) ? 1 : 0 }
    case .balancedAccuracy: rows.balancedAccuracy(classes)
    case .auc: try rows.areaUnderCurve(classes)
    case .logLoss: rows.mean { rows.loss(loss, $0) }
    case .brier: rows.brier(loss, classes)
    }
  }
}
