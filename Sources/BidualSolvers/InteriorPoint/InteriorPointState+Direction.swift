import BidualLinear

/// The direction of a step: the Hessians of the blocks, what predictor and corrector ask for, the solution of
/// the Newton equations for it, and how far it may go.
extension InteriorPointState {
  private func scaling(_ c: Int, _ tails: UnsafeMutablePointer<Double>) -> SecondOrderScaling {
    z.withUnsafeBufferPointer { z in
      omega.withUnsafeBufferPointer { omega in
        let place = c * coneRank
        return SecondOrderScaling(
          rank: coneRank, t: t[c], z: z.baseAddress! + place, beta: beta, omega: omega.baseAddress! + place,
          tail: tails + place)
      }
    }
  }

  /// H of each block: η⁻²(I − 2wwᵀ/(2w₀² − 1)) of each of its cones, and Σ (μ/s) ggᵀ over its facets if wanted.
  func assembleHessians(withFacets: Bool) {
    if program.conesPerBlock > 1 { for k in hessians.indices { hessians[k] = 0 } }
    tails.withUnsafeMutableBufferPointer { tails in
      for b in 0..<blocks {
        for cone in 0..<program.conesPerBlock {
          let scaling = scaling(b * program.conesPerBlock + cone, tails.baseAddress!)
          let inverse = 1 / (scaling.eta * scaling.eta)
          let fall = 2 * inverse / scaling.stretch
          let first = cone * coneRank
          for i in 0..<coneRank {
            for j in 0...i {
              hessians[(b * rank + first + i) * rank + first + j] =
                (i == j ? inverse : 0) - fall * scaling.tail[i] * scaling.tail[j]
            }
          }
        }
      }
    }
    if withFacets { facets.addGram(of: multiplier, over: slack, to: &hessians) }
  }

  /// The pushes of the pure Newton step: −λ̃∘λ̃ for cones, −sμ for facets.
  func predictorTerms() {
    terms.preparePredictor()
    // λ̃ \ (−λ̃∘λ̃) = −Wλ, and W⁻¹ of that is −λ.
    for c in 0..<cones {
      let place = c * (coneRank + 1)
      conePush[place] = -beta
      for k in 0..<coneRank { conePush[place + 1 + k] = -omega[c * coneRank + k] }
    }
    for f in slack.indices { facetPush[f] = -slack[f] * multiplier[f] }
  }

