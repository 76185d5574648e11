import BidualLinear
import BidualModels
import BidualObjectives

/// Lowers the training objective over all weights of a ReLU network together.
///
/// A quasi-Newton method on the weights stalls where neurons come to lie on hyperplanes of the data, as they do at an
/// optimum. So the kinks are first rounded off and then sharpened again level by level, each begun where
/// the one before ended; what counts is the objective with its kinks.
struct JointDescent {
  /// A network's neurons with what they reach.
  struct Network: Codable, Sendable {
    var neurons: [Part]
    var offset: Double
    /// The training objective after balancing.
    var objective: Double
    /// −∇ℓ of the predictions, with the loss's kinks rounded off.
    var dualPoint: [Double]
    /// The predictions.
    var predictions: [Double]
  }

  /// What to minimise.
  let problem: TrainingProblem
  /// What turns parts into weights and back.
  let atoms: any DescentAtoms
  /// Quasi-Newton steps at each level.
  var steps = 200
  /// How far the kinks are rounded off, level after level (`RoundedKinks`).
  var levels = [0.1, 0.03, 0.01, 0.003]
  /// Threads.
  var threads = 1
  /// The arithmetic of the products that steps are made of; what they reach is told in double.
  var precision = Precision.double
  /// Asked once a step.
  var isCancelled: () -> Bool = { false }

  /// A descent that is under way: between two levels it can be put aside and taken up again.
  struct Course: Codable, Sendable {
    /// The levels to come.
    fileprivate(set) var levels: [Double]
    fileprivate(set) var parameters: NetworkParameters
    /// The best of the network that it began with and those at the ends of the levels.
    fileprivate(set) var best: Network

    /// Whether the shapes are those of a descent for `problem`.
    func fits(_ problem: TrainingProblem) -> Bool {
      parameters.fits(problem) && best.fits(problem, dimension: problem.neuronRows.columns)
    }
  }

  /// A descent from a network; nil if there are no neurons.
  func course(_ neurons: [Part], offset: Double) -> Course? {
    let start = neurons.filter { norm($0.vector) > 0 }
    guard !start.isEmpty else { return nil }
    let parameters = atoms.parameters(of: start, offsets: problem.hasOffset ? [offset] : [])
    let evaluator = NetworkGradient(problem, width: start.count, threads: threads)
    return Course(
      levels: levels, parameters: parameters,
      best: network(parameters, evaluator, level: levels.last ?? 0))
  }

  /// Descends at the next level; returns whether there was one.
  ///
  /// - Complexity: O(nmr) a step for m neurons and rank r.
  func advance(_ course: inout Course) -> Bool {
    guard !course.levels.isEmpty else { return false }
    let level = course.levels.removeFirst()
    let width = course.parameters.width
    let evaluator = NetworkGradient(problem, width: width, threads: threads)
    let stepper =
      precision == .double
      ? evaluator : NetworkGradient(problem, width: width, threads: threads, precision: precision)
    stepper.rounding =
      level > 0 ? RoundedKinks(problem, lengths: course.parameters.hiddenLengths, level: level) : nil
    descend(&course.parameters, stepper)
    let reached = network(course.parameters, evaluator, level: level)
    if reached.objective < course.best.objective { course.best = reached }
    return true
  }

  private func descend(_ parameters: inout NetworkParameters, _ evaluator: NetworkGradient) {
    var method = LimitedMemoryDescent()
    method.maximumSteps = steps
    method.isCancelled = isCancelled
    var point = parameters.values
    _ = method.minimize(&point, scales: parameters.scales(of: problem.neuronRows)) { point, gradient in
      for k in point.indices { parameters.values[k] = point[k] }
      return gradient.withUnsafeMutableBufferPointer { gradient in
        guard let gradient = gradient.baseAddress else { return 0 }
        let loss = evaluator.evaluate(parameters, gradient: gradient)
        return loss + parameters.addDecay(problem.beta, to: gradient)
      }
    }
    for k in point.indices { parameters.values[k] = point[k] }
  }

  /// The network of the weights, by the objective with its kinks.
  private func network(_ parameters: NetworkParameters, _ evaluator: NetworkGradient, level: Double)
    -> Network
  {
    evaluator.rounding = nil
    let loss = evaluator.evaluate(parameters)
    let predictions = Array(evaluator.predictions)
    return Network(
      neurons: atoms.parts(of: parameters), offset: parameters.offsets.first ?? 0,
      objective: loss + problem.beta * parameters.balancedDecay,
      dualPoint: problem.dualPoint(predictions, level: level), predictions: predictions)
  }
}

extension TrainingProblem {
  /// −∇ℓ of predictions, where the kinks of the loss are rounded off (`RoundedKinks`).
  fileprivate func dualPoint(_ predictions: [Double], level: Double) -> [Double] {
    guard level > 0 else { return dualPoint(predictions) }
    let curvature = RoundedKinks.lossCurvature(self, level: level)
    return predictions.indices.map {
      -weights[$0] * loss.rounded(predictions[$0], target: targets[$0], curvature: curvature).slope
    }
  }
}
