import BidualLinear
import BidualObjectives
import HeapModule

/// The polar κ(V) of two-layer ReLU atoms over the whole sphere, by branch and bound on simplicial cones.
///
/// The sphere, of the Euclidean norm or of ℓ₁, is covered by the 2ʳ orthants, each a simplicial cone; cones
/// are bisected at their longest edge until the objective is proven to stay below a threshold on each of
/// them. The cost does not depend on the number of chambers. Bounds hold in real arithmetic: a multiple of the unit
/// rounding, derived in Guides/certificate.md, is added to what floating point found.
///
/// - Complexity: O(nodes·(rows of the cone)·r); the number of nodes grows with r and with the
///   accuracy asked for, not with n.
package struct SphericalBranchAndBound: DivisiblePolar {
  private let hyperplanes: Hyperplanes
  private let ball: FirstLayerNorm
  private let rank: Int
  private let threads: Int
  /// Beyond this rank the orthants alone are too many, and only a bound by absolute values is given.
  package static let largestRank = 12
  /// An upper bound of the design's largest singular value.
  private let spectralNorm: Double
  /// The lengths of the design's columns: directions that the data hardly see are cut coarsely, so that the
  /// cost does not grow with the condition of the data.
  private let axisScales: [Double]
  /// How many cones each process has of a batch.
  private let batchOfProcess = 32
  /// How many cones one search bounds at a stretch: fewer where a cone costs more.
  private let limitPerCone: Int
  private let largestPool = 50_000

  /// An oracle for the rows of `design` (n×r) and atoms of length 1 in `norm`, whose arithmetic runs on
  /// `threads` threads.
  package init(_ design: Matrix, norm: FirstLayerNorm = .l2, threads: Int = 1) {
    self.init(Geometry(design, keepsAxes: true), norm: norm, threads: threads)
  }

  /// An oracle in the coordinates of a design's row space.
  package init(_ geometry: Geometry, norm: FirstLayerNorm = .l2, threads: Int = 1) {
    let design = geometry.coordinates
    hyperplanes = geometry.hyperplanes
    ball = norm
    rank = design.columns
    limitPerCone = max(32, min(2048, 20_000_000 / (hyperplanes.count * design.columns + 1)))
    spectralNorm = geometry.spectralNorm
    let lengths = (0..<design.columns).map { BidualLinear.norm(design.column($0)) }
    axisScales = norm.axisScales(lengths: lengths)
    self.threads = max(1, threads)
  }

  /// Bounds κ(V) for the dual weights V (one a row).
  ///
  /// The answer is valid whenever the search stops: at the goal, after `nodeLimit` cones, or when
  /// `isCancelled` says so (asked every few cones, by all threads). It is the same for every run with the
  /// same number of threads unless it was cancelled.
  package func bound(
    _ weights: [Double], goal: PolarGoal, nodeLimit: Int, isCancelled: @Sendable () -> Bool,
    progress: (PolarProgress) -> Void
  ) -> PolarBound {
    DualScaling.bound(weights, goal: goal) { scaled, goal in
      search(nil, scaled.weights, goal: goal, nodeLimit: nodeLimit, isCancelled: isCancelled).bound
    }
  }

  /// The same on one share of the directions; see `DivisiblePolar`.
  package func bound(
    on share: SearchShare, _ weights: [Double], goal: PolarGoal, kept: KeptSearch?,
    isCancelled: @Sendable () -> Bool, progress: (PolarProgress) -> Void
  ) -> ShareBound? {
    var places: [Double]?
    let bound = DualScaling.bound(weights, goal: goal) { scaled, goal in
      let found = search(
        share, scaled.weights, goal: goal, nodeLimit: .max, kept: kept, isCancelled: isCancelled)
      places = found.places
      return found.bound
    }
    return places.map { ShareBound(bound: bound, division: hyperplanes.rows.elements + $0) }
  }

  /// `bound` for weights of size 1, on a share or on all directions, and where the cones were that were dealt out, if it came to
  /// that.
  private func search(
    _ share: SearchShare?, _ weights: [Double], goal: PolarGoal, nodeLimit: Int,
    kept: KeptSearch? = nil, isCancelled: @Sendable () -> Bool
  ) -> (bound: PolarBound, places: [Double]?) {
    let slack = roundingSlack(weights)
    guard slack.isFinite else {
      return (PolarBound(upper: .infinity, maximizers: [], isComplete: false, nodes: 0), [])
    }
    let objectives = [1.0, -1.0].map { sign in
      let (merged, linear) = hyperplanes.merge(weights, sign: sign)
      return ConeObjective(rows: hyperplanes.rows, weights: merged, linear: linear, sign: sign)
    }
    guard hyperplanes.count > 0 else {
      return (PolarBound(upper: slack, maximizers: [], isComplete: true, nodes: 0), [])
    }
    let ceiling = ceiling(weights)
    // Merged weights may overflow where the given ones do not; nothing can be proven with such numbers.
    guard slack < 1e290, ceiling.isFinite,
      objectives.allSatisfy({ $0.weights.allSatisfy(\.isFinite) && $0.linear.allSatisfy(\.isFinite) })
    else {
      return (PolarBound(upper: .infinity, maximizers: [], isComplete: false, nodes: 0), [])
    }
    guard rank <= SphericalBranchAndBound.largestRank, nodeLimit > 0 else {
      return (PolarBound(upper: ceiling + slack, maximizers: [], isComplete: false, nodes: 0), [])
    }
    var pool = Heap(orthants(objectives, bound: ceiling))
    var sequence = pool.count
    var settled = 0.0
    var violated = 0.0
    var nodes = 0
    var found: [PolarMaximizer] = []
    var places: [Double]?
    let farm = ConeFarm(objectives, ball: ball, axisScales: axisScales, threads: threads)
    let batch = batchOfProcess * farm.processes

    func threshold() -> Double {
      switch goal {
      case .prove(let threshold, _): threshold - slack
      case .maximize(let tolerance, let floor):
        max(floor, (found.map(\.value).max() ?? 0) * (1 + tolerance))
      }
    }
    let subject = kept.map { _ in digest(share, weights, goal: goal) } ?? 0
    if let kept, case .cones(let state)? = kept.start, state.subject == subject,
      let cones = state.cones.cones(rank: rank)
    {
      kept.isContinued = true
      pool = Heap(cones.enumerated().map { PooledCone(cone: $1, sequence: $0) })
      sequence = pool.count
      (settled, violated, nodes) = (state.settled, state.violated, state.nodes)
      (found, places) = (state.found, state.places)
    }

    /// What the search goes on from.
    func state() -> SearchState {
      var state = ConeSearchState(
        subject: subject, cones: .init(pool.unordered.sorted(by: >).map(\.cone)))
      (state.settled, state.violated, state.nodes) = (settled, violated, nodes)
      (state.found, state.places) = (found, places)
      return .cones(state)
    }

    let violatorLimit: Int
    if case .prove(_, let maximum) = goal { violatorLimit = maximum } else { violatorLimit = .max }

    while !pool.isEmpty, nodes < nodeLimit, !isCancelled() {
      if case .prove = goal, found.count >= violatorLimit { break }
      kept?.offer(state())
      let level = threshold()
      if let share, places == nil, share.isDue(regions: pool.count, nodes: nodes) {
        let cones = (0..<pool.count).compactMap { _ in pool.popMax() }
        places = cones.flatMap(\.cone.place)
        pool = Heap(share.own(cones.count).map { cones[$0] })
        continue
      }
      var cones: [OpenCone] = []
      var taken: [PooledCone] = []
      while cones.count < batch, let next = pool.popMax() {
        if next.cone.bound <= level {
          settled = max(settled, next.cone.bound)
        } else {
          cones.append(next.cone)
          taken.append(next)
        }
      }
      // Few open cones: stop each search early, so that there is soon work for all threads.
      // Many: go deep, so that the list of open cones stays within memory.
      let isOpening = share != nil && places == nil
      let limit =
        isOpening || cones.count < batch
        ? limitPerCone / 32 : pool.count < largestPool ? limitPerCone : 64 * limitPerCone
      let outcomes = farm.run(
        cones, task: ConeTask(threshold: level, limit: limit, maximumViolators: goal.isProof ? 2 : 1),
        isCancelled: isCancelled)
      if kept != nil, isCancelled() {
        // The next run takes the batch as a whole.
        pool.insert(contentsOf: taken)
        break
      }
      for (cone, outcome) in zip(cones, outcomes) {
        nodes += outcome.nodes
        settled = max(settled, outcome.settledBound)
        let sign = objectives[cone.side].sign
        for violator in outcome.violators {
          found.append(PolarMaximizer(direction: violator.direction, sign: sign, value: violator.value))
        }
        if outcome.best.value > 0, !goal.isProof {
          found.append(
            PolarMaximizer(direction: outcome.best.direction, sign: sign, value: outcome.best.value))
        }
        if goal.isProof {
          violated = max(violated, outcome.violatedBound)
        } else if outcome.violatedBound > 0 {
          // A better value was met: the cone goes back and is searched against the raised threshold.
          var again = cone
          again.bound = max(outcome.violatedBound, outcome.settledBound, outcome.open.map(\.bound).max() ?? 0)
          again.bound = min(again.bound, cone.bound)
          pool.insert(PooledCone(cone: again, sequence: sequence))
          sequence += 1
          continue
        }
        for open in outcome.open {
          pool.insert(PooledCone(cone: open, sequence: sequence))
          sequence += 1
        }
      }
      found.sort { $0.value > $1.value }
      if !goal.isProof, found.count > 16 { found.removeLast(found.count - 16) }
    }
    kept?.leave(state())
    let open = pool.max?.cone.bound ?? 0
    let bound = PolarBound(
      upper: max(settled, violated, open) + slack, maximizers: found,
      isComplete: pool.isEmpty && violated == 0, nodes: nodes)
    return (bound, places ?? (pool.isEmpty ? [] : nil))
  }

  /// Which search it is.
  private func digest(_ share: SearchShare?, _ weights: [Double], goal: PolarGoal) -> UInt64 {
    BoxSearchState.subject(
      [hyperplanes.rows.elements, weights, [ball == .l1 ? 1 : 0]], goal: goal,
      share: share ?? SearchShare(0, of: 1))
  }

  /// An upper bound of everything that rounding and merging can hide.
  ///
  /// With S = Σ|Vᵢ|‖xᵢ‖: a cone's generators, dots and folded sums carry at most
  /// (n + 8·depth + 8r)·u·S·√r of error each way, u = 2⁻⁵³, and a merged row is off by its deviation.
  /// The factor 4 covers the shift of `ConeSupport` and the evaluation of norms. Under ℓ₁ there are no
  /// such, √r becomes 1, and ‖xᵢ‖ is at least the largest |xᵢᵀu|: the same number holds.
  private func roundingSlack(_ weights: [Double]) -> Double {
    var total = 0.0
    var hidden = 0.0
    for i in weights.indices {
      total += abs(weights[i]) * hyperplanes.norms[i]
      hidden += abs(weights[i]) * hyperplanes.deviation[i]
    }
    let terms = Double(weights.count + 8 * ConeSearch.maximumDepth + 8 * rank)
    // Products that vanish for smallness are charged for absolutely.
    let vanished = total > 0 ? Double(rank) * 0x1p-500 * (1 + weights.reduce(0) { $0 + abs($1) }) : 0
    return 4 * terms * 0x1p-53 * Double(rank).squareRoot() * total + 2 * hidden + vanished
  }

  /// A bound from (t)₊ = ½t + ½|t|, valid at any rank.
  ///
  /// Under ℓ₂ κ(V) ≤ ½‖XᵀV‖ + ½·max(‖V₊‖, ‖V₋‖)·σ_max(X). Under ℓ₁ the convex Σ|V±ᵢ||xᵢᵀu| is largest at a
  /// corner of the ball, so that κ(V) ≤ ½‖XᵀV‖_∞ + ½·max over ± and k of Σ|V±ᵢ||xᵢₖ|.
  private func ceiling(_ weights: [Double]) -> Double {
    var gradient = [Double](repeating: 0, count: rank)
    var corners = [gradient, gradient]
    for i in weights.indices where hyperplanes.owner[i] >= 0 {
      let row = hyperplanes.rows.row(hyperplanes.owner[i])
      for (k, x) in row.enumerated() {
        let term = weights[i] * hyperplanes.factor[i] * x
        gradient[k] += term
        corners[weights[i] > 0 ? 0 : 1][k] += abs(term)
      }
    }
    if ball == .l1 {
      let steepest = gradient.reduce(0) { max($0, abs($1)) }
      return 0.5 * (steepest + corners.joined().reduce(0, max)) * (1 + 0x1p-40)
    }
    let positive = norm(weights.map { max($0, 0) })
    let negative = norm(weights.map { min($0, 0) })
    return 0.5 * (norm(gradient) + max(positive, negative) * spectralNorm) * (1 + 0x1p-40)
  }

  /// The 2ʳ orthants for both signs.
  private func orthants(_ objectives: [ConeObjective], bound: Double) -> [PooledCone] {
    var cones: [PooledCone] = []
    for side in objectives.indices {
      for corner in 0..<(1 << rank) {
        var generators = [Double](repeating: 0, count: rank * rank)
        for k in 0..<rank { generators[k * rank + k] = corner >> k & 1 == 0 ? 1 : -1 }
        let cone = OpenCone(generators: generators, depth: 0, bound: bound, side: side)
        cones.append(PooledCone(cone: cone, sequence: cones.count))
      }
    }
    return cones
  }
}
