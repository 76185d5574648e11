import BidualModels
import BidualObjectives

/// The losses of some samples, and their slopes in the place of the predictions.
struct RowSlopes {
  private let loss: any Loss
  private let targets: [Double]
  private let outputs: Int
  private let weights: [Double]
  /// The c with which a loss with kinks is rounded off; 0 for the loss itself.
  private let curvature: Double

  /// The losses of some samples.
  init(_ samples: PassSamples, curvature: Double) {
    (loss, targets, outputs) = (samples.loss, samples.targets, samples.outputs)
    weights = samples.weights
    self.curvature = curvature
  }

  /// The losses of a problem's samples.
  init(problem: TrainingProblem, curvature: Double) {
    (loss, targets, outputs) = (problem.loss, problem.targets, problem.outputs)
    weights = problem.weights
    self.curvature = curvature
  }

  /// Sums the losses of rows and turns their predictions, those of a row together, into derivatives.
  func replace(_ predictions: inout [Double], of rows: [Int]) -> Double {
    guard let coupled = loss.coupled else { return separate(loss, rows, &predictions) }
    let c = outputs
    var sum = 0.0
    for (i, row) in rows.enumerated() {
      let own = (i * c)..<((i + 1) * c)
      let targets = targets[(row * c)..<((row + 1) * c)]
      sum += weights[row] * coupled.value(predictions[own], targets: targets)
      let slope = coupled.gradient(predictions[own], targets: targets)
      for k in 0..<c { predictions[i * c + k] = weights[row] * slope[k] }
    }
    return sum
  }

  private func separate(_ loss: some Loss, _ rows: [Int], _ predictions: inout [Double]) -> Double {
    let c = outputs
    var sum = 0.0
    for (i, row) in rows.enumerated() {
      for k in 0..<c {
        let (value, slope) = loss.rounded(
          predictions[i * c + k], target: targets[row * c + k], curvature: curvature)
        sum += weights[row] * value
        predictions[i * c + k] = weights[row] * slope
      }
    }
    return sum
  }
}
