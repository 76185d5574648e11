import BidualCertificates
import BidualLinear
import BidualModels

extension WorkingSet {
  /// The state of a run between two rounds.
  public struct Snapshot: Codable, Sendable {
    /// Rounds begun.
    var round: Int
    /// The accuracy of the next program.
    var tolerance: Double
    var starts: StartingPoints
    var dualPoint: [Double]
    /// The chambers that the program holds, and those that it dropped.
    var chambers: [ChamberRecord]
    var dropped: [ChamberRecord]
    var best: BestSoFar.Record

    /// Whether the shapes are those of a run on `problem`, whose design has rank `rank`.
    func fits(_ problem: TrainingProblem, rank: Int) -> Bool {
      starts.rank == rank && dualPoint.count == problem.targets.count && tolerance > 0
        && best.network.fits(problem) && best.proof?.dualPoint.count ?? dualPoint.count == dualPoint.count
    }
  }
}

extension BestSoFar {
  /// The best network, and what a proof of the best bound needs. Numbers that prove something are not kept:
  /// they are worked out again.
  struct Record: Codable, Sendable {
    /// A dual point and the bound of its polar that was proven.
    struct Proof: Codable, Sendable {
      var dualPoint: [Double]
      var polarBound: Double
    }

    var network: NetworkParameters
    var proof: Proof?
    var nodes: Int
  }
}
