import BidualArrangements
import BidualCertificates
import BidualLinear
import BidualModels
import BidualPolars

/// The iterate of `GivenPatterns` and the best that it has met.
final class GivenPatternsRun {
  /// A point of the program.
  struct Point {
    var blocks: [(block: Int, vector: [Double])] = []
    var offset = 0.0
    var objective = Double.infinity
  }
  /// A bound with its proof.
  struct Bound {
    var value = -Double.infinity
    var dualPoint: [Double] = []
    var polar = Double.infinity
    var multipliers: [ConeMultipliers] = []
  }
  /// The dual function and all that it is made of at one dual point.
  private struct Evaluation {
    let dualPoint: [Double]
    let active: [PatternBlocks.Active]
    let steps: [(block: Int, vector: [Double])]
    let response: SampleResponse
    let offset: Double
    /// Σ±DXw, without the offset.
    let fitted: [Double]
    /// The dual function, to be minimised, and its gradient Σ±DXw + b − f.
    let value: Double
    let gradient: [Double]
  }

  private let problem: TrainingProblem
  private let options: GivenPatterns.Options
  private let certifier: Certifier
  private let blocks: PatternBlocks
  private let rowNorms: [Double]
  /// The sizes of predictions and dual points.
  private let reach: Double
  private let slope: Double
  private var sigma: Double
  private let stretch: Double
  /// The floor of the compliances that steps have needed of late, in units of `reach`/`slope` and for residuals as large as `reach`; 0 where
  /// samples have one row each.
  private var damping: Double
  private var centre: [[Double]]
  private var centrePredictions: [Double]
  private var centreOffset: Double
  private var dualPoint: [Double]
  private var current: Evaluation?
  private var gram: Matrix?
  private(set) var steps = 0
  private(set) var rounds = 0
  private(set) var best = Point()
  private(set) var bound = Bound()

  init(_ program: GivenPatterns) {
    problem = program.problem
    options = program.options
    certifier = Certifier(problem)
    let design = certifier.rowSpace.coordinates
    blocks = PatternBlocks(
      design, pooling: problem.atoms.pooling, patterns: program.patterns, hasCones: program.form == .relu,
      beta: problem.beta, threads: options.threads)
    rowNorms = problem.neuronRows.rowNorms
    let base = problem.constantFit
    centreOffset = base
    centrePredictions = Array(repeating: base, count: problem.targets.count)
    dualPoint = certifier.feasibleDualPoint(problem.constantDualPoint)
    centre = Array(repeating: [], count: blocks.count)
    let n = Double(problem.targets.count).squareRoot()
    let spread = norm(problem.targets.map { $0 - base })
    reach = spread > 0 ? spread : n
    let pull = norm(dualPoint)
    slope = pull > 0 ? pull : n
    // A step of σ moves predictions by about σ‖DX‖²V.
    stretch = max(blocks.squaredStretch, 1e-300)
    sigma = 3 * reach / slope / stretch
    damping = blocks.pooling.rows > 1 ? 1 : 0
    bound = Bound(value: certifier.lowerBound(dualPoint, polarBound: .infinity).value, dualPoint: dualPoint)
    offerZero(base)
  }

  /// The relative gap between the best point and the best bound.
  var gap: Double { certifier.relativeGap(objective: best.objective, lowerBound: bound.value) }

  /// How far predictions may move in a round, in the same units as σ‖DX‖².
  private var tau: Double { 10 * sigma * stretch }
  private var offsetWeight: Double { problem.hasOffset ? sigma * stretch : 0 }

  /// The dual function at a point; nil where the work was cut short.
  private func evaluate(_ dualPoint: [Double], isCutShort: () -> Bool) -> Evaluation? {
    guard
      let active = blocks.active(dualPoint, centre: centre, sigma: sigma, isCancelled: isCutShort)
    else { return nil }
    let cut = sigma * problem.beta
    var square = 0.0
    let steps = active.map { block in
      square += (block.length - cut) * (block.length - cut)
      let factor = 1 - cut / block.length
      return (block: block.block, vector: block.point.map { factor * $0 })
    }
    let response = SampleResponse(
      problem, dualPoint: dualPoint, centre: centrePredictions, tau: tau)
    var value = response.value + square / (2 * sigma)
    var offset = 0.0
    if problem.hasOffset {
      offset = centreOffset + offsetWeight * dualPoint.reduce(0, +)
      value += offset * offset / (2 * offsetWeight)
    }
    let fitted = blocks.predictions(steps)
    let gradient = zip(fitted, response.predictions).map { $0 + offset - $1 }
    return Evaluation(
      dualPoint: dualPoint, active: active, steps: steps, response: response, offset: offset, fitted: fitted,
      value: value, gradient: gradient)
  }

  /// Minimises the dual function of this round to an accuracy that grows with the rounds. A round that is cut short
  /// before its first evaluation leaves nothing to advance to.
  func minimise(round: Int, isCancelled: () -> Bool, isCutShort: () -> Bool) {
    rounds = round
    current = nil
    guard var now = evaluate(dualPoint, isCutShort: isCutShort) else { return }
    for _ in 0..<50 {
      let residual = norm(now.gradient)
      // The objective errs by about ‖V‖ times the residual.
      let accuracy = max(0.01 * options.gap, min(0.2 * movement(now), pow10(-round + 1)))
      if residual <= accuracy * reach || steps >= options.maximumSteps || isCancelled() { break }
      guard let next = descend(from: now, residual: residual, isCutShort: isCutShort) else { break }
      now = next.evaluation
      // Beyond that, rounding decides.
      if next.decrement <= 1e-15 * best.objective { break }
    }
    dualPoint = now.dualPoint
    current = now
  }

