import BidualArrangements
import BidualLinear
import BidualModels
import BidualPolars

/// Proves how far a network is from the best of all networks of its kind.
///
/// The proof needs the data, the network and a dual point, and trusts none of the numbers that a solver
/// reported: the objective is recomputed from the weights on the design as posed, and the polar of the
/// dual point is bounded over the whole sphere, rounding included.
public struct Certifier: Sendable {
  /// How much work a proof may be.
  public struct Effort: Sendable {
    /// The largest number of cones to bound.
    public var nodeLimit: Int
    /// Asked now and then; a proof that is cut short proves less.
    public var isCancelled: @Sendable () -> Bool

    /// An effort from its limits; unlimited where none is given.
    public init(nodeLimit: Int = .max, isCancelled: @escaping @Sendable () -> Bool = { false }) {
      self.nodeLimit = nodeLimit
      self.isCancelled = isCancelled
    }
  }

  /// A certificate, and the directions that stand in the way of a better one.
  public struct Verdict: Sendable {
    /// What is proven.
    public let certificate: Certificate
    /// Directions (in the coordinates of `rowSpace`) whose polar value exceeds what the goal allows.
    public let violators: [PolarMaximizer]
    /// Whether the proof of the polar bound came to its end.
    public let isComplete: Bool
    /// The number of cones bounded.
    public let nodes: Int
  }

  /// The problem that is certified.
  public let problem: TrainingProblem
  /// The row space in which violators are given; the design's own features under ℓ₁ and over given patterns.
  public let rowSpace: RowSpace
  /// Over what the bounds hold.
  public let scope: Certificate.Scope
  /// The patterns to which the bounds of a ReLU network are restricted, if any.
  public let restriction: PatternRestriction?
  private let oracle: any PolarOracle

  /// A certifier for `problem`, whose bounds hold over all networks of its kind, save the gated, which keep to
  /// their gates; the arithmetic of the polar runs on `threads` threads.
  public init(_ problem: TrainingProblem, threads: Int = 1) {
    self.problem = problem
    restriction = nil
    rowSpace = problem.norm == .l1 ? RowSpace(unreduced: problem.design) : RowSpace(of: problem.design)
    switch problem.activation {
    case .relu:
      oracle =
        problem.norm == .l1
        ? SphericalBranchAndBound(rowSpace.coordinates, norm: .l1, threads: threads)
        : TwoLayerPolar(rowSpace.coordinates, threads: threads)
      scope = .global
    case .linear:
      oracle = Self.polar(rowSpace, [Array(repeating: true, count: problem.design.rows)])
      scope = .global
    case .gated(let gates):
      oracle = Self.polar(rowSpace, gates.patterns(over: problem.design))
      scope = .restricted
    }
  }

  private static func polar(_ space: RowSpace, _ patterns: [[Bool]]) -> PatternPolar {
    PatternPolar(
      space.coordinates, patterns: PatternSet(rows: patterns, samples: space.coordinates.rows))
  }

  /// A certifier for ReLU networks whose neurons keep to given patterns over the rows of the problem's design.
  public init(_ problem: TrainingProblem, restrictedTo restriction: PatternRestriction) {
    precondition(problem.activation == .relu && problem.norm == .l2)
    precondition(restriction.patterns.samples == problem.design.rows)
    self.problem = problem
    self.restriction = restriction
    rowSpace = RowSpace(unreduced: problem.design)
    oracle = PatternPolar(problem.design, restriction: restriction)
    scope = .restricted
  }

  /// The nearest dual point, or one close to it, in the domain of the loss's conjugate and, for networks
  /// with an offset, of sum zero: what a dual point needs before it can be scaled into feasibility.
  public func feasibleDualPoint(_ dualPoint: [Double]) -> [Double] {
    DualFeasibility.restored(dualPoint, in: problem)
  }

  /// The training objective of `network`, rounded up.
  ///
  /// Infinite for a network that is not among the problem's.
  public func objective(of network: TwoLayerNetwork) -> Double {
    guard network.hidden.columns == problem.design.columns, network.offset == nil || problem.hasOffset,
      network.activation.withoutNeurons == problem.activation
    else { return .infinity }
    return UpperBound.objective(of: network, in: problem)
  }

  /// Certifies `network` to a relative gap, or names directions that refute the dual point.
  ///
  /// The polar is proven no better than the gap needs: the threshold is the largest κ̄ with which the
  /// dual objective at (β/κ̄)V still comes within `gap` of the network's objective.
  public func certify(
    _ network: TwoLayerNetwork, dualPoint: [Double], gap: Double, maximumViolators: Int = 64,
    effort: Effort = Effort()
  ) -> Verdict {
    let objective = objective(of: network)
    let dualPoint = feasibleDualPoint(dualPoint)
    let threshold = threshold(dualPoint, objective: objective, gap: gap)
    let hidden = hiddenPolar(dualPoint)
    let bound = oracle.bound(
      dualPoint,
      goal: .prove(threshold: (threshold - hidden) / rowSpace.stretch, maximumViolators: maximumViolators),
      nodeLimit: effort.nodeLimit, isCancelled: effort.isCancelled)
    return verdict(objective, dualPoint, bound)
  }

