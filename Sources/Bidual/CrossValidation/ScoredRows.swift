import BidualModels
import BidualObjectives

/// Predictions beside the targets of their rows: what metrics are made of.
struct ScoredRows {
  private let predictions: [Double]
  private let targets: [Double]
  private let outputs: Int
  /// How many outputs a loss takes together.
  private let together: Int
  /// The weight of each row, as a share of all.
  private let shares: [Double]

  /// - Parameter places: of how many places of an image the outputs of a row are.
  init(_ predictions: [Double], of dataset: Dataset, places: Int) {
    precondition(predictions.count == dataset.targets.count)
    self.predictions = predictions
    targets = dataset.targets
    outputs = dataset.outputs
    together = dataset.outputs / places
    let weights = dataset.weights ?? Array(repeating: 1, count: dataset.samples)
    let heaviest = weights.max() ?? 1
    let total = weights.reduce(0) { $0 + $1 / heaviest }
    shares = weights.map { $0 / heaviest / total }
  }

  private func places(_ i: Int) -> Range<Int> { (i * outputs)..<((i + 1) * outputs) }

  /// The mean of a number of each row.
  func mean(_ value: (Int) -> Double) -> Double { shares.indices.reduce(0) { $0 + shares[$1] * value($1) } }

  /// The mean over rows and outputs of what is made of f − y.
  func meanError(_ value: (Double) -> Double) -> Double {
    mean { i in places(i).reduce(0) { $0 + value(predictions[$1] - targets[$1]) } } / Double(outputs)
  }

  /// ℓ(f, y) of a row.
  func loss(_ loss: any Loss, _ i: Int) -> Double {
    guard let coupled = loss.coupled else {
      return places(i).reduce(0) { $0 + loss.value(predictions[$1], target: targets[$1]) }
    }
    return stride(from: places(i).lowerBound, to: places(i).upperBound, by: together).reduce(0) {
      $0 + coupled.value(predictions[$1..<($1 + together)], targets: targets[$1..<($1 + together)])
    }
  }

  /// The infimum of ℓ(·, y) for the targets of a row, −ℓ*(0, y).
  func leastLoss(_ loss: any Loss, _ i: Int) -> Double {
    // Every coupled loss of classes comes as close to 0 as one likes.
    loss.coupled == nil ? places(i).reduce(0) { $0 - loss.conjugate(0, target: targets[$1]) } : 0
  }

  /// The coefficient of determination, of all outputs together.
  func determination() throws(DataError) -> Double {
    let centers = (0..<outputs).map { k in mean { targets[$0 * outputs + k] } }
    let spread = mean { i in
      places(i).reduce(0) {
        $0 + (targets[$1] - centers[$1 % outputs]) * (targets[$1] - centers[$1 % outputs])
      }
    }
    guard spread > 0 else {
      throw DataError(
        .badData,
        "the target is the same in all rows of a fold, so that it has no R²; take fewer folds, or the score mse"
      )
    }
    return 1 - meanError { $0 * $0 } * Double(outputs) / spread
  }

  /// Whether the class of a row was predicted.
  func isRight(_ classes: ClassLabels?, _ i: Int) -> Bool {
    classes.map { $0.place(predictions[places(i)]) == $0.place(targets[places(i)]) } ?? false
  }

  /// The mean over the classes that there are of the share of their rows that was predicted.
  func balancedAccuracy(_ classes: ClassLabels?) -> Double {
    guard let classes else { return 0 }
    var right = [Double](repeating: 0, count: classes.names.count)
    var all = right
    for i in shares.indices {
      let own = classes.place(targets[places(i)])
      all[own] += shares[i]
      if isRight(classes, i) { right[own] += shares[i] }
    }
    let met = all.indices.filter { all[$0] > 0 }
    return met.reduce(0) { $0 + right[$1] / all[$1] } / Double(met.count)
  }

  /// P(f of the second class > f of the first) + ½P(equal), by weights.
  func areaUnderCurve(_ classes: ClassLabels?) throws(DataError) -> Double {
    guard let classes else { return 0 }
    // With an output for each class the difference tells them apart.
    let heights = shares.indices.map { i in
      outputs == 1
        ? predictions[i] : predictions[places(i).upperBound - 1] - predictions[places(i).lowerBound]
    }
    let order = shares.indices.sorted { heights[$0] < heights[$1] }
    var (below, second, pairs) = (0.0, 0.0, 0.0)
    var start = 0
    while start < order.count {
      var end = start
      var tied = (first: 0.0, second: 0.0)
      while end < order.count, heights[order[end]] == heights[order[start]] {
        let i = order[end]
        if classes.place(targets[places(i)]) == 1 {
          tied.second += shares[i]
        } else {
          tied.first += shares[i]
        }
        end += 1
      }
      pairs += tied.second * (below + 0.5 * tied.first)
      below += tied.first
      second += tied.second
      start = end
    }
    guard below > 0, second > 0 else {
      throw DataError(
        .badData,
        "all rows of a fold are of one class, so that there is no area under a curve; take fewer folds or another score"
      )
    }
    return pairs / (below * second)
  }

  /// The mean squared error of the probabilities.
  func brier(_ loss: any Loss, _ classes: ClassLabels?) -> Double {
    guard let classes,
      let probabilities = ClassProbabilities.of(predictions, loss: loss, outputs: outputs)
    else { return 0 }
    let all = mean { i in
      let own = classes.place(targets[places(i)])
      return (0..<probabilities.columns).reduce(0) {
        let miss = probabilities[i, $1] - ($1 == own ? 1 : 0)
        return $0 + miss * miss
      }
    }
    return probabilities.columns == 2 ? all / 2 : all
  }
}
