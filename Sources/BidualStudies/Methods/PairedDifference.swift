/// What one method scores less than another on the same splits: the mean of the differences, with its standard error.
struct PairedDifference {
  /// The mean of the first method's scores less the second's.
  let mean: Double
  /// The deviation of a mean of so many differences; nil for one.
  let error: Double?
  /// The number of splits.
  let pairs: Int

  /// Of scores in the order of the splits; nil if there are none, or not as many of both.
  init?(_ scores: [Double], less others: [Double]) {
    guard scores.count == others.count else { return nil }
    let differences = zip(scores, others).map(-)
    guard let mean = differences.mean, let deviation = differences.deviation else { return nil }
    self.mean = mean
    pairs = differences.count
    error = pairs > 1 ? deviation / Double(pairs - 1).squareRoot() : nil
  }

  /// In a sentence.
  var text: String {
    let splits = pairs == 1 ? "1 split" : "\(pairs) splits"
    return "\(StudyText.short(mean))\(error.map { " ± \(StudyText.short($0))" } ?? "") over \(splits)"
  }
}
