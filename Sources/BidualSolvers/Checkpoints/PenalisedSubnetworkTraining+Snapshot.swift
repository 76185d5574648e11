import BidualLinear
import BidualModels

extension PenalisedSubnetworkTraining {
  /// The state of a run between two steps. Its schedule must be the same when it goes on.
  package struct Snapshot: Codable, Sendable {
    var batches: MiniBatches
    /// The losses of the samples of the epoch under way that were used already, by the program and by the network.
    var loss = 0.0
    var networkLoss = 0.0
    /// The program's variables, and the memory of the update rule.
    var values: [Double]
    var updates: UpdateState
    /// The objectives that the learning rate goes by.
    var objectives: [Double] = []

    /// Whether it is a state of a run over so many samples and variables.
    func fits(_ rule: UpdateRule, samples n: Int, count: Int) -> Bool {
      batches.fits(samples: n) && values.count == count && updates.fits(rule, count: count)
    }
  }
}
