import BidualLinear
import BidualObjectives

/// The iterate of the interior point with all its storage, in scaled units.
final class InteriorPointState {
  let program: ConicProgram
  let rank: Int
  let blocks: Int
  let cones: Int
  let coneRank: Int
  let beta: Double
  let columnScale: Double
  let terms: any SampleTerms
  var z: [Double]
  private(set) var offset = 0.0
  let equations: NormalEquations
  var facets: FacetNormals
  /// The size of a correlation Aᵀp, whose rounding limits what can be reached.
  private let largestCorrelation: Double
  /// The system for the last digits, once they are asked for.
  private(set) var augmented: AugmentedEquations?
  /// Whether samples enter through inner products only.
  private(set) var isQuadratic: Bool
  private let startCorrelations: [Double]
  private let startSum: Double
  private let curvatureSum: Double
  private var value = 0.0
  var t: [Double]
  var omega: [Double]
  var slack: [Double]
  var multiplier: [Double]
  var dualResidual: [Double]
  var facetResidual: [Double]
  private var predictions: [Double]
  var correlations: [Double]
  var offsetResidual = 0.0
  // Directions, and the scaled second-order terms of the predictor.
  var dt: [Double]
  var dz: [Double]
  var dOffset = 0.0
  var dPredictions: [Double]
  var pulled: [Double]
  var dSlopes: [Double]
  var dOmega: [Double]
  var dSlack: [Double]
  var dMultiplier: [Double]
  var conePush: [Double]
  var facetPush: [Double]
  var tails: [Double]
  var hessians: [Double]
  /// p, as `terms` had it at the iterate.
  private(set) var slopes: [Double]
  private(set) var gap = 0.0
  private(set) var objective = 0.0

  /// An iterate with the largest of its relative errors.
  private struct Iterate {
    let merit: Double
    let z: [Double]
    let t: [Double]
    let offset: Double
    let omega: [Double]
    let slack: [Double]
    let multiplier: [Double]
    let slopes: [Double]
    let gap: Double
    let objective: Double
  }
  private var best: Iterate?
  private(set) var stepsSinceBest = 0

  init(_ program: ConicProgram, columnScale: Double, units: SampleUnits) {
    self.program = program
    self.columnScale = columnScale
    facets = FacetNormals(program)
    rank = program.rank
    blocks = program.blocks
    cones = program.cones
    coneRank = program.coneRank
    beta = program.problem.beta / (columnScale * units.slope)
    equations = NormalEquations(
      program, scale: 1 / columnScale, hasConstantCurvatures: program.problem.loss.isHalfSquare)
    let q = program.unknowns
    let f = program.facetCount
    let n = program.columns.columns
    predictions = Array(repeating: 0, count: n)
    dPredictions = predictions
    pulled = predictions
    dSlopes = predictions
    var start = 0.5 / (Double(max(1, cones)) * beta)
    if let loss = program.problem.loss as? any PiecewiseLinearQuadraticLoss {
      let piecewise = PiecewiseTerms(program.problem, loss: loss, units: units)
      start = 0.5 / (Double(max(1, cones + piecewise.pairs)) * beta)
      piecewise.start(predictions, product: start * beta)
      terms = piecewise
    } else {
      terms = SmoothTerms(program.problem, units: units)
    }
    z = Array(repeating: 0, count: q)
    t = Array(repeating: start, count: cones)
    omega = z
    slack = Array(repeating: start, count: f)
    multiplier = Array(repeating: beta, count: f)
    dualResidual = z
    facetResidual = slack
    correlations = z
    dt = t
    dz = z
    dOmega = z
    dSlack = slack
    dMultiplier = slack
    conePush = Array(repeating: 0, count: cones * (coneRank + 1))
    facetPush = slack
    tails = z
    hessians = Array(repeating: 0, count: q * rank)
    terms.update(predictions)
    isQuadratic = equations.prefersGram
    slopes = terms.slopes
    equations.correlations(slopes, into: &correlations)
    largestCorrelation = correlations.reduce(0) { max($0, abs($1)) }
    startCorrelations = correlations
    startSum = slopes.reduce(0, +)
    curvatureSum = terms.curvatures.reduce(0, +)
    if terms.hasConstantCurvatures { equations.setCurvatures(terms.curvatures) }
  }