  /// Certifies `network` with the polar of the dual point found to a relative accuracy.
  public func certify(
    _ network: TwoLayerNetwork, dualPoint: [Double], polarAccuracy: Double, effort: Effort = Effort()
  ) -> Verdict {
    let dualPoint = feasibleDualPoint(dualPoint)
    let bound = oracle.bound(
      dualPoint, goal: .maximize(relativeTolerance: polarAccuracy, floor: 0), nodeLimit: effort.nodeLimit,
      isCancelled: effort.isCancelled)
    return verdict(objective(of: network), dualPoint, bound)
  }

  /// Whether κ(V) ≤ `claim` holds over the whole sphere, by a proof of its own.
  public func proves(_ dualPoint: [Double], polarAtMost claim: Double, effort: Effort = Effort()) -> Bool {
    let bound = oracle.bound(
      dualPoint,
      goal: .prove(threshold: (claim - hiddenPolar(dualPoint)) / rowSpace.stretch, maximumViolators: 1),
      nodeLimit: effort.nodeLimit, isCancelled: effort.isCancelled)
    return total(bound, dualPoint) <= claim
  }

  /// The lower bound that a dual point with a proven polar bound gives, and its scale.
  public func lowerBound(_ dualPoint: [Double], polarBound: Double) -> (value: Double, scale: Double) {
    // Without its constraints met a dual point proves what no dual point does.
    guard DualFeasibility.holds(dualPoint, in: problem) else {
      return (LowerBound.value(dualPoint, scale: 0, in: problem), 0)
    }
    // A polar of zero would allow any scale; one at which β no longer matters is long enough.
    let longest = problem.beta / max(polarBound, problem.beta * 0x1p-60) * (1 - 0x1p-50)
    return LowerBound.best(dualPoint: dualPoint, longest: longest, in: problem)
  }

  private func verdict(_ objective: Double, _ dualPoint: [Double], _ bound: PolarBound) -> Verdict {
    // Room for another processor's rounding when the claim is proven again.
    let polar = total(bound, dualPoint) * (1 + 0x1p-36)
    let lower = lowerBound(dualPoint, polarBound: polar)
    let certificate = certificate(
      objective, lower, dualPoint: dualPoint, polarBound: polar)
    return Verdict(
      certificate: certificate, violators: bound.maximizers, isComplete: bound.isComplete, nodes: bound.nodes)
  }

  /// A certificate of this scope.
  ///
  /// A ReLU network need not keep to the patterns of a restriction, and may then be better than any that does.
  func certificate(
    _ objective: Double, _ lower: (value: Double, scale: Double), dualPoint: [Double], polarBound: Double
  ) -> Certificate {
    Certificate(
      objective: objective, lowerBound: restriction == nil ? lower.value : min(lower.value, objective),
      scope: scope, dualPoint: dualPoint, polarBound: polarBound, dualScale: lower.scale,
      restriction: restriction)
  }

  /// What the reduction to the row space can hide: Σ|Vᵢ|‖xᵢ − Qzᵢ‖.
  private func hiddenPolar(_ dualPoint: [Double]) -> Double {
    let sum = zip(dualPoint, rowSpace.deviation).reduce(0) { $0 + abs($1.0) * $1.1 }
    return sum * (1 + Double(dualPoint.count + 4) * 0x1p-52)
  }

  private func total(_ bound: PolarBound, _ dualPoint: [Double]) -> Double {
    bound.upper * rowSpace.stretch * (1 + 0x1p-50) + hiddenPolar(dualPoint)
  }

  /// The largest polar bound with which V still proves the gap; β if V can't prove it.
  private func threshold(_ dualPoint: [Double], objective: Double, gap: Double) -> Double {
    let needed = objective * (1 - gap)
    func proven(_ scale: Double) -> Bool {
      LowerBound.value(dualPoint, scale: scale * (1 - 0x1p-50), in: problem) >= needed
    }
    var reached = LowerBound.best(dualPoint: dualPoint, longest: 1, in: problem).scale
    guard proven(reached) else { return problem.beta * (1 + gap) }
    // The smallest s that proves it, by bisection on the rising side of the dual objective.
    var missed = 0.0
    for _ in 0..<60 {
      let middle = 0.5 * (missed + reached)
      if proven(middle) { reached = middle } else { missed = middle }
    }
    // Less what a verdict adds for other processors.
    return problem.beta / reached * (1 - 0x1p-35)
  }
}
