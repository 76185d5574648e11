import BidualArrangements
import BidualLinear
import BidualModels
import BidualPolars

/// The neurons of a ReLU network with c outputs, each in the cone of one of the given patterns, where it is linear:
///
///     minimise  ℓ(Σⱼ DⱼZuⱼαⱼᵀ + 1bᵀ, Y) + β/2 Σⱼ (‖uⱼ‖² + ‖αⱼ‖²),  (2Dⱼ − I)Zuⱼ ≥ 0
///
/// With as many neurons a pattern as pay this has the optimum of the program over the patterns, whose gauge is that of (Zu)₊gᵀ with u in
/// the cones.
struct ConedNeurons {
  private let problem: TrainingProblem
  private let patterns: PatternSet
  private let threads: Int
  /// The pattern of each neuron.
  private(set) var owners: [Int] = []
  /// In the coordinates of the row space.
  private(set) var weights: NetworkParameters
  /// The objective of the weights, and their dual point.
  private(set) var value: Double
  private(set) var dualPoint: [Double]

  /// No neurons, and the best constant, for a problem in the coordinates of its row space.
  init(_ problem: TrainingProblem, patterns: PatternSet, threads: Int) {
    self.problem = problem
    self.patterns = patterns
    self.threads = threads
    weights = NetworkParameters(
      .zero(
        inputs: problem.neuronRows.columns, outputs: problem.outputs,
        offsets: problem.hasOffset ? problem.constantFits : []))
    value = problem.lossValue(problem.constantPredictions)
    dualPoint = problem.constantDualPoint
  }

  /// Goes on from the neurons of another run.
  mutating func restore(_ other: NetworkParameters, owners others: [Int]) {
    guard other.values != weights.values else { return }
    (weights, owners) = (other, others)
    evaluate()
  }

  /// Takes in the neurons that ascents found at the dual point, so long that together they lower the objective at first order, and descends
  /// in all weights together.
  ///
  /// - Complexity: O(nm(r + c)) a step for m neurons, and their projections.
  mutating func improve(
    with found: some Collection<ConePricing.Direction>, steps: Int, isCancelled: @escaping () -> Bool
  ) {
    let paying = found.filter { $0.value > problem.beta }
    let joining = paying.map { direction in
      let size = zip(problem.weights, problem.design.times(direction.vector)).reduce(0) {
        $0 + $1.0 * max(0, $1.1) * max(0, $1.1)
      }
      let root = ((direction.value - problem.beta) / max(size * Double(paying.count), 1e-300)).squareRoot()
      return (hidden: direction.vector.map { root * $0 }, output: direction.output.map { root * $0 })
    }
    descend(weights.joined(by: joining), owners + paying.map(\.pattern), steps, isCancelled)
  }

  private mutating func descend(
    _ start: NetworkParameters, _ owners: [Int], _ steps: Int, _ isCancelled: @escaping () -> Bool
  ) {
    guard start.width > 0 || problem.hasOffset else { return }
    let chosen = patterns.selecting(owners)
    let objective = WeightDecayObjective(problem, width: start.width, patterns: chosen, threads: threads)
    var cones = PatternCones(problem.design, patterns: chosen, blocks: owners.count)
    let (inputs, threads) = (start.inputs, threads)
    var trial = start
    var descent = ProjectedDescent()
    descent.maximumSteps = steps
    descent.isCancelled = isCancelled
    let reached = descent.minimum(from: start.values) { point in
      let places = owners.indices.map { ($0 * inputs)..<(($0 + 1) * inputs) }
      let held = cones
      let projections = concurrentMap(owners.count, threads: threads) { j, _ in
        held.project(Array(point[places[j]]), block: j, cut: 0)
      }
      var point = point
      for (j, projection) in projections.enumerated() {
        point.replaceSubrange(places[j], with: projection.point)
        cones.remember(projection, block: j)
      }
      return point
    } _: { point, gradient in
      trial.values = point
      return gradient.withUnsafeMutableBufferPointer {
        objective.evaluate(trial, gradient: $0.baseAddress)
      }
    }
    guard reached.value < value else { return }
    trial.values = reached.point
    take(trial, owners)
    guard VectorNewton.isAffordable(problem, neurons: weights.width) else { return }
    var newton = VectorNewton(problem: problem, hyperplanes: problem.atoms.geometry.hyperplanes)
    newton.patterns = patterns.selecting(self.owners)
    newton.isCancelled = isCancelled
    take(newton.polished(weights), self.owners)
  }

  /// Takes weights with balanced layers, neurons that rounding has left outside of their cones brought back, and without those
  /// that others can stand in for.
  private mutating func take(_ reached: NetworkParameters, _ owners: [Int]) {
    let held = inCones(reached, owners)
    (weights, self.owners) = pruned(held.weights, held.owners)
    evaluate()
  }

  /// Finds the objective of the weights and their dual point.
  private mutating func evaluate() {
    let objective = WeightDecayObjective(
      problem, width: weights.width, patterns: patterns.selecting(owners), threads: threads)
    value = objective.evaluate(weights)
    dualPoint = problem.dualPoint(objective.predictions)
  }

  /// The neurons in their cones, those of one pattern that can be one put together.
  private func inCones(_ given: NetworkParameters, _ owners: [Int]) -> (
    weights: NetworkParameters, owners: [Int]
  ) {
    let sizes = owners.indices.map { norm(given.hidden($0)) * norm(given.output($0)) }
    // What is shorter tells nothing: its direction is rounding.
    let cut = 1e-11 * (sizes.max() ?? 0)
    let heard = owners.indices.filter { sizes[$0] > cut }
    let cones = PatternCones(
      problem.design, patterns: patterns.selecting(heard.map { owners[$0] }), blocks: heard.count)
    let points = concurrentMap(heard.count, threads: threads) { place, _ in
      cones.project(Array(given.hidden(heard[place])).normalized, block: place, cut: 0).point
    }
    var kept: [(hidden: [Double], output: [Double])] = []
    var keepers: [Int] = []
    for pattern in Set(owners).sorted() {
      let mine = heard.indices.filter { owners[heard[$0]] == pattern && norm(points[$0]) > 0.9 }
      let simplified = NetworkParameters(
        hidden: mine.map { place in
          let length = norm(given.hidden(heard[place]))
          return points[place].map { length * $0 }
        },
        output: mine.map { Array(given.output(heard[$0])) }, offsets: given.offsets,
        inputs: given.inputs, outputs: given.outputs
      ).balanced().simplified(problem.atoms.geometry.hyperplanes)
      kept += (0..<simplified.width).map { (Array(simplified.hidden($0)), Array(simplified.output($0))) }
      keepers += Array(repeating: pattern, count: simplified.width)
    }
    let weights = NetworkParameters(
      hidden: kept.map(\.hidden), output: kept.map(\.output), offsets: given.offsets,
      inputs: given.inputs, outputs: given.outputs)
    return (weights, keepers)
  }

  private func pruned(_ weights: NetworkParameters, _ owners: [Int]) -> (NetworkParameters, [Int]) {
    let width = weights.width
    guard width > 1, Double(width * width) * Double(problem.targets.count) <= 1e9 else {
      return (weights, owners)
    }
    var responses = problem.design.timesTransposed(weights.network.hidden)
    for k in responses.elements.indices { responses.elements[k] = max(0, responses.elements[k]) }
    let (fewer, kept) = weights.prunedWithPlaces(responses)
    return (fewer, kept.map { owners[$0] })
  }
}
