import BidualLinear
import BidualModels

extension TrainingProblem {
  /// The dual point of the best network without neurons. Its entries at a kink of the loss are those that
  /// an offset needs.
  var constantDualPoint: [Double] {
    guard hasOffset, loss.coupled == nil else { return dualPoint(constantPredictions) }
    guard outputs == 1 else {
      let columns = (0..<outputs).map { singleOutput($0).constantDualPoint }
      return weights.indices.flatMap { i in columns.map { $0[i] } }
    }
    let nothing = ConicProgram(
      problem: self, rank: 0, blocks: 0, columns: Matrix(rows: 0, columns: targets.count), facets: [],
      facetStart: [0])
    return InteriorPoint().solve(nothing).dualPoint
  }

  /// The problem of a constant for one output.
  private func singleOutput(_ output: Int) -> TrainingProblem {
    let problem = try? TrainingProblem(
      design: Matrix(rows: weights.count, columns: 1),
      targets: weights.indices.map { targets[$0 * outputs + output] }, weights: weights, loss: loss,
      beta: beta, hasOffset: true)
    guard let problem else { preconditionFailure("the whole problem's numbers were accepted") }
    return problem
  }
}
