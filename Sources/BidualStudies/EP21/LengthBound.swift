import Bidual

/// What every network costs by the lengths of the samples alone: |f(x)| ≤ t‖x‖ for a network of penalty t, in two layers and in three,
/// so that the objective is at least min over t of ½Σ(|yᵢ| − t‖xᵢ‖)₊² + βt.
enum LengthBound {
  /// The bound, a little below the true one for rounding.
  static func value(_ dataset: Dataset, beta: Double) -> Double {
    let lengths = (0..<dataset.samples).map { i in
      dataset.features.row(i).reduce(0) { $0 + $1 * $1 }.squareRoot()
    }
    func misses(_ t: Double) -> [Double] {
      zip(dataset.targets, lengths).map { max(0, abs($0) - t * $1) }
    }
    func slope(_ t: Double) -> Double { beta - zip(misses(t), lengths).reduce(0) { $0 + $1.0 * $1.1 } }
    // The slope rises in t, and is β once every target is within reach or has no length to reach with.
    var (low, high) = (0.0, 1.0)
    while slope(high) < 0 { high *= 2 }
    for _ in 0..<200 {
      let middle = 0.5 * (low + high)
      if slope(middle) < 0 { low = middle } else { high = middle }
    }
    return (1 - 1e-9) * (0.5 * misses(high).reduce(0) { $0 + $1 * $1 } + beta * low)
  }
}
