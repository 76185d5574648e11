import BidualLinear
import BidualModels

extension GradientTraining {
  /// The state of a run between two steps. Its schedule must be the same when it goes on.
  package struct Snapshot: Codable, Sendable {
    var batches: MiniBatches
    var parameters: NetworkParameters
    var updates: UpdateState
    var best: BestNetwork.Record
    var trace: [BaselineProgress]

    /// Whether this is a state of a run of `training`.
    func fits(_ training: GradientTraining) -> Bool {
      let problem = training.problem
      return batches.fits(samples: problem.design.rows) && parameters.width == training.options.width
        && parameters.fits(problem) && best.parameters.fits(problem)
        && updates.fits(training.options.rule, count: parameters.count)
    }
  }
}
