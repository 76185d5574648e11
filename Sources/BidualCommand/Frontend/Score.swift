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

  init(_ predictions: [Double], of dataset: Dataset, classes: ClassLabels?) {
    samples = dataset.samples
    let weights = dataset.weights ?? Array(repeating: 1, count: samples)
    let total = weights.reduce(0, +)
    func mean(_ value: (Int) -> Double) -> Double {
      weights.indices.reduce(0) { $0 + weights[$1] * value($1) } / total
    }
    if classes != nil {
      let isRight = predictions.indices.map { (predictions[$0] > 0) == (dataset.targets[$0] > 0) }
      accuracy = mean { isRight[$0] ? 1 : 0 }
      correct = isRight.count(where: \.self)
      return
    }
    let center = mean { dataset.targets[$0] }
    let error = mean { (predictions[$0] - dataset.targets[$0]) * (predictions[$0] - dataset.targets[$0]) }
    let variance = mean { (dataset.targets[$0] - center) * (dataset.targets[$0] - center) }
    r2 = variance > 0 ? 1 - error / variance : nil
    rootMeanSquare = error.squareRoot()
    meanAbsolute = mean { abs(predictions[$0] - dataset.targets[$0]) }
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
