import BidualModels
import BidualObjectives

/// The losses of some samples, and their slopes in the place of the predictions.
struct RowSlopes {
  let problem: TrainingProblem
  /// The c with which a loss with kinks is rounded off; 0 for the loss itself.
  let curvature: Double

  /// Sums the losses of rows and turns their predictions, those of a row together, into derivatives.
  func replace(_ predictions: inout [Double], of rows: [Int]) -> Double {
    guard let coupled = problem.loss.coupled else { return separate(problem.loss, rows, &predictions) }
    let c = problem.outputs
    var sum = 0.0
    for (i, row) in rows.enumerated() {
      let own = (i * c)..<((i + 1) * c)
      let targets = problem.targets[problem.places(row)]
      sum += problem.weights[row] * coupled.value(predictions[own], targets: targets)
      let slope = coupled.gradient(predictions[own], targets: targets)
      for k in 0..<c { predictions[i * c + k] = problem.weights[row] * slope[k] }
    }
    return sum
  }

  private func separate(_ loss: some Loss, _ rows: [Int], _ predictions: inout [Double]) -> Double {
    let c = problem.outputs
    var sum = 0.0
    for (i, row) in rows.enumerated() {
      for k in 0..<c {
        let (value, slope) = loss.rounded(
          predictions[i * c + k], target: problem.targets[row * c + k], curvature: curvature)
        sum += problem.weights[row] * value
        predictions[i * c + k] = problem.weights[row] * slope
      }
    }
    return sum
  }
}
