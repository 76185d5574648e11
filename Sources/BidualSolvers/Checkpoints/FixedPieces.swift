import BidualModels

/// The state of a run over pieces that are all there from the beginning, between two programs.
package struct FixedPieces: Codable, Sendable {
  /// Programs solved.
  var round: Int
  /// The pieces with the facets that the next program enforces.
  var pieces: [PieceRecord]
  /// The dual point of the last program.
  var dualPoint: [Double]
  var best: PartsRecord

  init(_ round: Int, _ master: Master<some Pieces>, dualPoint: [Double], best: Incumbent<[Part]>) {
    self.round = round
    pieces = master.records.pieces
    self.dualPoint = dualPoint
    self.best = PartsRecord(best)
  }

  /// Whether the shapes are those of a run on `problem`, whose parts have vectors of `dimension` numbers.
  func fits(_ problem: TrainingProblem, dimension: Int) -> Bool {
    round >= 0 && dualPoint.count == problem.targets.count && best.fits(problem, dimension: dimension)
  }
}
