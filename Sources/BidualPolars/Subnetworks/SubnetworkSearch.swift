import HeapModule

/// The state of a search for the polar of sub-networks: the cones that wait, and what is known.
struct SubnetworkSearch {
  private struct Waiting: Comparable {
    let cone: SubnetworkCone
    let sequence: Int

    static func < (a: Waiting, b: Waiting) -> Bool {
      (a.cone.bound, b.sequence) < (b.cone.bound, a.sequence)
    }
    static func == (a: Waiting, b: Waiting) -> Bool { a.sequence == b.sequence }
  }

  private let objectives: [SubnetworkObjective]
  private let goal: PolarGoal
  private let slack: Double
  private var waiting: Heap<Waiting>
  private var sequence: Int
  /// The largest bound of cones that need no further search, and of those that hold a violator.
  private var settled = 0.0
  private var violated = 0.0
  private var found: [PolarMaximizer] = []
  private(set) var nodes = 0
  /// The distance from the threshold at which progress was last told.
  private var told = Double.infinity

  /// A search of all orthants.
  init(_ objectives: [SubnetworkObjective], goal: PolarGoal, slack: Double, ceiling: Double) {
    self.objectives = objectives
    self.goal = goal
    self.slack = slack
    let cones = objectives.indices.flatMap {
      SubnetworkCone.orthants(of: objectives[$0], index: $0, bound: ceiling)
    }
    waiting = Heap(cones.enumerated().map { Waiting(cone: $1, sequence: $0) })
    sequence = cones.count
  }

  /// Bounds up to this one are as good as any.
  var threshold: Double {
    switch goal {
    case .prove(let threshold, _): threshold - slack
    case .maximize(let tolerance, let floor):
      // A best that is not above the floor does not excuse bounds that are.
      if let best = found.first?.value, best > floor - slack {
        best * (1 + tolerance)
      } else {
        max(0, floor - slack)
      }
    }
  }

  /// An upper bound of the polar.
  var upper: Double { max(settled, violated, waiting.max?.cone.bound ?? 0) + slack }

  /// Whether a twentieth of what was above the threshold is gone since progress was last told; it then counts as told.
  mutating func tellsProgress() -> Bool {
    let excess = upper - threshold
    guard excess < 0.95 * told else { return false }
    told = excess
    return true
  }

  /// The cones to cut next, those of the largest bounds; nil if there are none.
  mutating func next(_ count: Int) -> [SubnetworkCone]? {
    if case .prove(_, let maximum) = goal, found.count >= maximum { return nil }
    var cones: [SubnetworkCone] = []
    while cones.count < count, let cone = waiting.max?.cone {
      if cone.bound <= threshold {
        settled = max(settled, cone.bound)
        waiting = Heap()
        break
      }
      waiting.removeMax()
      let isWhole = cone.depth >= 0 && cone.cut == nil
      if isWhole || cone.depth >= SubnetworkPolar.largestDepth {
        settled = max(settled, cone.bound)
      } else {
        cones.append(cone)
      }
    }
    return cones.isEmpty ? nil : cones
  }

  /// Takes what is known of one part of a cone.
  mutating func take(_ result: SubnetworkBound.Result, on generators: [Double], of parent: SubnetworkCone) {
    nodes += 1
    let bound = min(result.bound, parent.bound)
    let isViolator = result.best.value > (goal.isProof ? threshold : found.first?.value ?? 0)
    if isViolator { note(result.best, objectives[parent.objective]) }
    if goal.isProof, isViolator {
      violated = max(violated, bound)
    } else if bound <= threshold {
      settled = max(settled, bound)
    } else {
      waiting.insert(
        Waiting(
          cone: SubnetworkCone(
            generators: generators, depth: parent.depth + 1, bound: bound, objective: parent.objective,
            cut: result.cut), sequence: sequence))
      sequence += 1
    }
  }

  private mutating func note(_ best: (value: Double, vector: [Double]), _ objective: SubnetworkObjective) {
    let length = subnetworkLength(best.vector, units: objective.units)
    found.append(
      PolarMaximizer(
        direction: best.vector.map { $0 / length }, sign: objective.sign, value: best.value,
        family: objective.family))
    found.sort { $0.value > $1.value }
    if !goal.isProof, found.count > 16 { found.removeLast() }
  }

  /// The answer at this point.
  var answer: PolarBound {
    PolarBound(
      upper: upper, maximizers: found, isComplete: waiting.isEmpty && violated == 0, nodes: nodes)
  }
}
