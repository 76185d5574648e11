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
    package let violators: [PolarMaximizer]
    /// Whether the proof of the polar bound came to its end.
    public let isComplete: Bool
    /// The number of cones bounded.
    public let nodes: Int
  }

  /// The problem that is certified.
  public let problem: TrainingProblem
  /// The row space in which violators are given; the design's own features under ℓ₁ and over given patterns.
  package let rowSpace: RowSpace
  /// For each sample an upper bound of what the row space hides of an atom's entry.
  private let deviation: [Double]
  /// What directions across the row space do to an atom's entries, where the bounds hold along all directions and the row space
  /// was cut.
  private var truncation: Truncation?
  /// Over what the bounds hold.
  public private(set) var scope: Certificate.Scope
  /// The patterns to which the bounds of a ReLU network are restricted, if any.
  package let restriction: PatternRestriction?
  /// What the best network without neurons costs, the unit of relative gaps.
  let reference: Double
  /// Made when it is first asked: for an objective or a dual point's value there is no need of it.
  private let makeOracle: @Sendable () -> any PolarOracle
  private let made = Once<any PolarOracle>()

  /// A certifier for `problem`, whose bounds hold over all networks of its architecture, or where these keep to given
  /// patterns, such as gates, or to few directions, over those; the arithmetic of the polar runs on `threads` threads.
  public init(_ problem: TrainingProblem, threads: Int = 1) {
    self.problem = problem
    reference = problem.referenceObjective
    restriction = nil
    rowSpace = problem.atoms.geometry.rowSpace
    deviation = problem.atoms.deviation
    makeOracle = { problem.atoms.oracle(threads: threads) }
    scope =
      problem.atoms.givenPatterns == nil && problem.atoms.truncation == nil ? .global : .restricted
  }

  /// The certifier of the same problem whose bounds hold along all directions: it charges what a cut row space misses.
  public var alongAllDirections: Certifier {
    guard let truncation = problem.atoms.truncation, restriction == nil else { return self }
    var certifier = self
    certifier.truncation = truncation
    certifier.scope = problem.atoms.givenPatterns == nil ? .global : .restricted
    return certifier
  }

  /// What a certificate of networks along few directions says of those along all; the certificate itself where none was left
  /// out.
  ///
  /// Its polar bound is no smaller than `gap` needs, so that a search along all directions has room to prove it again.
  ///
  /// - Complexity: O(n), some hundred times over; there is no new proof.
  public func alongAllDirections(_ certificate: Certificate, gap: Double) -> Certificate {
    let all = alongAllDirections
    guard all.truncation != nil else { return certificate }
    let scaling = DualScaling(certificate.dualPoint)
    let polar = scaling.raised(
      Self.joined(scaling.lowered(certificate.polarBound), all.missedPolar(scaling.weights)))
    func carried(by polarBound: Double) -> Certificate {
      all.certificate(
        certificate.objective, lowerBound(certificate.dualPoint, polarBound: polarBound),
        dualPoint: certificate.dualPoint, polarBound: polarBound)
    }
    let enough = threshold(certificate.dualPoint, objective: certificate.objective, gap: gap)
    if polar < enough {
      let roomy = carried(by: enough)
      if roomy.relativeGap <= gap { return roomy }
    }
    return carried(by: room(certificate.dualPoint).claim(polar))
  }

  /// A certifier for networks whose neurons keep to given patterns over the rows that they see: those of the problem's design, or
  /// the patches of its images.
  ///
  /// - Throws: `VerificationFailure` if the patterns are of other samples, or the architecture's networks know no patterns.
  package init(_ problem: TrainingProblem, restrictedTo restriction: PatternRestriction, threads: Int = 1)
    throws(VerificationFailure)
  {
    guard let atoms = problem.atoms as? any RestrictableAtoms,
      restriction.patterns.samples == problem.neuronRows.rows
    else {
      throw VerificationFailure(
        "the certificate's patterns are of \(restriction.patterns.samples) samples of a ReLU network; the data and the model are of another kind"
      )
    }
    self.problem = problem
    reference = problem.referenceObjective
    self.restriction = restriction
    rowSpace = RowSpace(unreduced: problem.neuronRows)
    deviation = atoms.pooling.deviation(rowSpace.deviation)
    makeOracle = { atoms.oracle(restrictedTo: restriction, threads: threads) }
    scope = .restricted
  }

  /// The nearest dual point, or one close to it, in the domain of the loss's conjugate and, for networks
  /// with an offset, of sum zero: what a dual point needs before it can be scaled into feasibility.
  public func feasibleDualPoint(_ dualPoint: [Double]) -> [Double] {
    DualFeasibility.restored(dualPoint, in: problem)
  }

  /// The training objective of `network`, rounded up so far that no other processor recomputes a larger one.
  ///
  /// Infinite for a network that is not among the problem's.
  public func objective(of network: any Network) -> Double {
    UpperBound.objective(of: network, in: problem)
  }

  /// The relative gap between a network's objective and a lower bound, as `Certificate.relativeGap`.
  public func relativeGap(objective: Double, lowerBound: Double) -> Double {
    Certificate.relativeGap(objective: objective, lowerBound: lowerBound, reference: statedReference)
  }

  /// Certifies `network` to a relative gap, or names directions that refute the dual point.
  ///
  /// The polar is proven no better than the gap needs: the threshold is the largest κ̄ with which the
  /// dual objective at (β/κ̄)V still comes within `gap` of the network's objective.
  ///
  /// - Parameter progress: told now and then the lower bound that is proven so far, and the nodes it took.
  public func certify(
    _ network: any Network, dualPoint: [Double], gap: Double, maximumViolators: Int = 64,
    effort: Effort = Effort(), progress: (_ lowerBound: Double, _ nodes: Int) -> Void = { _, _ in }
  ) -> Verdict {
    let objective = objective(of: network)
    let dualPoint = feasibleDualPoint(dualPoint)
    let threshold = threshold(dualPoint, objective: objective, gap: gap)
    let room = room(dualPoint)
    return verdict(
      objective, dualPoint,
      polar(
        dualPoint, goal: .prove(threshold: threshold, maximumViolators: maximumViolators), effort: effort
      ) { upper, nodes in
        progress(lowerBound(dualPoint, polarBound: room.claim(upper)).value, nodes)
      })
  }

  /// Certifies `network` with the polar of the dual point found to a relative accuracy.
  public func certify(
    _ network: any Network, dualPoint: [Double], polarAccuracy: Double, effort: Effort = Effort()
  ) -> Verdict {
    let dualPoint = feasibleDualPoint(dualPoint)
    return verdict(
      objective(of: network), dualPoint,
      polar(dualPoint, goal: .maximize(relativeTolerance: polarAccuracy, floor: 0), effort: effort))
  }

  /// Whether κ(V) ≤ `claim` holds over the whole sphere, by a proof of its own.
  public func proves(_ dualPoint: [Double], polarAtMost claim: Double, effort: Effort = Effort()) -> Bool {
    proof(dualPoint, polarAtMost: claim, effort: effort) == .holds
  }

  /// How an attempt to prove a claim ended.
  enum Proof: Equatable {
    /// With the claim proven.
    case holds
    /// Without a proof, and more effort would not find one.
    case fails
    /// Cut short by its effort, with this much proven.
    case isUnfinished(upper: Double)
  }

  /// Tries to prove κ(V) ≤ `claim`. That it is less than infinite takes no proof.
  func proof(_ dualPoint: [Double], polarAtMost claim: Double, effort: Effort) -> Proof {
    guard claim < .infinity else { return .holds }
    let (upper, found) = polar(
      dualPoint, goal: .prove(threshold: claim, maximumViolators: 1), effort: effort)
    if upper <= claim { return .holds }
    // The best direction found need not be one that refutes.
    let isRefuted = found.maximizers.contains { $0.value > claim }
    let isCut = !found.isComplete && (found.nodes >= effort.nodeLimit || effort.isCancelled())
    return isCut && !isRefuted ? .isUnfinished(upper: upper) : .fails
  }

  /// The lower bound that a dual point with a proven polar bound gives, rounded down so far that no other processor
  /// recomputes a smaller one, and its scale.
  public func lowerBound(_ dualPoint: [Double], polarBound: Double) -> (value: Double, scale: Double) {
    LowerBound.best(
      dualPoint: dualPoint, longest: longestScale(dualPoint, polarBound: polarBound), in: problem)
  }

  /// The largest scale that keeps a dual point of this polar bound feasible.
  func longestScale(_ dualPoint: [Double], polarBound: Double) -> Double {
    // Without its constraints met a dual point proves what no dual point does.
    guard DualFeasibility.holds(dualPoint, in: problem) else { return 0 }
    // A polar of zero would allow any scale; one at which β no longer matters is long enough.
    return problem.beta / max(polarBound, problem.beta * 0x1p-60) * (1 - 0x1p-50)
  }

  private func verdict(
    _ objective: Double, _ dualPoint: [Double], _ polar: (upper: Double, found: PolarBound)
  ) -> Verdict {
    let bound = room(dualPoint).claim(polar.upper)
    return Verdict(
      certificate: certificate(
        objective, lowerBound(dualPoint, polarBound: bound), dualPoint: dualPoint, polarBound: bound),
      violators: polar.found.maximizers, isComplete: polar.found.isComplete, nodes: polar.found.nodes)
  }

  /// What a claim about a dual point needs to be proven again, in the units of the design.
  func room(_ dualPoint: [Double]) -> ClaimRoom {
    let room = oracle.room(dualPoint)
    return ClaimRoom(share: room.share, beside: room.beside * rowSpace.stretch * (1 + 0x1p-40))
  }

  /// A certificate of this scope.
  ///
  /// A ReLU network need not keep to the patterns of a restriction, and may then be better than any that does.
  func certificate(
    _ objective: Double, _ lower: (value: Double, scale: Double), dualPoint: [Double], polarBound: Double
  ) -> Certificate {
    let proof = try? Certificate(
      objective: .infinity, lowerBound: lower.value, scope: scope, dualPoint: dualPoint,
      polarBound: polarBound, dualScale: lower.scale, restriction: restriction, reference: statedReference)
    guard let proof else { preconditionFailure("no number is above infinity") }
    return proof.beside(objective: objective)
  }

  /// The reference less what another processor's sum may lack.
  private var statedReference: Double { reference * (1 - 0x1p-30) }

  /// Bounds κ(V) over the design: by the oracle in the row space, and what the row space hides, which is added in
  /// units in which V is of size 1.
  private func polar(
    _ dualPoint: [Double], goal: PolarGoal, effort: Effort,
    progress: (_ upper: Double, _ nodes: Int) -> Void = { _, _ in }
  ) -> (upper: Double, found: PolarBound) {
    polar(dualPoint, goal: goal) { goal, total in
      let found = oracle.bound(
        dualPoint, goal: goal, nodeLimit: effort.nodeLimit, isCancelled: effort.isCancelled
      ) { progress(total($0.upper), $0.nodes) }
      return (total(found.upper), found)
    }
  }

  /// What bounds the polar in the row space.
  var oracle: any PolarOracle { made(makeOracle) }

  /// What `search` finds for a goal in the row space with a way from its bounds to those over the design.
  func polar<Found>(
    _ dualPoint: [Double], goal: PolarGoal,
    by search: (_ goal: PolarGoal, _ total: (_ upper: Double) -> Double) -> Found
  ) -> Found {
    let scaling = DualScaling(dualPoint)
    let hidden = charge(deviation, scaling.weights)
    let missed = missedPolar(scaling.weights)
    func inside(_ upper: Double) -> Double {
      scaling.raised((Self.parted(scaling.lowered(upper), missed) - hidden) / rowSpace.stretch)
    }
    func total(_ upper: Double) -> Double {
      let along = scaling.lowered(upper) * rowSpace.stretch * (1 + 0x1p-50) + hidden
      let total = Self.joined(along, missed)
      return scaling.raised(total.isNaN ? .infinity : total)
    }
    return switch goal {
    case .prove(let threshold, let maximum):
      search(.prove(threshold: inside(threshold), maximumViolators: maximum), total)
    case .maximize(let tolerance, let floor):
      search(.maximize(relativeTolerance: tolerance, floor: max(0, inside(floor))), total)
    }
  }

  /// A bound of the polar along all directions, √(κ² + H²) rounded up, from one along the row space and what is across it.
  private static func joined(_ along: Double, _ across: Double) -> Double {
    guard across > 0 else { return along }
    let (longer, ratio) = along > across ? (along, across / along) : (across, along / across)
    return longer * (1 + ratio * ratio).squareRoot() * (1 + 0x1p-50)
  }

  /// The largest bound along the row space that is joined to at most `whole`; 0 if there is none.
  private static func parted(_ whole: Double, _ across: Double) -> Double {
    guard across > 0 else { return whole }
    guard whole > across else { return 0 }
    let ratio = across / whole
    return whole * ((1 - ratio) * (1 + ratio)).squareRoot() * (1 - 0x1p-48)
  }

  /// H, what a cut row space misses, for unit weights across it: by the distances of rows or by the norm of all that is missed,
  /// whichever is less; 0 where the bounds are along its directions only.
  private func missedPolar(_ dualPoint: [Double]) -> Double {
    guard let truncation else { return 0 }
    let length = norm(dualPoint) * (1 + Double(dualPoint.count + 4) * 0x1p-52)
    let (byRows, byNorm) = (charge(truncation.distances, dualPoint), length * truncation.norm * (1 + 0x1p-50))
    // Lengths beyond the doubles times weights of zero are no number, and may not pass for nothing missed.
    return byRows.isNaN || byNorm.isNaN ? .infinity : min(byRows, byNorm)
  }

  /// What entries of atoms that are off by as much as `bounds` say can do to the polar: at most Σ|Vᵢₖ|‖xᵢ − Qzᵢ‖ over all outputs
  /// k, where a sample of several rows has the pooled distances of these.
  private func charge(_ bounds: [Double], _ dualPoint: [Double]) -> Double {
    let sum = dualPoint.indices.reduce(0) {
      $0 + abs(dualPoint[$1]) * bounds[$1 / problem.outputs]
    }
    return sum * (1 + Double(dualPoint.count + 4) * 0x1p-52)
  }

  /// The largest polar bound with which V still proves the gap; β if V can't prove it.
  func threshold(_ dualPoint: [Double], objective: Double, gap: Double) -> Double {
    let needed = objective - gap * Certificate.gapUnit(objective: objective, reference: statedReference)
    func proven(_ scale: Double) -> Bool {
      LowerBound.value(dualPoint, scale: scale * (1 - 0x1p-50), in: problem) >= needed
    }
    var reached = LowerBound.best(dualPoint: dualPoint, longest: 1, in: problem).scale
    guard proven(reached) else { return problem.beta * (1 + gap) }
    // The smallest s that proves it, by bisection on the rising side of the dual objective.
    var missed = 0.0
    for _ in 0..<40 {
      let middle = 0.5 * (missed + reached)
      if proven(middle) { reached = middle } else { missed = middle }
    }
    // Less what a verdict adds.
    return room(dualPoint).bound(problem.beta / reached)
  }
}
