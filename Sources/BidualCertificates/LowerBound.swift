import BidualLinear
import BidualModels

/// The dual objective −Σωᵢℓ*(−sVᵢ/ωᵢ, yᵢ), rounded down so that it holds in real arithmetic.
enum LowerBound {
  /// The best value over 0 ≤ s ≤ `longest`, and the s that takes it.
  ///
  /// The dual objective is concave in s: its maximum is bracketed by golden sections, which cost nothing in
  /// validity, since every s in the range proves a bound.
  ///
  /// - Complexity: O(n), some sixty times over.
  static func best(dualPoint: [Double], longest: Double, in problem: TrainingProblem) -> (
    value: Double, scale: Double
  ) {
    let origin = value(dualPoint, scale: 0, in: problem)
    guard dualPoint.contains(where: { $0 != 0 }) else { return (origin, 0) }
    var best = (value: value(dualPoint, scale: longest, in: problem), scale: longest)
    func tried(_ scale: Double) -> (value: Double, scale: Double) {
      let point = (value: value(dualPoint, scale: scale, in: problem), scale: scale)
      if point.value > best.value { best = point }
      return point
    }
    let section = 0.618_033_988_749_894_9
    var low = 0.0
    var high = longest
    var inner = tried(high - section * (high - low))
    var outer = tried(low + section * (high - low))
    // 200 sections shrink any range of scales to nothing; usually far fewer do.
    for _ in 0..<200 where high - low > 0x1p-40 * high {
      if inner.value < outer.value {
        low = inner.scale
        inner = outer
        outer = tried(low + section * (high - low))
      } else {
        high = outer.scale
        outer = inner
        inner = tried(high - section * (high - low))
      }
    }
    return origin > best.value ? (origin, 0) : best
  }

  /// −Σωᵢℓ*(−sVᵢ/ωᵢ, yᵢ), less a bound of its rounding; −∞ where sV may leave the conjugate's domain.
  static func value(
    _ dualPoint: [Double], scale: Double, in problem: TrainingProblem, rounding: Rounding = .anyProcessor
  ) -> Double {
    var sum = CompensatedSum()
    var magnitude = 0.0
    // What quotients, products and squares too small for a double can hide, as conjugates are no steeper than
    // |y|, the loss's parameter, or the logarithm of the smallest double.
    var vanished = 0.0
    func add(_ conjugate: Double, _ error: Double, _ i: Int) {
      sum.add(-conjugate)
      vanished +=
        1 + problem.weights[i / problem.outputs]
        * (1 + abs(problem.targets[i]) + (problem.loss.parameter ?? 0))
      magnitude += 0x1p-50 * abs(conjugate) + error
    }
    if let coupled = problem.loss.coupled {
      for i in problem.weights.indices {
        let places = problem.places(i)
        let (conjugate, error) = coupled.conjugate(
          dualPoint[places].map { -$0 }[...], scale: scale, targets: problem.targets[places],
          weight: problem.weights[i])
        guard conjugate < .infinity else { return -.infinity }
        for k in places { add(k == places.first ? conjugate : 0, k == places.first ? error : 0, k) }
      }
    } else {
      for i in dualPoint.indices {
        let (near, far) = ends(-dualPoint[i], scale)
        var (conjugate, error) = conjugate(near, i, in: problem)
        if far != near {
          let beyond = self.conjugate(far, i, in: problem)
          conjugate = max(conjugate, beyond.value)
          error = max(error, beyond.error)
        }
        guard conjugate < .infinity else { return -.infinity }
        add(conjugate, error, i)
      }
    }
    let charge = rounding.charge * (magnitude * (1 + 0x1p-40) + (scale > 0 ? 0x1p-1060 * vanished : 0))
    let value = sum.value - charge
    return value.isNaN ? -.infinity : value
  }

  /// ωᵢℓ*(d/ωᵢ, yᵢ) of a dual weight d and what its evaluation may be off by; infinite outside the domain.
  private static func conjugate(_ dual: Double, _ i: Int, in problem: TrainingProblem) -> (
    value: Double, error: Double
  ) {
    // The product sV was rounded: at the domain's ends it must have room for that.
    let domain = problem.dualDomain(i)
    guard dual * (1 + 0x1p-50) >= domain.lowerBound, dual * (1 + 0x1p-50) <= domain.upperBound else {
      return (.infinity, 0)
    }
    let weight = problem.weights[i / problem.outputs]
    let target = problem.targets[i]
    return (
      weight * problem.loss.conjugate(dual / weight, target: target),
      weight * problem.loss.conjugateError(dual / weight, target: target)
    )
  }

  /// Numbers between which s·v lies: the product itself, as conjugates bear its relative rounding, or those on
  /// both sides where it is so small that the rounding is absolute. A conjugate is convex, and largest at an end.
  private static func ends(_ v: Double, _ scale: Double) -> (Double, Double) {
    let product = scale * v
    guard abs(product) < 0x1p-1000, scale != 0, v != 0 else { return (product, product) }
    // A multiple of a number has its sign.
    let near = max(0, abs(product) - 0x1p-1073)
    let far = abs(product) + 0x1p-1073
    return v < 0 ? (-near, -far) : (near, far)
  }
}