  /// ‖ω‖/β of each block, for the longest of its cones.
  var tightness: [Double] {
    (0..<blocks).map { b in
      ((b * program.conesPerBlock)..<((b + 1) * program.conesPerBlock)).reduce(0) { longest, c in
        max(longest, norm(omega[(c * coneRank)..<((c + 1) * coneRank)]) / beta)
      }
    }
  }

  /// The complementarity product per cone.
  private var centrality: Double { gap / pairs }

  /// The number of cones, facets and bounds of slopes.
  private var pairs: Double { Double(max(1, cones + slack.count + terms.pairs)) }

  func updateResiduals() {
    if isQuadratic {
      updateByGram()
    } else {
      updateSamples()
      equations.correlations(slopes, into: &correlations)
      offsetResidual = program.problem.hasOffset ? slopes.reduce(0, +) : 0
      value = terms.value
    }
    gap = terms.complementarity
    var penalty = 0.0
    for b in 0..<blocks {
      for c in (b * program.conesPerBlock)..<((b + 1) * program.conesPerBlock) {
        penalty += beta * t[c]
        gap += beta * t[c]
      }
      for k in (b * rank)..<((b + 1) * rank) {
        gap += z[k] * omega[k]
        dualResidual[k] = correlations[k] - omega[k]
      }
    }
    facets.add(-1, multiplier, to: &dualResidual)
    facets.heights(z, into: &facetResidual)
    for f in slack.indices {
      facetResidual[f] -= slack[f]
      gap += slack[f] * multiplier[f]
    }
    objective = value + penalty
  }

  /// Takes in the predictions of the iterate.
  func updateSamples() {
    equations.predictions(z, into: &predictions)
    for i in predictions.indices { predictions[i] += offset }
    terms.update(predictions)
    slopes = terms.slopes
  }

  /// Loss and correlations by inner products alone, for a squared loss: with p = p₀ + D(Az + b1),
  /// Aᵀp = Aᵀp₀ + AᵀDAz + AᵀD1b, and the loss is ½Σpᵢ²/Dᵢ.
  private func updateByGram() {
    equations.applyGram(z, offset: offset, into: &correlations)
    var product = 0.0
    for k in z.indices {
      product += z[k] * (correlations[k] + 2 * startCorrelations[k])
      correlations[k] += startCorrelations[k]
    }
    if program.problem.hasOffset {
      let along = equations.alongOffset(z)
      offsetResidual = startSum + along + offset * curvatureSum
      product += offset * (along + offset * curvatureSum + 2 * startSum)
    }
    value = max(0, terms.value + 0.5 * product)
  }

  /// Whether the iterate meets the tolerance; keeps the best iterate on the way.
  func isOptimal(_ tolerance: Double) -> Bool {
    var dual = 0.0
    for value in dualResidual { dual = max(dual, abs(value)) }
    var primal = 0.0
    for value in facetResidual { primal = max(primal, abs(value)) }
    let longest = t.max() ?? 0
    // Beyond the rounding of Aᵀp no progress can be seen.
    let dualLimit = max(tolerance * beta, 1e-14 * largestCorrelation)
    let balance = abs(offsetResidual) * offsetShare
    let merit = max(
      gap / max(objective, 1e-300), dual / beta, longest > 0 ? primal / longest : 0, terms.infeasibility,
      balance / beta)
    // Far from the optimum errors come and go; near it, rounding has the last word.
    if let best, best.merit < 1e-5 { stepsSinceBest += 1 }
    if merit < (best?.merit ?? .infinity) {
      best = Iterate(
        merit: merit, z: z, t: t, offset: offset, omega: omega, slack: slack, multiplier: multiplier,
        slopes: terms.slopes, gap: gap, objective: objective)
      terms.keep()
      stepsSinceBest = 0
    }
    let isFeasible =
      primal <= tolerance * longest && terms.infeasibility <= max(tolerance, 1e-14)
      && balance <= 100 * dualLimit
    if gap <= tolerance * objective && dual <= dualLimit && isFeasible { return true }
    return gap <= 1e-13 * objective && dual <= 100 * dualLimit && isFeasible
  }

