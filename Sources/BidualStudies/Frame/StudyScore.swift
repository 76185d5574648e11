import Bidual

/// How predictions are scored in a study.
enum StudyScore: Sendable {
  /// The mean of (f − y)² over samples and outputs.
  case meanSquare
  /// Half the sum of (f − y)² over samples and outputs.
  case halfSquares
  /// The share of samples whose class is predicted: by sign with one output, by the largest with several.
  case accuracy

  /// The score of predictions for targets that stand alike.
  func value(_ predictions: [Double], _ targets: [Double], outputs: Int) -> Double {
    let squares = zip(predictions, targets).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    switch self {
    case .meanSquare: return squares / Double(targets.count)
    case .halfSquares: return 0.5 * squares
    case .accuracy:
      guard outputs > 1 else {
        return Double(zip(predictions, targets).count { ($0 > 0) == ($1 > 0) }) / Double(targets.count)
      }
      func place(_ values: ArraySlice<Double>) -> Int? {
        values.indices.max { values[$0] < values[$1] }.map { $0 - values.startIndex }
      }
      let samples = targets.count / outputs
      let right = (0..<samples).count { i in
        let row = (i * outputs)..<((i + 1) * outputs)
        return place(predictions[row]) == place(targets[row])
      }
      return Double(right) / Double(samples)
    }
  }
}
