import Bidual

/// How good predictions are on rows whose target is known; rows count by their weights.
struct Score: Encodable {
  /// The rows compared.
  let samples: Int
  /// The share of rows whose class was predicted.
  var accuracy: Double?
  /// How many rows those are.
  var correct: Int?
  /// The mean of −log p over the rows, p being the probability of the row's class.
  var logLoss: Double?
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
  init(_ predictions: [Double], of dataset: Dataset, model: Model) throws(DataError) {
    let outputs = dataset.outputs
    let predictions = (try? model.trainingLoss()).map { predictions.map($0.estimate) } ?? predictions
    if let place = predictions.firstIndex(where: { !$0.isFinite }) {
      throw DataError(
        .badData, "row \(place / outputs + 1): the prediction overflows; check the row's features")
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
    if let classes = model.classes {
      let rows = (0..<samples).map { ($0 * outputs)..<(($0 + 1) * outputs) }
      let isRight = rows.map { classes.place(predictions[$0]) == classes.place(targets[$0]) }
      accuracy = mean { isRight[$0] ? 1 : 0 }
      correct = isRight.count(where: \.self)
      if let loss = try? model.trainingLoss(), loss.classProbabilities != nil {
        let losses = rows.map { row in
          loss.coupled?.value(predictions[row], targets: targets[row])
            ?? loss.value(predictions[row.lowerBound], target: targets[row.lowerBound])
        }
        logLoss = mean { losses[$0] }
      }
      return
    }
    /// Numbers as multiples of the largest, so that no sum and no square overflows or vanishes before it must.
    func scaled(_ values: [Double]) -> (largest: Double, parts: [Double]) {
      let largest = values.reduce(0) { max($0, abs($1)) }
      return (largest, largest > 0 && largest.isFinite ? values.map { $0 / largest } : values)
    }
    /// The mean of a sample's numbers over all samples.
    func average(_ value: (Int) -> Double) -> Double {
      outputs == 1
        ? mean(value)
        : mean { i in (0..<outputs).reduce(0) { $0 + value(i * outputs + $1) } } / Double(outputs)
    }
    func spread(_ values: [Double]) -> Double {
      let (largest, parts) = scaled(values)
      return largest > 0 ? largest * average { parts[$0] * parts[$0] }.squareRoot() : 0
    }
    let height = scaled(targets)
    let centers = (0..<outputs).map { k in
      height.largest > 0 ? height.largest * mean { height.parts[$0 * outputs + k] } : 0
    }
    let misses = predictions.indices.map { predictions[$0] - targets[$0] }
    let miss = scaled(misses)
    let error = spread(misses)
    let deviation = spread(targets.indices.map { targets[$0] - centers[$0 % outputs] })
    r2 = deviation > 0 ? 1 - (error / deviation) * (error / deviation) : nil
    rootMeanSquare = error
    meanAbsolute = miss.largest > 0 ? miss.largest * average { abs(miss.parts[$0]) } : 0
    guard [r2 ?? 0, error, deviation, meanAbsolute ?? 0].allSatisfy(\.isFinite) else {
      let place = misses.indices.max { abs(misses[$0]) < abs(misses[$1]) } ?? 0
      throw DataError(
        .badData,
        "row \(place / outputs + 1), column '\(dataset.targetNames[place % outputs])': the target \(targets[place]) is so far from the prediction \(predictions[place]) that the score overflows; check the target's units"
      )
    }
  }

  /// The score for people.
  var line: String {
    if let accuracy, let correct {
      return "accuracy \(Figures.short(accuracy)) (\(correct) of \(samples) rows)"
        + (logLoss.map { ", log-loss \(Figures.short($0))" } ?? "")
    }
    let share = r2.map { "R² \(Figures.short($0)), " } ?? ""
    return share
      + "root mean square error \(Figures.short(rootMeanSquare ?? 0)), mean absolute error \(Figures.short(meanAbsolute ?? 0)) "
      + "(\(samples) rows)"
  }
}
