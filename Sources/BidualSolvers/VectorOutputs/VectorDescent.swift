import BidualArrangements
import BidualLinear
import BidualModels

/// Lowers the training objective over all neurons of a network with c outputs together, by a quasi-Newton method whose kinks are
/// rounded off and sharpened again level by level, as `JointDescent` does for one output. Neurons may be sub-networks.
struct VectorDescent {
  /// What to minimise, in the coordinates of the row space.
  let problem: TrainingProblem
  /// The patterns on which neurons are linear, one each; nil for ReLUs.
  var patterns: PatternSet?
  /// Quasi-Newton steps at each level.
  var steps = 300
  /// How far the kinks are rounded off, level after level; 0 for not at all.
  var levels = [0.03, 0.003, 0]
  /// Threads.
  var threads = 1
  /// Asked once a step.
  var isCancelled: () -> Bool = { false }

  /// The best of the network given and those at the ends of the levels.
  ///
  /// - Complexity: O(nm(r + c)) a step.
  func descended(from start: NetworkParameters) -> NetworkParameters {
    guard start.width > 0 || problem.hasOffset else { return start }
    let objective = WeightDecayObjective(
      problem, width: start.width, patterns: patterns, threads: threads)
    var best = start
    var least = objective.evaluate(start)
    var weights = start
    for level in levels where !isCancelled() {
      objective.rounding =
        level > 0 ? RoundedKinks(problem, lengths: weights.hiddenLengths, level: level) : nil
      var method = LimitedMemoryDescent()
      method.maximumSteps = steps
      method.leastProgress = level > 0 ? 1e-6 : 1e-9
      method.isCancelled = isCancelled
      var point = weights.values
      var trial = weights
      _ = method.minimize(&point, scales: weights.scales(of: problem.neuronRows)) { point, gradient in
        trial.values = point
        return gradient.withUnsafeMutableBufferPointer {
          objective.evaluate(trial, gradient: $0.baseAddress)
        }
      }
      weights.values = point
      objective.rounding = nil
      let reached = objective.evaluate(weights)
      if reached < least { (best, least) = (weights, reached) }
    }
    return best
  }
}
