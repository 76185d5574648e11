import BidualLinear
import BidualModels

/// The program over given patterns with proximal terms around a centre,
///
///     minimise  Σᵢ ωᵢℓ(fᵢ, yᵢ) + β Σⱼ‖vⱼ‖ + Σⱼ‖vⱼ − cⱼ‖²/2σ + ‖f − f_c‖²/2τ,  f = Σⱼ ±DⱼXvⱼ + b,
///
/// and the like for b: a smooth function of the n dual variables, which semismooth Newton steps (`DualNewton`) minimise.
final class ProximalProgram {
  /// What proximal terms hold to.
  struct Centre: Codable, Sendable {
    /// The vectors of the blocks; empty for zero.
    var vectors: [[Double]]
    var predictions: [Double]
    var offset: Double
  }
  /// The dual function and all that it is made of at one dual point.
  struct Evaluation {
    let dualPoint: [Double]
    fileprivate let active: [PatternBlocks.Active]
    /// The vectors that are not zero.
    let steps: [(block: Int, vector: [Double])]
    fileprivate let response: SampleResponse
    let offset: Double
    /// Σ±DXw, without the offset.
    let fitted: [Double]
    /// The dual function, to be minimised, and its gradient Σ±DXw + b − f.
    fileprivate let value: Double
    fileprivate let gradient: [Double]
  }

  private let problem: TrainingProblem
  let blocks: PatternBlocks
  /// The sizes of predictions and dual points.
  let reach: Double
  private let slope: Double
  /// How far vectors may move.
  var sigma: Double
  private let stretch: Double
  /// The floor of the compliances that steps have needed of late, in units of `reach`/`slope` and for residuals as large as `reach`; 0 where
  /// samples have one row each.
  private var damping: Double
  private(set) var centre: Centre
  private var gram: Matrix?
  /// Newton steps so far.
  private(set) var steps = 0

  /// What the rounds to come depend on, beside what the blocks remember.
  var course: Course {
    get { Course(centre: centre, sigma: sigma, damping: damping, steps: steps) }
    set {
      (centre, sigma, damping, steps) = (newValue.centre, newValue.sigma, newValue.damping, newValue.steps)
    }
  }

  /// A program around the best network without neurons, whose σ lets predictions move by some of their size.
  ///
  /// - Parameter dualPoint: a feasible one at that network.
  init(_ problem: TrainingProblem, blocks: PatternBlocks, dualPoint: [Double]) {
    self.problem = problem
    self.blocks = blocks
    let base = problem.constantFit
    centre = Centre(
      vectors: Array(repeating: [], count: blocks.count),
      predictions: Array(repeating: base, count: problem.targets.count), offset: base)
    let n = Double(problem.targets.count).squareRoot()
    let spread = norm(problem.targets.map { $0 - base })
    reach = spread > 0 ? spread : n
    let pull = norm(dualPoint)
    slope = pull > 0 ? pull : n
    // A step of σ moves predictions by about σ‖DX‖²V.
    stretch = max(blocks.squaredStretch, 1e-300)
    sigma = 3 * reach / slope / stretch
    damping = blocks.pooling.rows > 1 ? 1 : 0
  }

  /// How far predictions may move, in the same units as σ‖DX‖².
  private var tau: Double { 10 * sigma * stretch }
  private var offsetWeight: Double { problem.hasOffset ? sigma * stretch : 0 }

  /// Takes a minimiser as the next centre.
  func advance(to now: Evaluation) {
    for block in centre.vectors.indices where !centre.vectors[block].isEmpty { centre.vectors[block] = [] }
    for step in now.steps { centre.vectors[step.block] = step.vector }
    centre.predictions = now.response.predictions
    centre.offset = problem.hasOffset ? now.offset : 0
  }

  /// The dual function at a point; nil where the work was cut short.
  private func evaluate(_ dualPoint: [Double], isCutShort: @Sendable () -> Bool) -> Evaluation? {
    guard
      let active = blocks.active(dualPoint, centre: centre.vectors, sigma: sigma, isCancelled: isCutShort)
    else { return nil }
    let cut = sigma * problem.beta
    var square = 0.0
    let steps = active.map { block in
      square += (block.length - cut) * (block.length - cut)
      let factor = 1 - cut / block.length
      return (block: block.block, vector: block.point.map { factor * $0 })
    }
    let response = SampleResponse(
      problem, dualPoint: dualPoint, centre: centre.predictions, tau: tau)
    var value = response.value + square / (2 * sigma)
    var offset = 0.0
    if problem.hasOffset {
      offset = centre.offset + offsetWeight * dualPoint.reduce(0, +)
      value += offset * offset / (2 * offsetWeight)
    }
    let fitted = blocks.predictions(steps)
    let gradient = zip(fitted, response.predictions).map { $0 + offset - $1 }
    return Evaluation(
      dualPoint: dualPoint, active: active, steps: steps, response: response, offset: offset, fitted: fitted,
      value: value, gradient: gradient)
  }

