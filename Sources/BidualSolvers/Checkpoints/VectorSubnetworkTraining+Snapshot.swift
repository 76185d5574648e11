import BidualModels

extension VectorSubnetworkTraining {
  /// The state of a run between two rounds.
  package struct Snapshot: Codable, Sendable {
    /// Rounds begun.
    var round: Int
    var starts: StartingPoints
    /// The network of the moment, in the coordinates of the row space.
    var weights: NetworkParameters
    /// The best network, in the same coordinates; nil for the constant.
    var best: NetworkParameters?
    var proof: ProofRecord?
    var nodes: Int
    var localGap: Double?
    /// Rounds without progress.
    var stalled: Int

    /// Whether the shapes are those of a run on a problem that its coordinates make `reduced`, whose sub-networks have so many numbers.
    func fits(_ reduced: TrainingProblem, dimension: Int) -> Bool {
      starts.rank == dimension && round >= 0 && stalled >= 0 && weights.fits(reduced)
        && best?.fits(reduced) ?? true
        && proof?.dualPoint.count ?? reduced.targets.count == reduced.targets.count
    }
  }
}
