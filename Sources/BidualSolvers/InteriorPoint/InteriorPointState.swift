import BidualLinear
import BidualObjectives

/// The iterate of the interior point with all its storage, in scaled units.
final class InteriorPointState {
  let program: ConicProgram
  let rank: Int
  let blocks: Int
  let beta: Double
  let columnScale: Double
  let terms: any SampleTerms
  var z: [Double]
  private(set) var offset = 0.0
  private let equations: NormalEquations
  /// The size of a correlation Aᵀp, whose rounding limits what can be reached.
  private let largestCorrelation: Double
  /// Whether samples enter through inner products only.
  private let isQuadratic: Bool
  private let startCorrelations: [Double]
  private let startSum: Double
  private let curvatureSum: Double
  private var value = 0.0
  private var t: [Double]
  private var omega: [Double]
  private var slack: [Double]
  private var multiplier: [Double]
  private var dualResidual: [Double]
  private var facetResidual: [Double]
  private var predictions: [Double]
  private var correlations: [Double]
  private var offsetResidual = 0.0
  // Directions, and the scaled second-order terms of the predictor.
  private var dt: [Double]
  private var dz: [Double]
  private var dOffset = 0.0
  private var dPredictions: [Double]
  private var pulled: [Double]
  private var dOmega: [Double]
  private var dSlack: [Double]
  private var dMultiplier: [Double]
  private var conePush: [Double]
  private var facetPush: [Double]
  private var tails: [Double]
  private var hessians: [Double]
  /// p, as `terms` had it at the iterate.
  private(set) var slopes: [Double]
  private(set) var gap = 0.0
  private(set) var objective = 0.0

  /// An iterate with the largest of its relative errors.
  private struct Iterate {
    let merit: Double
    let z: [Double]
    let offset: Double
    let omega: [Double]
    let slopes: [Double]
    let gap: Double
    let objective: Double
  }
  private var best: Iterate?
  private(set) var stepsSinceBest = 0

