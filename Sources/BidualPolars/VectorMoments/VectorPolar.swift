import BidualLinear
import CBidualKernels

/// The polar κ(V) = max ‖h(u)‖₂ over ‖u‖₂ = 1 of two-layer ReLU networks with c outputs, h(u) = Σᵢ Vᵢ(xᵢᵀu)₊ ∈ Rᶜ, over the
/// whole sphere by branch and bound on boxes.
///
/// Its atoms are (Xu)₊gᵀ with unit vectors u and g. Boxes are those of `MomentBranchAndBound`, but each is looked at
/// along the unit vector g that h has at its centre: gᵀh is bounded by quadratic moments as if there were one output, and the
/// square of what is left across g, small near the centre, joins the same quadratic. Bounds hold in real arithmetic: what rounding can hide, derived in Guides/certificate.md, is added to what
/// floating point found.
///
/// Dual points are V row after row, n·c numbers.
///
/// - Complexity: O(nodes·(rows of the box)·cr²).
package struct VectorPolar: BoxPolar {
  /// Beyond this rank only a bound by spectral norms is given.
  package static let largestRank = 24

  /// The row space whose coordinates boxes are in.
  package let space: RowSpace
  private let hyperplanes: Hyperplanes
  private let outputs: Int
  private let rank: Int
  private let threads: Int
  /// An upper bound of the largest singular value of the coordinates.
  private let spectralNorm: Double
  /// Beyond this many waiting boxes searches go deep instead of adding to them.
  private let largestPool: Int
  /// How many boxes one search bounds at a stretch: fewer where one costs more.
  private let limitPerTask: Int

  /// An oracle for the rows of `design` (n×r) and `outputs` dual weights each, whose arithmetic runs on `threads` threads.
  package init(_ design: Matrix, outputs: Int, threads: Int = 1) {
    self.init(Geometry(design, keepsAxes: true), outputs: outputs, threads: threads)
  }

  /// An oracle in the coordinates of a design's row space.
  package init(_ geometry: Geometry, outputs: Int, threads: Int = 1) {
    precondition(outputs > 0, "a network has outputs")
    space = geometry.principal
    rank = space.rank
    hyperplanes = geometry.principalHyperplanes
    self.outputs = outputs
    self.threads = max(1, threads)
    spectralNorm = space.coordinates.spectralNormBound
    largestPool = 400_000_000 / (Boxes.size(axes: max(rank, 1)) + 48)
    limitPerTask = max(64, min(1024, 40_000_000 / (hyperplanes.count * rank * rank * outputs + 1)))
  }

  /// As `BoxPolar` says.
  package func search(
    _ share: SearchShare?, _ weights: [Double], goal: PolarGoal, nodeLimit: Int, kept: KeptSearch?,
    isCancelled: @Sendable () -> Bool, progress: (PolarProgress) -> Void
  ) -> (bound: PolarBound, places: [Double]?) {
    guard let objective = VectorObjective(hyperplanes, weights, outputs: outputs) else {
      return (PolarBound(upper: .infinity, maximizers: [], isComplete: false, nodes: 0), [])
    }
    let charges = MomentCharges(
      space, lengths: objective.lengths, size: objective.size, exponent: objective.exponent,
      slack: roundingSlack(objective))
    guard charges.isFinite else {
      return (PolarBound(upper: .infinity, maximizers: [], isComplete: false, nodes: 0), [])
    }
    guard !objective.isZero else {
      return (PolarBound(upper: charges.upper(0), maximizers: [], isComplete: true, nodes: 0), [])
    }
    let ceiling = min(charges.ceiling, spectralCeiling(objective, weights))
    guard rank <= Self.largestRank else {
      return (PolarBound(upper: charges.upper(ceiling), maximizers: [], isComplete: false, nodes: 0), [])
    }
    let farm = BoxFarm<VectorRelaxation>(objective, threads: threads)
    let batches = BoxBatches(
      charges, goal: goal, nodeLimit: nodeLimit, largestPool: largestPool, limitPerTask: limitPerTask,
      share: share, processes: farm.processes)
    let keeping = kept.map { kept in
      BoxBatches.Keeping(
        kept,
        subject: BoxSearchState.subject(
          [space.coordinates.elements, weights], goal: goal, share: share ?? SearchShare(0, of: 1)))
    }
    let outcome = batches.run(
      Boxes.faces(rank: rank, key: ceiling),
      from: goal.isProof ? nil : start(objective, isCancelled: isCancelled),
      keeping: keeping, isCancelled: isCancelled, progress: progress, climbed: { objective.climbed(from: $0) }
    ) { boxes, ranges, task in
      farm.run(boxes, ranges, task: task, isCancelled: isCancelled)
    }
    let bound = PolarBound(
      upper: charges.upper(outcome.reached),
      maximizers: outcome.found.map { $0.maximizer(sign: 1, in: space, exponent: objective.exponent) },
      isComplete: outcome.isComplete, nodes: outcome.nodes)
    return (bound, outcome.division)
  }

  /// What merging and rounding can hide, in the objective's units; see Guides/certificate.md.
  private func roundingSlack(_ objective: VectorObjective) -> Double {
    let n = Double(hyperplanes.norms.count)
    let terms = Double(rank + outputs)
    return 16 * terms * (n + 64 * terms + 256) * 0x1p-53 * objective.size + objective.hidden
      + objective.vanished
  }

  /// ½‖VᵀZ‖₂ + ½‖V‖₂‖Z‖₂, a bound of ‖h‖ = ‖½VᵀZu + ½Vᵀ|Zu|‖ on the unit sphere, in the objective's units.
  private func spectralCeiling(_ objective: VectorObjective, _ weights: [Double]) -> Double {
    let dual = Matrix(
      rows: hyperplanes.norms.count, columns: outputs,
      elements: weights.map { MomentObjective.scaled($0, by: -objective.exponent) })
    let odd = dual.transposedTimes(space.coordinates).spectralNormBound
    let bound = 0.5 * (odd + dual.spectralNormBound * spectralNorm) * (1 + 0x1p-40)
    return bound.isNaN ? .infinity : bound
  }

  /// The best value that ascents from the axes meet.
  private func start(_ objective: VectorObjective, isCancelled: () -> Bool) -> BoxValue? {
    var best: BoxValue?
    for axis in 0..<(2 * rank) where !isCancelled() {
      var direction = [Double](repeating: 0, count: rank)
      direction[axis / 2] = axis % 2 == 0 ? 1 : -1
      let given = BoxValue(value: norm(objective.value(at: direction)), direction: direction, side: 0)
      let value = objective.climbed(from: given)
      if value.value > best?.value ?? 0 { best = value }
    }
    return best
  }
}
