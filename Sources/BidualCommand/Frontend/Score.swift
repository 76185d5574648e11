import Bidual

/// How good predictions are on rows whose target is known; rows count by their weights.
struct Score: Encodable {
  /// The rows compared.
  let samples: Int
  /// The share of rows whose class was predicted.
  var accuracy: Double?
  /// How many rows those are.
  var correct: Int?
  /// 1 − Σ(f − y)²/Σ(y − ȳ)².
  var r2: Double?
  /// The root of the mean squared error.
  var rootMeanSquare: Double?
  /// The mean absolute error.
  var meanAbsolute: Double?

  /// The score of predictions for the rows of a data set.
  ///
  /// - Throws: `DataError` of kind `badData`, without a path, naming the row whose prediction is not finite, or the
  ///   one farthest from its target where a figure is beyond the doubles.
  init(_ predictions: [Double], of dataset: Dataset, classes: ClassLabels?) throws(DataError) {
    if let row = predictions.firstIndex(where: { !$0.isFinite }) {
      throw DataError(.badData, "row \(row + 1): the prediction overflows; check the row's features")
    }
    samples = dataset.samples
    let targets = dataset.targets
    // Shares of the largest weight, whose sum can't overflow.
    let weights = dataset.weights ?? Array(repeating: 1, count: samples)
    let heaviest = weights.max() ?? 1
    let shares = weights.map { $0 / heaviest }
    let total = shares.reduce(0, +)
    /// The mean of numbers, which are at most 1 where their sum might overflow.
    func mean(_ value: (Int) -> Double) -> Double {
      shares.indices.reduce(0) { $0 + shares[$1] * value($1) } / total
    }
    if classes != nil {
      let isRight = predictions.indices.map { (predictions[$0] > 0) == (targets[$0] > 0) }
      accuracy = mean { isRight[$0] ? 1 : 0 }
      correct = isRight.count(where: \.self)
      return
    }
    /// Numbers as multiples of the largest, so that no sum and no square overflows or vanishes before it must.
    func scaled(_ values: [Double]) -> (largest: Double, parts: [Double]) {
      let largest = values.reduce(0) { max($0, abs($1)) }
      return (largest, largest > 0 && largest.isFinite ? values.map { $0 / largest } : values)
    }
    func spread(_ values: [Double]) -> Double {
      let (largest, parts) = scaled(values)
      return largest > 0 ? largest * mean { parts[$0] * parts[$0] }.squareRoot() : 0
    }
    let height = scaled(targets)
    let center = height.largest > 0 ? height.largest * mean { height.parts[$0] } : 0
    let misses = predictions.indices.map { predictions[$0] - targets[$0] }
    let miss = scaled(misses)
    let error = spread(misses)
    let deviation = spread(targets.map { $0 - center })
    r2 = deviation > 0 ? 1 - (error / deviation) * (error / deviation) : nil
    rootMeanSquare = error
    meanAbsolute = miss.largest > 0 ? miss.largest * mean { abs(miss.parts[$0]) } : 0
    guard [r2 ?? 0, error, deviation, meanAbsolute ?? 0].allSatisfy(\.isFinite) else {
      let row = misses.indices.max { abs(misses[$0]) < abs(misses[$1]) } ?? 0
      throw DataError(
        .badData,
        "row \(row + 1), column '\(dataset.targetName)': the target \(targets[row]) is so far from the prediction \(predictions[row]) that the score overflows; check the target's units"
      )
    }
  }

  /// The score for people.
  var line: String {
    if let accuracy, let correct {
      return "accuracy \(Figures.short(accuracy)) (\(correct) of \(samples) rows)"
    }
    let share = r2.map { "R² \(Figures.short($0)), " } ?? ""
    return share
      + "root mean square error \(Figures.short(rootMeanSquare ?? 0)), mean absolute error \(Figures.short(meanAbsolute ?? 0)) "
      + "(\(samples) rows)"
  }
}
