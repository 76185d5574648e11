import BidualLinear
import BidualModels

extension PenalisedSubnetworkTraining {
  /// The state of a run between two steps. Its schedule must be the same when it goes on.
  package struct Snapshot: Codable, Sendable {
    /// Epochs done.
    var epoch = 0
    /// Samples of the next epoch that were used already, in the order of `order`.
    var position = 0
    /// The losses of those samples, by the program and by the network.
    var loss = 0.0
    var networkLoss = 0.0
    /// The program's variables, and the memory of the update rule.
    var values: [Double]
    var updates: UpdateState
    var order: [Int]
    var generator: SeededGenerator
    /// The objectives that the learning rate goes by.
    var objectives: [Double] = []

    /// Whether it is a state of a run over so many samples and variables.
    func fits(_ rule: UpdateRule, samples n: Int, count: Int) -> Bool {
      epoch >= 0 && (0...n).contains(position) && values.count == count
        && updates.fits(rule, count: count) && order.count == n && Set(order) == Set(0..<n)
    }
  }
}
