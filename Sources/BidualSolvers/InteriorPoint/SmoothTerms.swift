import BidualLinear
import BidualModels
import BidualObjectives

/// The samples of a smooth loss: p = ℓ′(f) and D = ℓ″(f) at the predictions of each iterate.
final class SmoothTerms: SampleTerms {
  private let problem: TrainingProblem
  private let units: SampleUnits
  private var predictions: [Double]
  private var change: [Double]
  private(set) var slopes: [Double]
  private(set) var curvatures: [Double]
  private(set) var value = 0.0
  let pulls: [Double]
  let pairs = 0
  let hasConstantCurvatures = false
  let complementarity = 0.0
  let infeasibility = 0.0

  init(_ problem: TrainingProblem, units: SampleUnits) {
    self.problem = problem
    self.units = units
    pulls = Array(repeating: 0, count: problem.targets.count)
    predictions = pulls
    change = pulls
    slopes = pulls
    curvatures = pulls
  }

  func update(_ predictions: [Double]) {
    self.predictions = predictions
    var sum = 0.0
    for i in predictions.indices {
      let f = units.base + units.reach * predictions[i]
      let weight = problem.weights[i]
      let target = problem.targets[i]
      sum += weight * problem.loss.value(f, target: target)
      slopes[i] = weight * problem.loss.derivative(f, target: target) / units.slope
      curvatures[i] = weight * problem.loss.curvature(f, target: target) * units.reach / units.slope
    }
    value = sum / (units.reach * units.slope)
  }

  func preparePredictor() {}
  func prepareCorrector(target: Double) {}
  func prepareCentring(target: Double) {}
  func direct(_ change: [Double], slopes: [Double]?) { self.change = change }
  func longestStep() -> Double { .infinity }

  func remainder(_ length: Double) -> [Double]? {
    predictions.indices.map { i in
      let f = units.base + units.reach * (predictions[i] + length * change[i])
      let slope = problem.weights[i] * problem.loss.derivative(f, target: problem.targets[i]) / units.slope
      return slope - slopes[i] - length * curvatures[i] * change[i]
    }
  }

  func advance(_ length: Double) {}
  func keep() {}
  func goBack() {}
}