  /// Minimises the dual function; nil where that is cut short before the first evaluation.
  ///
  /// - Parameters:
  ///   - accuracy: the residual to reach at a point, as a share of `reach`.
  ///   - negligible: the Newton decrement beyond which rounding decides.
  func minimise(
    from dualPoint: [Double], accuracy: (Evaluation) -> Double, negligible: Double, isCancelled: () -> Bool,
    isCutShort: @Sendable () -> Bool
  ) -> Evaluation? {
    guard var now = evaluate(dualPoint, isCutShort: isCutShort) else { return nil }
    for _ in 0..<50 {
      let residual = norm(now.gradient)
      if residual <= accuracy(now) * reach || isCancelled() { break }
      guard let next = descend(from: now, residual: residual, isCutShort: isCutShort) else { break }
      now = next.evaluation
      if next.decrement <= negligible { break }
    }
    return now
  }

  /// The point that a semismooth Newton step with a line search reaches, and the Newton decrement; nil where
  /// none gets lower, or the search was cut short.
  ///
  /// The floor of the compliances falls with the residual, for fast convergence at the end, and rises when a
  /// step fails. Where samples are sums over rows, steps of many samples at a kink go too far by orders of size: there it rises and falls with
  /// how much of a step is taken.
  private func descend(
    from now: Evaluation, residual: Double, isCutShort: @Sendable () -> Bool
  ) -> (evaluation: Evaluation, decrement: Double)? {
    let least = max(1e-10, min(1e-3, 0.1 * residual / reach), min(1, residual / reach) * damping)
    var floor = least * reach / slope
    for _ in 0..<4 {
      let newton = DualNewton(
        blocks, sigma: sigma, offsetWeight: offsetWeight, compliances: now.response.compliances, floor: floor,
        gram: { [unowned self] in
          if gram == nil { gram = blocks.design.timesTransposed(blocks.design) }
          return gram!
        })
      floor *= 100
      steps += 1
      guard
        let direction = newton.solve(
          now.gradient.map { -$0 }, active: now.active, accuracy: max(1e-6, min(0.1, residual / reach)))
      else { continue }
      let decline = dot(direction, now.gradient)
      guard decline < 0 else { continue }
      var length = 1.0
      while length > 1e-5 {
        let point = zip(now.dualPoint, direction).map { $0 + length * $1 }
        guard let next = evaluate(point, isCutShort: isCutShort) else { return nil }
        if next.value <= now.value + 1e-4 * length * decline + 1e-13 * abs(now.value) {
          if damping > 0 { damping = max(1e-6, (length >= 0.5 ? 0.3 : length < 0.2 ? 4 : 1) * damping) }
          return (next, -decline)
        }
        length *= share(decline, dot(direction, next.gradient))
      }
    }
    return nil
  }

  /// How much is kept of a step that went too far, by the slopes at its start and at its end: half of it or, for sums over rows, up to where the slope
  /// would vanish if it rose evenly.
  private func share(_ decline: Double, _ rise: Double) -> Double {
    guard damping > 0, rise > 0 else { return 0.5 }
    return min(0.5, max(0.02, decline / (decline - rise)))
  }

  /// How far a point is from the centre, in units of the predictions' size.
  func movement(_ now: Evaluation) -> Double {
    let vectors = centre.vectors
    var square = 0.0
    var seen = Set<Int>()
    for step in now.steps {
      seen.insert(step.block)
      let old = vectors[step.block]
      for j in step.vector.indices {
        let change = step.vector[j] - (old.isEmpty ? 0 : old[j])
        square += change * change
      }
    }
    for block in vectors.indices where !vectors[block].isEmpty && !seen.contains(block) {
      square += dot(vectors[block], vectors[block])
    }
    return (square / sigma * reach / slope).squareRoot() / reach
  }
}
