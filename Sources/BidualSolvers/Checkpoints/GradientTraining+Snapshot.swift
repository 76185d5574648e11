import BidualLinear
import BidualModels

extension GradientTraining {
  /// The state of a run between two steps. Its schedule must be the same when it goes on.
  package struct Snapshot: Codable, Sendable {
    /// Epochs done.
    var epoch: Int
    /// Samples of the next epoch that were used already, in the order of `order`.
    var position: Int
    var parameters: NetworkParameters
    var updates: UpdateState
    var order: [Int]
    var generator: SeededGenerator
    var best: BestNetwork.Record
    var trace: [BaselineProgress]

    /// Whether this is a state of a run of `training`.
    func fits(_ training: GradientTraining) -> Bool {
      let problem = training.problem
      let n = problem.design.rows
      return epoch >= 0 && (0...n).contains(position) && parameters.width == training.options.width
        && parameters.fits(problem) && best.parameters.fits(problem)
        && updates.fits(training.options.rule, count: parameters.count)
        && order.count == n && Set(order) == Set(0..<n)
    }
  }
}