  init(_ program: ConicProgram, columnScale: Double, units: SampleUnits) {
    self.program = program
    self.columnScale = columnScale
    rank = program.rank
    blocks = program.blocks
    beta = program.problem.beta / (columnScale * units.slope)
    equations = NormalEquations(
      program, scale: 1 / columnScale, hasConstantCurvatures: program.problem.loss is SquaredLoss)
    let q = program.unknowns
    let f = program.facetCount
    let n = program.columns.columns
    predictions = Array(repeating: 0, count: n)
    dPredictions = predictions
    pulled = predictions
    var start = 0.5 / (Double(max(1, blocks)) * beta)
    if let loss = program.problem.loss as? any PiecewiseLinearQuadraticLoss {
      let piecewise = PiecewiseTerms(program.problem, loss: loss, units: units)
      start = 0.5 / (Double(max(1, blocks + piecewise.pairs)) * beta)
      piecewise.start(predictions, product: start * beta)
      terms = piecewise
    } else {
      terms = SmoothTerms(program.problem, units: units)
    }
    z = Array(repeating: 0, count: q)
    t = Array(repeating: start, count: blocks)
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
    conePush = Array(repeating: 0, count: blocks * (rank + 1))
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

  /// ‖ω‖/β of each block.
  var tightness: [Double] {
    (0..<blocks).map { norm(omega[($0 * rank)..<(($0 + 1) * rank)]) / beta }
  }

  /// The complementarity product per cone.
  private var centrality: Double { gap / pairs }

  /// The number of cones, facets and bounds of slopes.
  private var pairs: Double { Double(max(1, blocks + slack.count + terms.pairs)) }

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
      penalty += beta * t[b]
      gap += beta * t[b]
      for k in (b * rank)..<((b + 1) * rank) {
        gap += z[k] * omega[k]
        dualResidual[k] = correlations[k] - omega[k]
      }
      for f in program.facetStart[b]..<program.facetStart[b + 1] {
        var height = 0.0
        for k in 0..<rank {
          height += program.facets[f * rank + k] * z[b * rank + k]
          dualResidual[b * rank + k] -= program.facets[f * rank + k] * multiplier[f]
        }
        facetResidual[f] = height - slack[f]
        gap += slack[f] * multiplier[f]
      }
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
        merit: merit, z: z, offset: offset, omega: omega, slopes: terms.slopes, gap: gap, objective: objective
      )
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
    offset = best.offset
    omega = best.omega
    slopes = best.slopes
    gap = best.gap
    objective = best.objective
  }

  /// Makes `slopes` those of the iterate, where they were not carried along.
  func refreshSlopes() { if isQuadratic { updateSamples() } }

  /// One predictor–corrector step; nil where the linear algebra broke down.
  func step(_ tolerance: Double) -> Double? {
    if !terms.hasConstantCurvatures { equations.setCurvatures(terms.curvatures) }
    assembleHessians()
    if !equations.factor(hessians) {
      // A ridge far below the data's rounding makes up for lost definiteness.
      var bump = 0.0
      for b in 0..<blocks {
        for k in 0..<rank { bump = max(bump, hessians[(b * rank + k) * rank + k]) }
      }
      for b in 0..<blocks {
        for k in 0..<rank { hessians[(b * rank + k) * rank + k] += 1e-15 * (1 + bump) }
      }
      guard equations.factor(hessians) else { return nil }
    }
    predictorTerms()
    direction()
    let affine = longestStep()
    let sigma = (1 - min(1, affine)) * (1 - min(1, affine)) * (1 - min(1, affine))
    // A gap far below what is asked for makes the equations ill conditioned and gains nothing.
    let enough = 0.1 * tolerance * objective / pairs
    correctorTerms(target: max(sigma * centrality, enough))
    direction()
    let length = trusted(min(1, 0.99 * longestStep()))
    guard length > 1e-10, dz.allSatisfy(\.isFinite), dOmega.allSatisfy(\.isFinite) else { return nil }
    for b in 0..<blocks { t[b] += length * dt[b] }
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
    return length
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

  private func scaling(_ b: Int, _ tails: UnsafeMutablePointer<Double>) -> SecondOrderScaling {
    z.withUnsafeBufferPointer { z in
      omega.withUnsafeBufferPointer { omega in
        SecondOrderScaling(
          rank: rank, t: t[b], z: z.baseAddress! + b * rank, beta: beta, omega: omega.baseAddress! + b * rank,
          tail: tails + b * rank)
      }
    }
  }

  /// H of each block: η⁻²(I − 2wwᵀ/(2w₀² − 1)) + Σ (μ/s) ggᵀ over its facets.
  private func assembleHessians() {
    tails.withUnsafeMutableBufferPointer { tails in
      for b in 0..<blocks {
        let scaling = scaling(b, tails.baseAddress!)
        let inverse = 1 / (scaling.eta * scaling.eta)
        let fall = 2 * inverse / scaling.stretch
        for i in 0..<rank {
          for j in 0...i {
            hessians[(b * rank + i) * rank + j] =
              (i == j ? inverse : 0) - fall * scaling.tail[i] * scaling.tail[j]
          }
        }
        for f in program.facetStart[b]..<program.facetStart[b + 1] {
          let weight = multiplier[f] / slack[f]
          for i in 0..<rank {
            let g = weight * program.facets[f * rank + i]
            for j in 0...i { hessians[(b * rank + i) * rank + j] += g * program.facets[f * rank + j] }
          }
        }
      }
    }
  }

  /// The pushes of the pure Newton step: −λ̃∘λ̃ for cones, −sμ for facets.
  private func predictorTerms() {
    terms.preparePredictor()
    // λ̃ \ (−λ̃∘λ̃) = −Wλ, and W⁻¹ of that is −λ.
    for b in 0..<blocks {
      let place = b * (rank + 1)
      conePush[place] = -beta
      for k in 0..<rank { conePush[place + 1 + k] = -omega[b * rank + k] }
    }
    for f in slack.indices { facetPush[f] = -slack[f] * multiplier[f] }
  }

  /// The pushes with centring and Mehrotra's second-order correction, from the predictor's direction.
  private func correctorTerms(target: Double) {
    terms.prepareCorrector(target: target)
    let r = rank
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 4 * r) { scratch in
      let point = scratch.baseAddress!
      let primal = point + r
      let dual = primal + r
      let right = dual + r
      tails.withUnsafeMutableBufferPointer { tails in
        for b in 0..<blocks {
          let scaling = scaling(b, tails.baseAddress!)
          var pointHead = beta
          var primalHead = dt[b]
          var dualHead = 0.0
          for k in 0..<r {
            point[k] = omega[b * r + k]
            primal[k] = dz[b * r + k]
            dual[k] = dOmega[b * r + k]
          }
          scaling.apply(&pointHead, point)
          scaling.applyInverse(&primalHead, primal)
          scaling.apply(&dualHead, dual)
          // c = σμe − λ̃∘λ̃ − (W⁻¹dx)∘(Wdλ), then λ̃ \ c.
          var rightHead =
            target - pointHead * pointHead - dot(point, point, count: r) - primalHead * dualHead
            - dot(primal, dual, count: r)
          for k in 0..<r {
            right[k] = -2 * pointHead * point[k] - primalHead * dual[k] - dualHead * primal[k]
          }
          let length = norm(point, count: r)
          let determinant = (pointHead - length) * (pointHead + length)
          let along = dot(point, right, count: r)
          let head = (pointHead * rightHead - along) / determinant
          for k in 0..<r { right[k] = (right[k] - head * point[k]) / pointHead }
          rightHead = head
          scaling.applyInverse(&rightHead, right)
          conePush[b * (r + 1)] = rightHead
          for k in 0..<r { conePush[b * (r + 1) + 1 + k] = right[k] }
        }
      }
    }
    for f in slack.indices {
      facetPush[f] = target - slack[f] * multiplier[f] - dSlack[f] * dMultiplier[f]
    }
  }

  /// Solves for the direction that the pushes ask for.
  private func direction() {
    let r = rank
    // A squared loss holds p = ℓ′(f) exactly and pulls nowhere.
    if isQuadratic {
      for k in correlations.indices { correlations[k] = 0 }
    } else {
      for i in pulled.indices { pulled[i] = terms.curvatures[i] * terms.pulls[i] }
      equations.correlations(pulled, into: &correlations)
    }
    dOffset = program.problem.hasOffset ? -offsetResidual - pulled.reduce(0, +) : 0
    tails.withUnsafeMutableBufferPointer { tails in
      for b in 0..<blocks {
        let scaling = scaling(b, tails.baseAddress!)
        let push = b * (r + 1)
        let lift = 2 * scaling.head / scaling.stretch * conePush[push]
        for k in 0..<r {
          dz[b * r + k] =
            -dualResidual[b * r + k] - correlations[b * r + k] + conePush[push + 1 + k] + lift
            * scaling.tail[k]
        }
        for f in program.facetStart[b]..<program.facetStart[b + 1] {
          let force = (facetPush[f] - multiplier[f] * facetResidual[f]) / slack[f]
          for k in 0..<r { dz[b * r + k] += force * program.facets[f * r + k] }
        }
      }
      equations.solve(&dz, offset: &dOffset)
      for b in 0..<blocks {
        let scaling = scaling(b, tails.baseAddress!)
        let square = scaling.eta * scaling.eta
        let push = b * (r + 1)
        var along = 0.0
        for k in 0..<r { along += scaling.tail[k] * dz[b * r + k] }
        dt[b] = (square * conePush[push] + 2 * scaling.head * along) / scaling.stretch
        let lift = 2 * scaling.head / scaling.stretch * conePush[push]
        let fall = 2 * along / (square * scaling.stretch)
        for k in 0..<r {
          dOmega[b * r + k] =
            conePush[push + 1 + k] + (lift + fall) * scaling.tail[k] - dz[b * r + k] / square
        }
        for f in program.facetStart[b]..<program.facetStart[b + 1] {
          var height = 0.0
          for k in 0..<r { height += program.facets[f * r + k] * dz[b * r + k] }
          dSlack[f] = height + facetResidual[f]
          dMultiplier[f] = (facetPush[f] - multiplier[f] * dSlack[f]) / slack[f]
        }
      }
    }
    directSamples()
  }

  /// Takes the direction on to the samples.
  private func directSamples() {
    if isQuadratic { return }
    equations.predictions(dz, into: &dPredictions)
    if program.problem.hasOffset {
      for i in dPredictions.indices { dPredictions[i] += dOffset }
    }
    terms.direct(dPredictions)
  }

  /// The longest step that keeps all cones and facets, at most a little over 1.
  private func longestStep() -> Double {
    var length = min(1 / 0.99, terms.longestStep())
    z.withUnsafeBufferPointer { z in
      dz.withUnsafeBufferPointer { dz in
        omega.withUnsafeBufferPointer { omega in
          dOmega.withUnsafeBufferPointer { dOmega in
            for b in 0..<blocks {
              let place = b * rank
              length = min(
                length,
                SecondOrderScaling.longestStep(
                  rank: rank, t[b], z.baseAddress! + place, dt[b], dz.baseAddress! + place),
                SecondOrderScaling.longestStep(
                  rank: rank, beta, omega.baseAddress! + place, 0, dOmega.baseAddress! + place))
            }
          }
        }
      }
    }
    for f in slack.indices {
      if dSlack[f] < 0 { length = min(length, -slack[f] / dSlack[f]) }
      if dMultiplier[f] < 0 { length = min(length, -multiplier[f] / dMultiplier[f]) }
    }
    return length
  }
}