  /// The pushes with centring and Mehrotra's second-order correction from the last direction, or for
  /// centring alone.
  func correctorTerms(target: Double, isCentring: Bool = false) {
    if isCentring { terms.prepareCentring(target: target) } else { terms.prepareCorrector(target: target) }
    let r = coneRank
    let share = isCentring ? 0.0 : 1
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 4 * r) { scratch in
      let point = scratch.baseAddress!
      let primal = point + r
      let dual = primal + r
      let right = dual + r
      tails.withUnsafeMutableBufferPointer { tails in
        for c in 0..<cones {
          let scaling = scaling(c, tails.baseAddress!)
          var pointHead = beta
          var primalHead = share * dt[c]
          var dualHead = 0.0
          for k in 0..<r {
            point[k] = omega[c * r + k]
            primal[k] = share * dz[c * r + k]
            dual[k] = dOmega[c * r + k]
          }
          scaling.apply(&pointHead, point)
          scaling.applyInverse(&primalHead, primal)
          scaling.apply(&dualHead, dual)
          // σμe − λ̃∘λ̃ − (W⁻¹dx)∘(Wdλ), then λ̃ \ that.
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
          conePush[c * (r + 1)] = rightHead
          for k in 0..<r { conePush[c * (r + 1) + 1 + k] = right[k] }
        }
      }
    }
    for f in slack.indices {
      facetPush[f] = target - slack[f] * multiplier[f] - share * dSlack[f] * dMultiplier[f]
    }
  }

  /// Solves for the direction that the pushes ask for, and that takes off a share of the residuals.
  func direction(eagerness: Double = 1) {
    // A squared loss holds p = ℓ′(f) exactly and pulls nowhere.
    if isQuadratic || augmented != nil {
      for k in correlations.indices { correlations[k] = 0 }
    } else {
      for i in pulled.indices { pulled[i] = terms.curvatures[i] * terms.pulls[i] }
      equations.correlations(pulled, into: &correlations)
    }
    dOffset = program.problem.hasOffset ? -eagerness * offsetResidual : 0
    tails.withUnsafeMutableBufferPointer { tails in
      for c in 0..<cones { ask(c, scaling(c, tails.baseAddress!), eagerness) }
      if augmented == nil { askFacets(eagerness) }
      if let augmented {
        for i in dSlopes.indices { dSlopes[i] = -terms.pulls[i] }
        for f in slack.indices {
          dMultiplier[f] = facetPush[f] / multiplier[f] - eagerness * facetResidual[f]
        }
        augmented.solve(z: &dz, offset: &dOffset, slopes: &dSlopes, multipliers: &dMultiplier)
      } else {
        if program.problem.hasOffset, !isQuadratic { dOffset -= pulled.reduce(0, +) }
        equations.solve(&dz, offset: &dOffset)
      }
      for c in 0..<cones { answer(c, scaling(c, tails.baseAddress!)) }
      answerFacets(eagerness)
    }
    directSamples()
  }

  /// The right-hand side of a cone.
  private func ask(_ c: Int, _ scaling: SecondOrderScaling, _ eagerness: Double) {
    let r = coneRank
    let push = c * (r + 1)
    let lift = 2 * scaling.head / scaling.stretch * conePush[push]
    for k in 0..<r {
      dz[c * r + k] =
        -eagerness * dualResidual[c * r + k] - correlations[c * r + k] + conePush[push + 1 + k] + lift
        * scaling.tail[k]
    }
  }

  /// What facets, unless they have rows of their own, add to the right-hand side of their blocks.
  private func askFacets(_ eagerness: Double) {
    for f in slack.indices {
      dMultiplier[f] = (facetPush[f] - multiplier[f] * eagerness * facetResidual[f]) / slack[f]
    }
    facets.add(1, dMultiplier, to: &dz)
  }

  /// What the change of a cone's vector makes of its other variables.
  private func answer(_ c: Int, _ scaling: SecondOrderScaling) {
    let r = coneRank
    let square = scaling.eta * scaling.eta
    let push = c * (r + 1)
    var along = 0.0
    for k in 0..<r { along += scaling.tail[k] * dz[c * r + k] }
    dt[c] = (square * conePush[push] + 2 * scaling.head * along) / scaling.stretch
    let lift = 2 * scaling.head / scaling.stretch * conePush[push]
    let fall = 2 * along / (square * scaling.stretch)
    for k in 0..<r {
      dOmega[c * r + k] =
        conePush[push + 1 + k] + (lift + fall) * scaling.tail[k] - dz[c * r + k] / square
    }
  }

  /// What the change of the blocks' vectors makes of their facets' variables.
  private func answerFacets(_ eagerness: Double) {
    facets.heights(dz, into: &dSlack)
    for f in slack.indices {
      dSlack[f] += eagerness * facetResidual[f]
      if augmented == nil { dMultiplier[f] = (facetPush[f] - multiplier[f] * dSlack[f]) / slack[f] }
    }
  }

  /// Takes the direction on to the samples.
  private func directSamples() {
    if isQuadratic { return }
    equations.predictions(dz, into: &dPredictions)
    if program.problem.hasOffset {
      for i in dPredictions.indices { dPredictions[i] += dOffset }
    }
    terms.direct(dPredictions, slopes: augmented == nil ? nil : dSlopes)
  }

  /// The longest step that keeps all cones and facets, at most a little over 1.
  func longestStep() -> Double {
    var length = min(1 / 0.99, terms.longestStep())
    z.withUnsafeBufferPointer { z in
      dz.withUnsafeBufferPointer { dz in
        omega.withUnsafeBufferPointer { omega in
          dOmega.withUnsafeBufferPointer { dOmega in
            for c in 0..<cones {
              let place = c * coneRank
              length = min(
                length,
                SecondOrderScaling.longestStep(
                  rank: coneRank, t[c], z.baseAddress! + place, dt[c], dz.baseAddress! + place),
                SecondOrderScaling.longestStep(
                  rank: coneRank, beta, omega.baseAddress! + place, 0, dOmega.baseAddress! + place))
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
