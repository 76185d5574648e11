import Bidual

/// Whose patterns of patches the programs of PE20's Figure 10 are over.
enum PatchReading: String, CaseIterable, Sendable {
  /// Those of a trained network and of clustered patches: Alg1 of the appendix.
  case both = "Alg1, SGD and clusters"
  /// Those of the network before its training: Alg1 of section 6.
  case literal = "Alg1, initial"
  /// Those of a trained network (Alg2).
  case trained = "Alg2, SGD only"
  /// Those of the network before its training, with the patches of smallest heights flipped (Alg3).
  case flipped = "Alg3, flipped"
  /// Those of clustered patches.
  case clusters = "clusters only"
  /// Those of all trained networks and of clustered patches.
  case allTrials = "SGD of all trials and clusters"

  /// The sources of the patterns.
  ///
  /// - Parameters:
  ///   - initial: filters before the trials, and `trained` after them.
  ///   - best: the trial that the others take.
  ///   - clusters: how many clusters there are.
  func choices(initial: [Matrix], trained: [Matrix], best: Int, clusters: Int) -> [PatternChoice] {
    let centres = PatternChoice.source(ClusterGates(clusters: clusters, bisects: false))
    func given(_ filters: Matrix) -> PatternChoice { .source(GivenGates(rows: filters)) }
    return switch self {
    case .both: [given(trained[best]), centres]
    case .literal: [given(initial[best])]
    case .trained: [given(trained[best])]
    case .flipped: [given(initial[best]), .source(FlippedGates(rows: initial[best]))]
    case .clusters: [centres]
    case .allTrials: trained.map(given) + [centres]
    }
  }
}