  /// Goes back to the iterate that came closest to optimality.
  func restoreBest() {
    guard let best else { return }
    z = best.z
    t = best.t
    offset = best.offset
    omega = best.omega
    slack = best.slack
    multiplier = best.multiplier
    terms.goBack()
    slopes = best.slopes
    gap = best.gap
    objective = best.objective
  }

  /// Goes back to the best iterate and on from there by the system that keeps the last digits; false if that was
  /// done before, or would take too long.
  func sharpen() -> Bool {
    guard augmented == nil, AugmentedEquations.order(program) <= AugmentedEquations.largestOrder else {
      return false
    }
    augmented = AugmentedEquations(program, scale: 1 / columnScale)
    restoreBest()
    stepsSinceBest = 0
    isQuadratic = false
    return true
  }

  /// Makes `slopes` those of the iterate, where they were not carried along.
  func refreshSlopes() { if terms.hasConstantCurvatures { updateSamples() } }

  private func factor() -> Bool {
    if let augmented {
      assembleHessians(withFacets: false)
      return augmented.factor(hessians, curvatures: terms.curvatures, slack: slack, multiplier: multiplier)
    }
    if !terms.hasConstantCurvatures { equations.setCurvatures(terms.curvatures) }
    assembleHessians(withFacets: true)
    if equations.factor(hessians) { return true }
    // A ridge far below the data's rounding makes up for lost definiteness.
    var bump = 0.0
    for b in 0..<blocks {
      for k in 0..<rank { bump = max(bump, hessians[(b * rank + k) * rank + k]) }
    }
    for b in 0..<blocks {
      for k in 0..<rank { hessians[(b * rank + k) * rank + k] += 1e-15 * (1 + bump) }
    }
    return equations.factor(hessians)
  }

  /// One predictor–corrector step, or where it would be short a step towards the central path; returns how far the
  /// former goes, nil where the linear algebra broke down.
  func step(_ tolerance: Double) -> Double? {
    guard factor() else { return nil }
    predictorTerms()
    direction()
    let affine = longestStep()
    let sigma = (1 - min(1, affine)) * (1 - min(1, affine)) * (1 - min(1, affine))
    // A gap far below what is asked for makes the equations ill conditioned and gains nothing.
    let enough = 0.1 * tolerance * objective / pairs
    correctorTerms(target: max(sigma * centrality, enough))
    direction()
    let reach = trusted(min(1, 0.99 * longestStep()))
    var length = reach
    if length < 0.05 {
      // Products far apart block the way, or too small ones beside what is still infeasible: even them out before
      // going on, and far from the optimum widen the path.
      let isLost = (best?.merit ?? 1) > 1e-3
      correctorTerms(target: max((isLost ? 10 : 1) * centrality, enough), isCentring: true)
      direction(eagerness: 0)
      length = trusted(min(1, 0.99 * longestStep()))
    }
    guard length > 1e-10, dz.allSatisfy(\.isFinite), dOmega.allSatisfy(\.isFinite) else { return nil }
    for c in t.indices { t[c] += length * dt[c] }
    for k in z.indices {
      z[k] += length * dz[k]
      omega[k] += length * dOmega[k]
    }
    offset += length * dOffset
    terms.advance(length)
    for f in slack.indices {
      slack[f] += length * dSlack[f]
      multiplier[f] += length * dMultiplier[f]
    }
    return reach
  }

  /// The step, halved until what the linearised loss does not explain is small beside what is still wrong.
  private func trusted(_ length: Double) -> Double {
    var limit = max(beta * min(1, gap / max(objective, 1e-300)), abs(offsetResidual) * offsetShare)
    for value in dualResidual { limit = max(limit, abs(value)) }
    var length = length
    for _ in 0..<12 {
      guard let remainder = terms.remainder(length) else { return length }
      equations.correlations(remainder, into: &correlations)
      let worst = correlations.reduce(abs(remainder.reduce(0, +)) * offsetShare) { max($0, abs($1)) }
      if worst <= 0.3 * limit { return length }
      length *= 0.5
    }
    return length
  }

  /// Weighs the offset's equation, whose column has length √n, like the others, whose columns have length 1.
  private var offsetShare: Double {
    program.problem.hasOffset ? 1 / Double(predictions.count).squareRoot() : 0
  }
}
