import BidualLinear
import CBidualKernels

/// The polar κ(V) of two-layer ReLU atoms over the whole Euclidean sphere, by branch and bound on boxes with
/// quadratic moment bounds.
///
/// With (t)₊ = ½t + ½|t| the objective is an odd linear part and an even part ½ΣVᵢ|xᵢᵀu|. Directions are scaled to
/// the faces of a cube in the data's principal axes; boxes on these faces are halved until the objective is proven to
/// stay below a threshold on each. On a box each |xᵢᵀu| is replaced by the quadratic above (Vᵢ > 0) or below (Vᵢ < 0)
/// it that is best for a spread-out point, so that samples of opposite signs cancel before anything is bounded, and the sum's
/// maximum over the box by Shor's dual. Bounds hold in real arithmetic: what rounding can hide, derived in
/// Guides/certificate.md, is added to what floating point found.
///
/// - Complexity: O(nodes·(rows of the box)·r²). The number of nodes grows with r, with the accuracy asked for and with
///   Σ|Vᵢ|‖xᵢ‖/κ(V), not with n.
public struct MomentBranchAndBound: PolarOracle {
  /// Beyond this rank only the bound Σ|Vᵢ|‖xᵢ‖ is given.
  public static let largestRank = Int(BIDUAL_LARGEST_MOMENT_RANK)

  private let space: RowSpace
  private let hyperplanes: Hyperplanes
  private let rank: Int
  private let threads: Int
  /// Boxes are searched in batches of this many, whatever the number of threads.
  private let batch = 64
  private let boxesPerTask = 4
  /// Beyond this many waiting boxes searches go deep instead of adding to them.
  private let largestPool: Int
  /// How many bounds one search computes at a stretch: fewer where one costs more.
  private let limitPerTask: Int

  /// An oracle for the rows of `design` (n×r), whose arithmetic runs on `threads` threads.
  public init(_ design: Matrix, threads: Int = 1) {
    self.init(Geometry(design, keepsAxes: true), threads: threads)
  }

  /// An oracle in the coordinates of a design's row space.
  public init(_ geometry: Geometry, threads: Int = 1) {
    space = geometry.principal
    rank = space.rank
    hyperplanes = geometry.principalHyperplanes
    self.threads = max(1, threads)
    largestPool = 400_000_000 / (Boxes.size(axes: max(rank, 1)) + 48)
    limitPerTask = max(64, min(1024, 40_000_000 / (hyperplanes.count * rank * rank + 1)))
  }

  /// Bounds κ(V) for the dual weights V (one a row).
  ///
  /// The answer is valid whenever the search stops: at the goal, after about `nodeLimit` bounds, or when
  /// `isCancelled` says so (asked every few boxes, by all threads). It is the same for every run and any number
  /// of threads unless it was cancelled. `progress` is told each time that a twentieth of what was above the goal is gone.
  public func bound(
    _ weights: [Double], goal: PolarGoal, nodeLimit: Int, isCancelled: @Sendable () -> Bool,
    progress: (PolarProgress) -> Void
  ) -> PolarBound {
    guard let objective = MomentObjective(hyperplanes, weights) else {
      return PolarBound(upper: .infinity, maximizers: [], isComplete: false, nodes: 0)
    }
    let charges = MomentCharges(objective, space, weights)
    guard charges.isFinite else {
      return PolarBound(upper: .infinity, maximizers: [], isComplete: false, nodes: 0)
    }
    guard objective.blocks[0].elements.count > 0 || objective.odd.contains(where: { $0 != 0 }) else {
      return PolarBound(upper: charges.upper(0), maximizers: [], isComplete: true, nodes: 0)
    }
    guard rank <= Self.largestRank else {
      return PolarBound(upper: charges.upper(charges.ceiling), maximizers: [], isComplete: false, nodes: 0)
    }
    return search(
      objective, charges, goal: goal, nodeLimit: nodeLimit, isCancelled: isCancelled, progress: progress)
  }

