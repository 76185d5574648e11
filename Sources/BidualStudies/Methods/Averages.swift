extension Sequence where Element == Double {
  /// The middle of the numbers, of two in the middle the upper; nil for none.
  var median: Double? {
    let sorted = self.sorted()
    return sorted.isEmpty ? nil : sorted[sorted.count / 2]
  }

  /// The mean; nil for none.
  var mean: Double? {
    let values = Array(self)
    return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  /// The root of the mean square of what they are beside their mean; nil for none.
  var deviation: Double? {
    guard let mean else { return nil }
    return map { ($0 - mean) * ($0 - mean) }.mean?.squareRoot()
  }
}
