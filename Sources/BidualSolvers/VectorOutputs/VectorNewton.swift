import BidualArrangements
import BidualLinear
import BidualModels
import BidualPolars

/// Brings a network with c outputs that is near a stationary point of the training objective to one, to high accuracy.
///
/// Neurons end on hyperplanes of the data, where their responses have kinks. So each is held to its face (`VectorFace`), on which
/// the objective is smooth, and all weights take damped Newton steps together. A neuron that meets a kink that it would
/// be costly to cross is held there; one that a hyperplane holds in vain is let go, to the side on which it gains.
/// The objective falls with every step, as long as it can be told; then the gradient does, whose accuracy is that of the dual point.
struct VectorNewton {
  /// What to minimise, in the coordinates of the row space.
  let problem: TrainingProblem
  /// The hyperplanes of its design.
  let hyperplanes: Hyperplanes
  /// The patterns whose cones neurons may not leave, one each; nil for neurons that may go anywhere.
  var patterns: PatternSet?
  /// The largest number of steps.
  var steps = 150
  /// Asked once a step.
  var isCancelled: () -> Bool = { false }

  /// Whether steps with so many neurons are cheap enough to be worth their while.
  static func isAffordable(_ problem: TrainingProblem, neurons: Int) -> Bool {
    let p = Double(neurons * (problem.neuronRows.columns + problem.outputs) + problem.outputs)
    let residuals = Double(problem.neuronRows.rows * problem.outputs)
    return p * residuals <= 2e7 && p * p * residuals + p * p * p / 3 <= 1e9
  }

  /// The network reached from a balanced one.
  ///
  /// - Complexity: O(nc·p² + p³) a step for p weights.
  func polished(_ start: NetworkParameters) -> NetworkParameters {
    guard start.width > 0 else { return start }
    var run = Run(problem, hyperplanes, start, patterns)
    for _ in 0..<steps where !isCancelled() {
      guard run.step() || run.releaseAll() else { break }
    }
    return run.weights
  }

  /// The objective of weights, their predictions, and the dual point of these.
  private struct State {
    let value: Double
    let predictions: [Double]
    let dualPoint: [Double]

    init(_ objective: WeightDecayObjective, _ weights: NetworkParameters, _ problem: TrainingProblem) {
      value = objective.evaluate(weights)
      predictions = objective.predictions
      dualPoint = problem.dualPoint(predictions)
    }
  }

  private struct Run {
    let problem: TrainingProblem
    let hyperplanes: Hyperplanes
    let objective: WeightDecayObjective
    let lengths: [Double]
    var weights: NetworkParameters
    var faces: [VectorFace]
    /// The objective, the predictions and the dual point at the weights.
    var state: State
    var damping = 1e-6
    /// Releases since the last step that led down.
    var idleReleases = 0

    /// Whether faces are those of cones.
    let isConfined: Bool

    init(
      _ problem: TrainingProblem, _ hyperplanes: Hyperplanes, _ start: NetworkParameters,
      _ patterns: PatternSet?
    ) {
      self.problem = problem
      self.hyperplanes = hyperplanes
      objective = WeightDecayObjective(problem, width: start.width, threads: 1)
      lengths = hyperplanes.rows.rowNorms
      weights = start
      isConfined = patterns != nil
      faces = (0..<start.width).map { j in
        let neuron = Array(start.hidden(j))
        return patterns.map { VectorFace(neuron, hyperplanes, within: $0[j]) }
          ?? VectorFace(neuron, hyperplanes)
      }
      state = State(objective, start, problem)
      if !isConfined { snap() }
    }

    /// What each row's response of a neuron is worth: Vαⱼ.
    func pull(_ j: Int) -> [Double] {
      Matrix(
        rows: problem.neuronRows.rows, columns: weights.outputs,
        elements: problem.atoms.pooling.spread(state.dualPoint, width: weights.outputs)
      ).times(Array(weights.output(j)))
    }

    /// Whether it would be costly to leave a hyperplane to either side, as far as its own kink goes.
    func isSticky(_ hyperplane: Int, _ j: Int, _ pull: [Double]) -> Bool {
      let gains = faces[j].gains(at: hyperplane, pull, lengths: lengths)
      return gains.above < gains.below
    }

    /// Holds neurons on hyperplanes with costly kinks that are very near, if that hardly costs anything.
    mutating func snap() {
      let before = (weights, faces, state)
      for j in 0..<weights.width {
        let neuron = Array(weights.hidden(j))
        let pull = pull(j)
        let heights = hyperplanes.unitRows.times(neuron)
        let cut = 1e-4 * norm(neuron)
        for h in heights.indices.sorted(by: { abs(heights[$0]) < abs(heights[$1]) }) {
          guard abs(heights[h]) <= cut else { break }
          if isSticky(h, j, pull) { _ = faces[j].hold(h) }
        }
        set(hidden: faces[j].projected(neuron), of: j)
      }
      state = State(objective, weights, problem)
      if state.value > before.2.value * (1 + 1e-6) { (weights, faces, state) = before }
    }

    mutating func set(hidden: [Double], of j: Int) {
      let first = j * weights.inputs
      weights.values.replaceSubrange(first..<(first + weights.inputs), with: hidden)
      faces[j].move(to: hidden)
    }

