import BidualCertificates
import BidualLinear
import BidualModels

extension WorkingSet {
  /// The state of a run before a round, or in the middle of one, between two levels of descent.
  package struct Snapshot: Codable, Sendable {
    /// Whose turn it is.
    enum Turn: Codable, Sendable {
      /// That of the neurons, which price and descend together.
      case neurons
      /// That of the convex program over pieces, with the local gaps of its rounds so far and the objective that it
      /// began with.
      case chambers(gaps: [Double], start: Double)
    }

    /// Rounds begun.
    var round: Int
    var turn: Turn
    /// The accuracy of the next program.
    var tolerance: Double
    var starts: StartingPoints
    /// The best network in the coordinates of the row space, with the latest dual point.
    var network: JointDescent.Network
    var sharpness: Sharpness
    /// The round's descent that is under way.
    var course: JointDescent.Course?
    var localGap: Double?
    /// Whether the local gap is that of the harder search.
    var isConfirmed: Bool
    /// The pieces that the program holds, and those that it dropped.
    var pieces: [PieceRecord]
    var dropped: [PieceRecord]
    var best: PartsRecord

    /// Whether the shapes are those of a run on `problem`, whose coordinates make the problem `reduced` and whose parts
    /// have vectors of `dimension` numbers.
    func fits(_ problem: TrainingProblem, reduced: TrainingProblem, dimension: Int) -> Bool {
      starts.rank == dimension && tolerance > 0 && round >= 0
        && network.fits(reduced, dimension: dimension) && course?.fits(reduced) ?? true
        && best.fits(problem, dimension: dimension)
    }
  }
}

/// The best network, and what a proof of the best bound needs. Numbers that prove something are not kept:
/// they are worked out again.
struct PartsRecord: Codable, Sendable {
  var parts: [Part]
  var offset: Double?
  var proof: ProofRecord?
  var nodes: Int

  init(_ best: Incumbent<[Part]>) {
    (parts, offset, proof, nodes) = (best.weights, best.network.offset, best.proof, best.nodes)
  }

  /// Whether the shapes are those of a network for `problem`, whose parts have vectors of `dimension` numbers.
  func fits(_ problem: TrainingProblem, dimension: Int) -> Bool {
    parts.allSatisfy { $0.vector.count == dimension && abs($0.sign) == 1 }
      && (offset != nil) == problem.hasOffset
      && proof?.dualPoint.count ?? problem.targets.count == problem.targets.count
  }
}

extension Incumbent<[Part]> {
  /// Goes on from what another run left: evaluates its network and proves its bound anew.
  ///
  /// - Complexity: that of a proof; the bound is lost if `effort` does not allow it.
  mutating func take(_ record: PartsRecord, of atoms: any NeuronAtoms, effort: Certifier.Effort) {
    let network = atoms.network(of: record.parts, offset: record.offset)
    take(record.parts, network, objective: certifier.objective(of: network), below: .infinity)
    restore(record.proof, nodes: record.nodes, effort: effort)
  }
}
