/// The search of a pool of boxes in batches, the largest bound first, by searches that each go deep in a few of them.
///
/// The outcome is the same for any number of threads, as long as each search's is; batches grow with the number of processes.
struct BoxBatches {
  /// What the search of all boxes brought, in the units of the objective.
  struct Outcome {
    /// A bound of the objective on all boxes.
    let reached: Double
    /// The violators, or the best value, the largest value first.
    let found: [BoxValue]
    let isComplete: Bool
    let nodes: Int
    /// Where the boxes were that were dealt out in shares: none if the search ended before; nil if it was ended before.
    let division: [Double]?
  }

  /// Where a search begins, what becomes of its states, and which search it is.
  struct Keeping {
    let kept: KeptSearch
    let subject: UInt64

    init(_ kept: KeptSearch, subject: UInt64) {
      self.kept = kept
      self.subject = subject
    }

    /// The state to begin with, if it is of this search.
    func start(axes: Int) -> BoxSearchState? {
      guard case .boxes(let state)? = kept.start, state.subject == subject, state.boxes.axes == axes else {
        return nil
      }
      return state
    }
  }

  /// Searches of boxes of a list, by index, in the order of the ranges.
  typealias Searches = (Boxes, [Range<Int>], BoxTask) -> [BoxOutcome]

  let charges: MomentCharges
  let goal: PolarGoal
  let nodeLimit: Int
  /// Beyond this many waiting boxes searches go deep instead of adding to them.
  let largestPool: Int
  /// How many bounds one search computes at a stretch.
  let limitPerTask: Int
  /// The share of the boxes that is searched; all of them if nil.
  private let share: SearchShare?
  /// Boxes are searched in batches of this many, whatever the number of threads.
  private let batch: Int
  private let boxesPerTask = 4

  init(
    _ charges: MomentCharges, goal: PolarGoal, nodeLimit: Int, largestPool: Int, limitPerTask: Int,
    share: SearchShare? = nil, processes: Int = 1
  ) {
    self.charges = charges
    self.goal = goal
    self.nodeLimit = nodeLimit
    self.largestPool = largestPool
    self.limitPerTask = limitPerTask
    self.share = share
    batch = 64 * processes
  }

  /// Searches `boxes` by `searches`, from a value that is known.
  ///
  /// - Parameter climbed: the same value or a better one nearby, where a maximum is asked for.
  func run(
    _ boxes: Boxes, from start: BoxValue?, keeping: Keeping? = nil, isCancelled: () -> Bool,
    progress: (PolarProgress) -> Void,
    climbed: (BoxValue) -> BoxValue = { $0 }, by searches: Searches
  ) -> Outcome {
    var pool = BoxPool(axes: boxes.axes)
    for index in 0..<boxes.count { pool.insert(index, of: boxes) }
    var told = pool.largestKey ?? 0
    var settled = 0.0
    var violated = 0.0
    var nodes = 0
    // From here on more search can't lower the answer; as much again may name more violators.
    var refutedAt: Int?
    var found: [BoxValue] = []
    var best = start
    var division: [Double]?
    var task = BoxTask(threshold: 0, tolerance: nil, level: 0, limit: 0)
    var violatorLimit = Int.max
    switch goal {
    case .prove(let threshold, let maximumViolators):
      task.threshold = charges.threshold(threshold)
      violatorLimit = maximumViolators
    case .maximize(let tolerance, let floor):
      task.tolerance = tolerance
      task.threshold = max(charges.scaled(floor), (start?.value ?? 0) * (1 + tolerance))
    }
    if let keeping, let state = keeping.start(axes: boxes.axes) {
      keeping.kept.isContinued = true
      pool = BoxPool(axes: boxes.axes)
      for index in 0..<state.boxes.count { pool.insert(index, of: state.boxes) }
      (settled, violated, nodes, refutedAt) = (state.settled, state.violated, state.nodes, state.refutedAt)
      (found, best, division) = (state.found, state.best, state.division)
      (task.threshold, told) = (state.threshold, state.told)
    }

    /// What the search goes on from.
    func state(_ subject: UInt64) -> BoxSearchState {
      var state = BoxSearchState(
        subject: subject, boxes: pool.inOrder, threshold: task.threshold, told: told)
      (state.settled, state.violated, state.nodes, state.refutedAt) = (settled, violated, nodes, refutedAt)
      (state.found, state.best, state.division) = (found, best, division)
      return state
    }

    while let largest = pool.largestKey, nodes < nodeLimit, found.count < violatorLimit, !isCancelled() {
      if let keeping { keeping.kept.offer(.boxes(state(keeping.subject))) }
      if largest <= task.threshold {
        settled = max(settled, largest)
        break
      }
      if let share, division == nil, share.isDue(regions: pool.count, nodes: nodes) {
        division = pool.keep(share)
        continue
      }
      if largest <= violated, refutedAt == nil { refutedAt = nodes }
      if let refutedAt, nodes > 2 * refutedAt + 10_000 { break }
      var taken = Boxes(axes: boxes.axes)
      while taken.count < batch, let key = pool.largestKey, key > task.threshold { pool.popMax(into: &taken) }
      let isFull = pool.count > largestPool
      let tasks = (taken.count + boxesPerTask - 1) / boxesPerTask
      // Boxes much better bounded than the worst can wait, unless there are too many of them.
      task.level = isFull ? task.threshold : task.threshold + 0.8 * (largest - task.threshold)
      task.limit = min(isFull ? 64 * limitPerTask : limitPerTask, max(1, (nodeLimit - nodes) / tasks))
      if share != nil, division == nil { task.limit = min(task.limit, SearchShare.limitOfOpening) }
      let ranges = (0..<tasks).map {
        ($0 * boxesPerTask)..<min(taken.count, ($0 + 1) * boxesPerTask)
      }
      for outcome in searches(taken, ranges, task) {
        nodes += outcome.nodes
        settled = max(settled, outcome.settledBound)
        violated = max(violated, outcome.violatedBound)
        found.append(contentsOf: outcome.violators)
        if let value = outcome.best, value.value > best?.value ?? 0 {
          best = task.tolerance == nil ? value : climbed(value)
        }
        for index in 0..<outcome.open.count { pool.insert(index, of: outcome.open) }
      }
      if let tolerance = task.tolerance, let best {
        task.threshold = max(task.threshold, best.value * (1 + tolerance))
      }
      let reached = max(settled, violated, pool.largestKey ?? 0)
      if reached - task.threshold < 0.95 * (told - task.threshold) {
        told = reached
        progress(PolarProgress(upper: charges.upper(reached), nodes: nodes))
      }
    }
    if let keeping { keeping.kept.leave(.boxes(state(keeping.subject))) }
    let reached = max(settled, violated, pool.largestKey ?? 0)
    if let best, task.tolerance != nil || (best.value > task.threshold && found.isEmpty) {
      found.append(best)
    }
    found.sort { $0.value > $1.value }
    let isDrained = pool.largestKey ?? 0 <= task.threshold
    return Outcome(
      reached: reached, found: found, isComplete: violated == 0 && reached <= task.threshold, nodes: nodes,
      division: division ?? (isDrained ? [] : nil))
  }
}
