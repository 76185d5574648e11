import BidualModels
import RealModule

/// Values of β for a path, the largest first.
public enum BetaGrid: Sendable, Equatable {
  /// These.
  case values([Double])
  /// So many, evenly spaced in their logarithms, from β_max down to a fraction of it.
  case fractions(count: Int = 30, smallest: Double = 0.01)

  /// The values for data with this β_max, the largest first.
  ///
  /// - Throws: `DataError` of kind `badSettings` for a grid without values, with one that is not positive, or with one twice.
  func values(betaMax: Double) throws(DataError) -> [Double] {
    switch self {
    case .values(let given):
      guard !given.isEmpty, given.allSatisfy({ $0.isFinite && $0 > 0 }) else {
        throw DataError(.badSettings, "the values of beta are \(given); give positive numbers, at least one")
      }
      let sorted = given.sorted(by: >)
      if let twice = zip(sorted, sorted.dropFirst()).first(where: { $0 == $1 }) {
        throw DataError(.badSettings, "beta \(twice.0) stands twice; give each value once")
      }
      return sorted
    case .fractions(let count, let smallest):
      guard count > 1, smallest > 0, smallest < 1 else {
        throw DataError(
          .badSettings,
          "a path of \(count) values of beta down to \(smallest) of beta_max is none; give two or more, down to a fraction between 0 and 1"
        )
      }
      return (0..<count).map { betaMax * .exp(.log(smallest) * Double($0) / Double(count - 1)) }
    }
  }

  /// The values in words, as a setting of checkpoints.
  var description: String {
    switch self {
    case .values(let values): "\(values)"
    case .fractions(let count, let smallest): "\(count) down to \(smallest) of beta_max"
    }
  }

  /// Whether it needs β_max.
  var isRelative: Bool { if case .fractions = self { true } else { false } }
}