  private func search(
    _ objective: MomentObjective, _ charges: MomentCharges, goal: PolarGoal, nodeLimit: Int,
    isCancelled: @Sendable () -> Bool, progress: (PolarProgress) -> Void
  ) -> PolarBound {
    var told = charges.ceiling
    var pool = BoxPool(axes: rank - 1)
    insertFaces(into: &pool, key: charges.ceiling)
    let searches = MomentSearches((0..<threads).map { _ in MomentSearch(rank: rank) })
    var settled = 0.0
    var violated = 0.0
    var nodes = 0
    // From here on more search can't lower the answer; as much again may name more violators.
    var refutedAt: Int?
    var found: [BoxValue] = []
    var best: BoxValue?
    var task = MomentSearch.Task(threshold: 0, tolerance: nil, level: 0, limit: 0)
    var violatorLimit = Int.max
    switch goal {
    case .prove(let threshold, let maximumViolators):
      task.threshold = charges.threshold(threshold)
      violatorLimit = maximumViolators
    case .maximize(let tolerance, let floor):
      task.tolerance = tolerance
      task.threshold = charges.scaled(floor)
    }
    while let largest = pool.largestKey, nodes < nodeLimit, found.count < violatorLimit, !isCancelled() {
      if largest <= task.threshold {
        settled = max(settled, largest)
        break
      }
      if largest <= violated, refutedAt == nil { refutedAt = nodes }
      if let refutedAt, nodes > 2 * refutedAt + 10_000 { break }
      var boxes = Boxes(axes: rank - 1)
      while boxes.count < batch, let key = pool.largestKey, key > task.threshold { pool.popMax(into: &boxes) }
      let isFull = pool.count > largestPool
      let tasks = (boxes.count + boxesPerTask - 1) / boxesPerTask
      // Boxes much better bounded than the worst can wait, unless there are too many of them.
      task.level = isFull ? task.threshold : task.threshold + 0.8 * (largest - task.threshold)
      task.limit = min(isFull ? 64 * limitPerTask : limitPerTask, max(1, (nodeLimit - nodes) / tasks))
      let given = task
      let list = boxes
      let outcomes = searches.run(tasks) { search, index in
        search.run(
          list, (index * boxesPerTask)..<min(list.count, (index + 1) * boxesPerTask), objective: objective,
          task: given, isCancelled: isCancelled)
      }
      for outcome in outcomes {
        nodes += outcome.nodes
        settled = max(settled, outcome.settledBound)
        violated = max(violated, outcome.violatedBound)
        found.append(contentsOf: outcome.violators)
        if let value = outcome.best, value.value > best?.value ?? 0 { best = value }
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
    let open = pool.largestKey ?? 0
    let reached = max(settled, violated, open)
    if let best, task.tolerance != nil || (best.value > task.threshold && found.isEmpty) {
      found.append(best)
    }
    found.sort { $0.value > $1.value }
    return PolarBound(
      upper: charges.upper(reached), maximizers: found.map { maximizer($0, objective) },
      isComplete: violated == 0 && reached <= task.threshold, nodes: nodes)
  }

  /// All faces of the cube for both signs.
  private func insertFaces(into pool: inout BoxPool, key: Double) {
    var faces = Boxes(axes: rank - 1)
    for side in 0..<2 {
      for face in 0..<rank {
        faces.appendFace(
          BoxHead(
            keys: SIMD2(key, key), face: UInt8(face), side: UInt8(side), axis: BoxHead.unbounded))
      }
    }
    for index in 0..<faces.count { pool.insert(index, of: faces) }
  }

  private func maximizer(_ found: BoxValue, _ objective: MomentObjective) -> PolarMaximizer {
    let lifted = space.lifted(Matrix([found.direction])).elements
    return PolarMaximizer(
      direction: lifted.normalized, sign: found.side == 0 ? 1 : -1,
      value: MomentObjective.scaled(found.value, by: objective.exponent))
  }
}

/// One search a lane of `concurrentMap`; each is used by one thread at a time.
private struct MomentSearches: @unchecked Sendable {
  private let searches: [MomentSearch]

  init(_ searches: [MomentSearch]) { self.searches = searches }

  /// Runs `body` for 0..<count and keeps the order.
  func run(
    _ count: Int, _ body: @Sendable (MomentSearch, Int) -> MomentSearch.Outcome
  ) -> [MomentSearch.Outcome] {
    concurrentMap(count, threads: searches.count) { index, lane in body(searches[lane], index) }
  }
}