    /// One damped step on the faces, held at the first costly kink where it would not lead down otherwise; returns whether
    /// the objective fell.
    mutating func step() -> Bool {
      let system = NewtonSystem(
        problem, weights, faces, predictions: state.predictions, dualPoint: state.dualPoint)
      let floor = 1e-15 * max(abs(state.value), 1e-300)
      while damping < 1e12 {
        guard let move = system.solve(damping: damping) else {
          damping *= 10
          continue
        }
        let wall = isConfined ? firstKink(along: move.change) : nil
        guard move.promise > 1e3 * floor else {
          return wall == nil && refine(by: move.change, from: system.steepness)
        }
        if wall == nil, take(move.change, share: 1, least: 1e-4 * move.promise) {
          damping = max(1e-12, 0.1 * damping)
          return true
        }
        if let vanishing = vanishing(along: move.change), take(vanishing, share: 1, least: floor) {
          return true
        }
        if let kink = wall ?? firstKink(along: move.change) {
          let moved = kink.share >= 1e-10 && take(move.change, share: kink.share, least: floor)
          // A neuron that is at the kink already is held where it is.
          guard moved || kink.share < 1e-10, faces[kink.neuron].hold(kink.hyperplane) else {
            if moved { return true }
            damping *= 10
            continue
          }
          let held = faces[kink.neuron].projected(Array(weights.hidden(kink.neuron)))
          set(hidden: held, of: kink.neuron)
          state = State(objective, weights, problem)
          return true
        }
        damping *= 10
      }
      damping = 1e-6
      return false
    }

    /// Moves the weights, where the objective is too flat to tell, if the gradient on the faces gets much smaller.
    private mutating func refine(by change: [Double], from steepness: Double) -> Bool {
      let before = (weights, faces, state)
      for k in change.indices { weights.values[k] += change[k] }
      state = State(objective, weights, problem)
      for j in faces.indices { faces[j].move(to: Array(weights.hidden(j))) }
      let system = NewtonSystem(
        problem, weights, faces, predictions: state.predictions, dualPoint: state.dualPoint)
      let isBetter =
        system.steepness < 0.5 * steepness
        && state.value <= before.2.value + 1e-13 * abs(before.2.value)
      if !isBetter { (weights, faces, state) = before }
      return isBetter
    }

    /// Moves the weights if the objective falls by `least`.
    private mutating func take(_ change: [Double], share: Double, least: Double) -> Bool {
      var trial = weights
      for k in change.indices { trial.values[k] += share * change[k] }
      let reached = State(objective, trial, problem)
      guard reached.value <= state.value - least else { return false }
      weights = trial
      state = reached
      for j in faces.indices { faces[j].move(to: Array(weights.hidden(j))) }
      idleReleases = 0
      return true
    }

    /// The same change, save that neurons which it would turn around vanish instead; nil if there are none.
    private func vanishing(along change: [Double]) -> [Double]? {
      var other = change
      var isOther = false
      for j in faces.indices {
        let first = j * weights.inputs
        let own = weights.hidden(j)
        let turned = dot(own, own) + dot(own, change[first..<(first + weights.inputs)])
        guard turned <= 0, own.contains(where: { $0 != 0 }) else { continue }
        isOther = true
        for (k, value) in own.enumerated() { other[first + k] = -value }
        for (k, value) in weights.output(j).enumerated() {
          other[weights.split + j * weights.outputs + k] = -value
        }
      }
      return isOther ? other : nil
    }

    /// The first costly kink that a neuron meets on the way.
    private func firstKink(along change: [Double]) -> (share: Double, neuron: Int, hyperplane: Int)? {
      var first: (share: Double, neuron: Int, hyperplane: Int)?
      for j in faces.indices {
        let from = hyperplanes.unitRows.times(Array(weights.hidden(j)))
        let course = hyperplanes.unitRows.times(
          Array(change[(j * weights.inputs)..<((j + 1) * weights.inputs)]))
        let pull = pull(j)
        // A neuron that was just let go may be on the wrong side by rounding: its face knows better.
        let cut = 1e-14 * norm(weights.hidden(j))
        for (h, side) in faces[j].sides.enumerated() where side != 0 {
          let (height, rise) = (Double(side) * from[h], Double(side) * course[h])
          guard rise < 0, height + rise < -cut else { continue }
          let share = max(0, height) / -rise
          if share < first?.share ?? 1, isSticky(h, j, pull) { first = (share, j, h) }
        }
      }
      return first
    }

    /// Lets go every neuron that a hyperplane holds in vain; returns whether there was one.
    mutating func releaseAll() -> Bool {
      guard idleReleases < 3 else { return false }
      idleReleases += 1
      var released = false
      for j in faces.indices where !faces[j].holding.isEmpty {
        let pull = pull(j)
        let active = faces[j].activity
        let worth = problem.neuronRows.transposedTimes(zip(pull, active).map { $1 ? $0 : 0 })
        let force = zip(weights.hidden(j), worth).map { problem.beta * $0 - $1 }
        let through = faces[j].sides.indices.filter { faces[j].sides[$0] == 0 }.map { h in
          let gains = faces[j].gains(at: h, pull, lengths: lengths)
          return (hyperplane: h, above: gains.above, below: gains.below)
        }
        let rest = faces[j].unborne(force, gains: through)
        guard norm(rest) > 1e-9 * (problem.beta * norm(weights.hidden(j)) + norm(worth)) else { continue }
        faces[j].release(along: rest.map { -$0 })
        released = true
      }
      return released
    }
  }
}
