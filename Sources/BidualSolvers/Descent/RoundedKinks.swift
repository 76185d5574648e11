import BidualLinear
import BidualModels
import BidualObjectives

/// How far the kinks of neurons and of the loss are rounded off, so that the objective becomes smooth.
///
/// A ReLU becomes a parabola on (−k, k) and is at most k/4 too large; a loss with kinks,
/// ℓ(f, y) = max_v v(f − y) − ½cv², gets a larger c and is at most ½cv² too small.
struct RoundedKinks {
  /// The half-width k of each neuron.
  let neurons: [Double]
  /// 1/(2k) of each neuron.
  let slopes: [Double]
  /// The c of the loss, if the loss has kinks.
  let lossCurvature: Double

  /// Rounds off kinks of neurons with the given ‖u‖ over `level` of the root mean square of a row's length
  /// times ‖u‖, and those of the loss over `level` of the mean error of the network that predicts 0.
  init(_ problem: TrainingProblem, lengths: [Double], level: Double) {
    let size = norm(problem.neuronRows.elements) / Double(problem.neuronRows.rows).squareRoot()
    let floor = 1e-3 * (lengths.max() ?? 0)
    self.init(
      neurons: lengths.map { max(level * size * max($0, floor), 1e-150) },
      lossCurvature: Self.lossCurvature(problem, level: level))
  }

  /// Kinks of these half-widths, and a loss with this c.
  init(neurons: [Double], lossCurvature: Double) {
    self.neurons = neurons
    slopes = neurons.map { 0.5 / $0 }
    self.lossCurvature = lossCurvature
  }

  /// The c that rounds off a loss with kinks; 0 for a smooth loss.
  static func lossCurvature(_ problem: TrainingProblem, level: Double) -> Double {
    guard let loss = problem.loss as? any PiecewiseLinearQuadraticLoss, loss.conjugateCurvature == 0 else {
      return 0
    }
    var error = 0.0
    var steepest = 0.0
    for target in problem.targets {
      let domain = loss.dualDomain(target: target)
      let slope = max(abs(domain.lowerBound), abs(domain.upperBound))
      error += loss.value(0, target: target) / slope
      steepest = max(steepest, slope)
    }
    return level * error / Double(problem.targets.count) / steepest
  }
}

extension Loss {
  /// The value and the derivative of the loss, with conjugate curvature `curvature` in place of 0 where it
  /// is positive.
  @inline(__always)
  func rounded(_ prediction: Double, target: Double, curvature: Double) -> (value: Double, slope: Double) {
    guard curvature > 0 else {
      return (value(prediction, target: target), derivative(prediction, target: target))
    }
    let domain = dualDomain(target: target)
    let miss = prediction - target
    let slope = min(max(miss / curvature, domain.lowerBound), domain.upperBound)
    return (slope * (miss - 0.5 * curvature * slope), slope)
  }
}
