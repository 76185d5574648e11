import BidualModels

extension VectorTraining {
  /// The state of a run between two rounds.
  package struct Snapshot: Codable, Sendable {
    /// Rounds begun.
    var round: Int
    var starts: StartingPoints
    /// The latest network in the coordinates of the row space, its objective and its dual point.
    var weights: NetworkParameters
    var value: Double
    var dualPoint: [Double]
    /// The best network, in the same coordinates.
    var best: NetworkParameters
    var proof: ProofRecord?
    var nodes: Int
    var localGap: Double?
    /// Whether the local gap is that of the harder search.
    var isConfirmed: Bool
    /// The smallest local gap so far, and the rounds since it fell last.
    var leastGap: Double
    var stalled: Int

    /// Whether the shapes are those of a run on a problem that its coordinates make `reduced`.
    func fits(_ reduced: TrainingProblem) -> Bool {
      starts.rank == reduced.neuronRows.columns && round >= 0 && stalled >= 0 && weights.fits(reduced)
        && best.fits(reduced) && dualPoint.count == reduced.targets.count
        && proof?.dualPoint.count ?? reduced.targets.count == reduced.targets.count
    }
  }
}
