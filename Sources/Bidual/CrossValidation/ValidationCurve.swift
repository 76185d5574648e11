/// A metric over the values of β: what the folds say, and which β they choose.
///
/// With the folds' weights w the mean is Σwm/Σw and the standard error √(Σw(m − mean)²/Σw/(K − 1)) for K folds; of repeats the means of both.
///
/// - Source: as the R package glmnet defines it (J. Friedman, T. Hastie, R. Tibshirani, *Regularization paths for generalized linear models via
///   coordinate descent*, J. Stat. Software 33 (2010)).
public struct ValidationCurve: Sendable, Equatable {
  /// The metric at one β.
  public struct Point: Sendable, Equatable {
    /// The β, for all rows.
    public let beta: Double
    /// The value in each fold, repeat after repeat.
    public let folds: [Double]
    /// Their mean.
    public let mean: Double
    /// The standard error of the mean.
    public let standardError: Double
  }

  /// What is measured.
  public let metric: Metric
  /// The points, the largest β first.
  public let points: [Point]
  /// The place of the best mean; of equals that of the largest β.
  public let best: Int
  /// The place of the largest β whose mean is within one standard error of the best.
  public let oneStandardError: Int

  /// The curve of the values in the folds.
  ///
  /// - Parameters:
  ///   - values: for each β one a fold, repeat after repeat.
  ///   - weights: the weight of each fold's rows.
  ///   - repeats: how many times all rows were split.
  init(_ metric: Metric, betas: [Double], values: [[Double]], weights: [Double], repeats: Int) {
    self.metric = metric
    let k = weights.count / repeats
    points = zip(betas, values).map { beta, folds in
      var (means, errors) = (0.0, 0.0)
      for first in stride(from: 0, to: folds.count, by: k) {
        let range = first..<(first + k)
        let total = range.reduce(0) { $0 + weights[$1] }
        let mean = range.reduce(0) { $0 + weights[$1] * folds[$1] } / total
        let spread = range.reduce(0) { $0 + weights[$1] * (folds[$1] - mean) * (folds[$1] - mean) } / total
        means += mean
        errors += (spread / Double(k - 1)).squareRoot()
      }
      return Point(
        beta: beta, folds: folds, mean: means / Double(repeats), standardError: errors / Double(repeats))
    }
    let sign = metric.isBetterWhenLarger ? -1.0 : 1
    let least = points.map { sign * $0.mean }.min() ?? 0
    let best = points.firstIndex { sign * $0.mean <= least } ?? 0
    self.best = best
    let bar = least + (points.isEmpty ? 0 : points[best].standardError)
    oneStandardError = points.firstIndex { sign * $0.mean <= bar } ?? best
  }
}
