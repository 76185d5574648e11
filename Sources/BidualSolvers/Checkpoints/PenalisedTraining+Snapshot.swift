import BidualLinear
import BidualModels

extension PenalisedTraining {
  /// The state of a run between two steps. Its schedule must be the same when it goes on.
  package struct Snapshot: Codable, Sendable {
    /// A digest of the patterns: those that were found in time may be others the next time.
    var patterns: UInt64
    var batches: MiniBatches
    /// The epoch whose start was taken note of last.
    var noted: Int?
    /// The program's variables, and the memory of the update rule.
    var values: [Double]
    var updates: UpdateState
    var best: BestPoints
    var patience = Patience()
    /// The objectives that the learning rate goes by.
    var objectives: [Double] = []
    /// The sum of the rates since half of the run, and that of −∇ℓ weighted by them.
    var rates = 0.0
    var slopes: [Double]

    /// Whether it is a state of a run of `training` on a program of so many variables.
    func fits(_ training: PenalisedTraining, count: Int) -> Bool {
      let n = training.problem.design.rows
      return patterns == VectorConeTraining.Snapshot.digest(of: training.patterns)
        && batches.fits(samples: n) && values.count == count && best.points.count == 2
        && best.points.allSatisfy { $0.count == count }
        && updates.fits(training.options.descent.rule, count: count) && slopes.count == n
    }
  }
}
