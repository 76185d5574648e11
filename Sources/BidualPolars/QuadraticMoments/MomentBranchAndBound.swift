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
package struct MomentBranchAndBound: BoxPolar {
  /// Beyond this rank only the bound Σ|Vᵢ|‖xᵢ‖ is given.
  package static let largestRank = Int(BIDUAL_LARGEST_MOMENT_RANK)

  /// The row space whose coordinates boxes are in.
  package let space: RowSpace
  private let hyperplanes: Hyperplanes
  private let rank: Int
  private let threads: Int
  /// Beyond this many waiting boxes searches go deep instead of adding to them.
  private let largestPool: Int
  /// How many bounds one search computes at a stretch: fewer where one costs more.
  private let limitPerTask: Int

  /// An oracle for the rows of `design` (n×r), whose arithmetic runs on `threads` threads.
  package init(_ design: Matrix, threads: Int = 1) {
    self.init(Geometry(design, keepsAxes: true), threads: threads)
  }

  /// An oracle in the coordinates of a design's row space.
  package init(_ geometry: Geometry, threads: Int = 1) {
    space = geometry.principal
    rank = space.rank
    hyperplanes = geometry.principalHyperplanes
    self.threads = max(1, threads)
    largestPool = 400_000_000 / (Boxes.size(axes: max(rank, 1)) + 48)
    limitPerTask = max(64, min(1024, 40_000_000 / (hyperplanes.count * rank * rank + 1)))
  }

  /// As `BoxPolar` says.
  package func search(
    _ share: SearchShare?, _ weights: [Double], goal: PolarGoal, nodeLimit: Int, kept: KeptSearch?,
    isCancelled: @Sendable () -> Bool, progress: (PolarProgress) -> Void
  ) -> (bound: PolarBound, places: [Double]?) {
    guard let objective = MomentObjective(hyperplanes, weights) else {
      return (PolarBound(upper: .infinity, maximizers: [], isComplete: false, nodes: 0), [])
    }
    let charges = MomentCharges(objective, space, weights)
    guard charges.isFinite else {
      return (PolarBound(upper: .infinity, maximizers: [], isComplete: false, nodes: 0), [])
    }
    guard objective.blocks[0].elements.count > 0 || objective.odd.contains(where: { $0 != 0 }) else {
      return (PolarBound(upper: charges.upper(0), maximizers: [], isComplete: true, nodes: 0), [])
    }
    guard rank <= Self.largestRank else {
      return (
        PolarBound(upper: charges.upper(charges.ceiling), maximizers: [], isComplete: false, nodes: 0), []
      )
    }
    let farm = BoxFarm<MomentRelaxation>(objective, threads: threads)
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
      Boxes.faces(rank: rank, key: charges.ceiling), from: nil, keeping: keeping,
      isCancelled: isCancelled, progress: progress
    ) { boxes, ranges, task in
      farm.run(boxes, ranges, task: task, isCancelled: isCancelled)
    }
    let bound = PolarBound(
      upper: charges.upper(outcome.reached),
      maximizers: outcome.found.map {
        $0.maximizer(sign: $0.side == 0 ? 1 : -1, in: space, exponent: objective.exponent)
      },
      isComplete: outcome.isComplete, nodes: outcome.nodes)
    return (bound, outcome.division)
  }
}