  /// The point that a semismooth Newton step with a line search reaches, and the Newton decrement; nil where
  /// none gets lower, or the search was cut short.
  ///
  /// The floor of the compliances falls with the residual, for fast convergence at the end, and rises when a
  /// step fails. Where samples are sums over rows, steps of many samples at a kink go too far by orders of size: there it rises and falls with
  /// how much of a step is taken.
  private func descend(
    from now: Evaluation, residual: Double, isCutShort: () -> Bool
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

  private func pow10(_ exponent: Int) -> Double {
    exponent < -13 ? 1e-13 : (0..<(-exponent)).reduce(1.0) { power, _ in 0.1 * power }
  }

  /// How far the round has moved from its centre, in units of the predictions' size.
  private func movement(_ now: Evaluation) -> Double {
    var square = 0.0
    var seen = Set<Int>()
    for step in now.steps {
      seen.insert(step.block)
      let old = centre[step.block]
      for j in step.vector.indices {
        let change = step.vector[j] - (old.isEmpty ? 0 : old[j])
        square += change * change
      }
    }
    for block in centre.indices where !centre[block].isEmpty && !seen.contains(block) {
      square += dot(centre[block], centre[block])
    }
    return (square / sigma * reach / slope).squareRoot() / reach
  }

  /// Takes the round's minimiser as the next centre, records its objective and its bound, and lengthens σ.
  func advance(isCutShort: () -> Bool) {
    guard let now = current else { return }
    for block in centre.indices where !centre[block].isEmpty { centre[block] = [] }
    for step in now.steps { centre[step.block] = step.vector }
    centrePredictions = now.response.predictions
    centreOffset = problem.hasOffset ? now.offset : 0
    let predictions = now.fitted.map { $0 + centreOffset }
    let objective =
      problem.lossValue(predictions) + problem.beta * now.steps.reduce(0) { $0 + norm($1.vector) }
    if objective < best.objective {
      best = Point(blocks: now.steps, offset: centreOffset, objective: objective)
    }
    var joined = record(at: now.dualPoint, isCutShort: isCutShort)
    if gap > options.gap {
      joined += record(at: problem.dualPoint(predictions), isCutShort: isCutShort)
    }
    // Blocks that have just joined come to their size sooner in short rounds.
    sigma *= joined > 0 ? 1.5 : 3
  }

  /// Offers the best multiple of one block's vector: what a run has to show that was cut short before its first step.
  func offerOneBlock() {
    guard let (block, point) = blocks.strongest(dualPoint), norm(point) > problem.beta else { return }
    let unit = point.normalized
    let responses = blocks.predictions([(block, unit)])
    let base = problem.constantFit
    func predictions(_ length: Double) -> [Double] { responses.map { base + length * $0 } }
    // The slope of a convex function of the length.
    func slope(_ length: Double) -> Double {
      problem.beta - dot(problem.dualPoint(predictions(length)), responses)
    }
    var (low, high) = (0.0, reach / max(norm(responses), .leastNormalMagnitude))
    for _ in 0..<60 where slope(high) < 0 { (low, high) = (high, 2 * high) }
    for _ in 0..<60 {
      let middle = 0.5 * (low + high)
      if slope(middle) < 0 { low = middle } else { high = middle }
    }
    let objective = problem.lossValue(predictions(low)) + problem.beta * low
    guard objective < best.objective else { return }
    best = Point(blocks: [(block, unit.map { low * $0 })], offset: base, objective: objective)
  }

  private func offerZero(_ base: Double) {
    let objective = problem.lossValue(Array(repeating: base, count: problem.targets.count))
    if objective < best.objective { best = Point(blocks: [], offset: base, objective: objective) }
  }

  /// Records the bound of a dual point; says how many blocks joined those at work.
  @discardableResult
  private func record(at dualPoint: [Double], isCutShort: () -> Bool) -> Int {
    let feasible = certifier.feasibleDualPoint(dualPoint)
    guard feasible.allSatisfy(\.isFinite) else { return 0 }
    let space = certifier.rowSpace
    let hidden = zip(feasible, problem.atoms.deviation).reduce(0) { $0 + abs($1.0) * $1.1 }
    let found = blocks.polar(feasible, rowNorms: rowNorms, isCancelled: isCutShort)
    let polar = found.bound * space.stretch * (1 + 0x1p-40) + hidden * 1.001
    let value = certifier.lowerBound(feasible, polarBound: polar).value
    if value > bound.value {
      bound = Bound(
        value: value, dualPoint: feasible, polar: polar,
        multipliers: blocks.multipliers(feasible, polar: polar / space.stretch * (1 - 0x1p-30)))
    }
    return found.joined
  }

  /// The best point and bound.
  func solution(_ status: SolverStatus) -> GivenPatternsSolution {
    let space = certifier.rowSpace
    return GivenPatternsSolution(
      parts: best.blocks.map {
        (blocks.pattern($0.block), Part(sign: blocks.sign($0.block), vector: $0.vector))
      }, space: space, offset: best.offset, objective: best.objective, lowerBound: bound.value,
      dualPoint: bound.dualPoint, polarBound: bound.polar, multipliers: bound.multipliers, rank: space.rank,
      status: status, iterations: rounds, steps: steps)
  }
}
