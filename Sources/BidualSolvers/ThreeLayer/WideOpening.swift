import BidualLinear
import BidualModels

/// A short run of Adam in many sub-networks at once, for training to begin with.
///
/// Ascents find one sub-network after another, each by some dozens of steps; where many are wanted, descent from random weights in all of them is
/// ahead at first. Joint descent with rounded kinks then goes on from there.
enum WideOpening {
  /// The best network met, of at most 100 sub-networks; nil where no gradients are to be had.
  ///
  /// - Parameter share: how much of a time limit may be spent.
  static func network(
    _ problem: TrainingProblem, width: Int = 100, seed: UInt64, threads: Int, share: Double = 0.4,
    stop: StopSignal
  ) -> (any Network)? {
    var options = GradientTraining.Options()
    // As many atoms as there are predictions make any network.
    options.width = min(width, problem.targets.count)
    options.maximumEpochs = 4000
    options.patience = 400
    options.leastProgress = 1e-4
    options.seed = seed
    options.threads = threads
    guard let training = try? GradientTraining(problem, options: options) else { return nil }
    return training.descend(stop: stop.firstPart(share)).network
  }

  /// Whether training should begin with it: where no proof is in reach, or none is wanted.
  static func isWorthwhile(units: Int, rank: Int, options: WorkingSet.Options) -> Bool {
    options.aim == .localGap || units * rank > 12
  }
}
