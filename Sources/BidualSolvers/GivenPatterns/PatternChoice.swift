import BidualArrangements
import BidualLinear
import BidualModels

/// One way to come by activation patterns for training: a source that needs only the data, or a network that
/// is trained for its patterns first.
public enum PatternChoice: Sendable {
  /// Patterns from the data alone.
  case source(any PatternSource)
  /// The patterns of a network of so many neurons after training by Adam (PE20, Alg2).
  case trained(neurons: Int)
  /// The patterns of the network that such training begins with, and those with the samples of smallest
  /// pre-activation flipped (PE20, Alg3).
  case initial(neurons: Int)

  /// Epochs of Adam before its patterns are taken.
  private static let epochs = 2000

  /// The distinct patterns of several choices over the rows that neurons of `problem` see, such as the patches of images.
  ///
  /// Of a time limit at most half is spent on them; what was found by then is all there is (`isCutShort`).
  ///
  /// - Throws: `DataError` of kind `badData` where a choice makes no patterns, or more than memory holds.
  public static func collection(
    _ choices: [PatternChoice], for problem: TrainingProblem, seed: UInt64, stop: StopSignal = StopSignal()
  ) throws(DataError) -> PatternCollection {
    let stop = stop.firstPart(0.5)
    var sources: [any PatternSource] = []
    for choice in choices {
      switch choice {
      case .source(let source): sources.append(source)
      case .trained(let neurons):
        let training = try gradientTraining(problem, neurons: neurons, seed: seed)
        let network = training.descend(stop: stop.firstPart(0.5)).network
        guard let neurons = problem.architecture.gates(of: network) else {
          throw problem.lacks("patterns of a trained network")
        }
        sources.append(GivenGates(rows: neurons))
      case .initial(let neurons):
        let hidden = try gradientTraining(problem, neurons: neurons, seed: seed).initialNetwork().hidden
        sources += [GivenGates(rows: hidden), FlippedGates(rows: hidden)]
      }
    }
    do {
      return try PatternCollection(
        sources, data: problem.neuronRows, seed: seed, isCancelled: { stop.isRaised })
    } catch {
      throw DataError(.badData, "the activation patterns: \(error)")
    }
  }

  private static func gradientTraining(_ problem: TrainingProblem, neurons: Int, seed: UInt64)
    throws(DataError) -> GradientTraining
  {
    var options = GradientTraining.Options()
    options.width = neurons
    options.seed = seed
    options.maximumEpochs = epochs
    options.patience = 200
    options.leastProgress = 1e-4
    return try GradientTraining(problem, options: options)
  }
}
