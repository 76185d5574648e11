import BidualLinear
import BidualModels

extension TrainingProblem {
  /// The dual point of the best network without neurons. Its entries at a kink of the loss are those that
  /// an offset needs.
  var constantDualPoint: [Double] {
    guard hasOffset else { return dualPoint(Array(repeating: 0, count: targets.count)) }
    let nothing = ConicProgram(
      problem: self, rank: 0, blocks: 0, columns: Matrix(rows: 0, columns: targets.count), facets: [],
      facetStart: [0])
    return InteriorPoint().solve(nothing).dualPoint
  }
}
