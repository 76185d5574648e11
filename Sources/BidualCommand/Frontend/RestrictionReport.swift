import Bidual

/// What a bound over given patterns is of, as JSON.
struct RestrictionReport: Encodable {
  let patterns: Int
  /// Of the networks on the patterns, not cut at the objective of a network that leaves them.
  let lowerBound: Double
  let networkKeepsToPatterns: Bool

  init(_ standing: RestrictedStanding) {
    patterns = standing.patterns
    lowerBound = standing.lowerBound
    networkKeepsToPatterns = standing.keepsToPatterns
  }
}
