import Bidual

/// The ways in which PE20's three algorithms can be read: whose patterns the program is over.
enum PatternReading: String, CaseIterable, Sendable {
  /// Those of the network that SGD begins with (Alg1 of section 6).
  case literal = "Alg1, initial"
  /// Those of the network before and after a trial, with flips.
  case union = "Alg1, union"
  /// Those of all trials before and after.
  case allTrials = "Alg1, all trials"
  /// Those of many Gaussian gates.
  case many = "Alg1, many"
  /// Those of the network after a trial (Alg2).
  case trained = "Alg2, trained"
  /// Those of the network before a trial, with the samples of smallest heights flipped (Alg3).
  case flipped = "Alg3, flipped"

  /// The sources of the patterns.
  ///
  /// - Parameters:
  ///   - initial: first layers before the trials, and `trained` after them.
  ///   - draws: the gates of `many`.
  func choices(initial: [Matrix], trained: [Matrix], draws: Int) -> [PatternChoice] {
    func given(_ layers: some Sequence<Matrix>) -> [PatternChoice] {
      layers.map { .source(GivenGates(rows: $0)) }
    }
    func flips(_ layers: some Sequence<Matrix>) -> [PatternChoice] {
      layers.map { .source(FlippedGates(rows: $0)) }
    }
    return switch self {
    case .literal: given(initial.prefix(1))
    case .union: given(initial.prefix(1)) + given(trained.prefix(1)) + flips(initial.prefix(1))
    case .allTrials: given(initial) + given(trained)
    case .many: [.source(GaussianGates(draws: draws))]
    case .trained: given(trained.prefix(1))
    case .flipped: given(initial.prefix(1)) + flips(initial.prefix(1))
    }
  }
}
