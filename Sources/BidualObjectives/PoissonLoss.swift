import RealModule

/// Half the deviance of Poisson regression, for counts y ≥ 0 whose mean is modelled as exp(f):
///
///     ℓ(f, y) = exp(f) − yf − (y − y log y)
///
/// ℓ*(v, y) = (v + y) log((v + y)/y) − v + v log y for v ≥ −y.
public struct PoissonLoss: Loss, Equatable {
  /// The loss; it has no parameters.
  public init() {}

  /// `poisson`.
  public var name: String { "poisson" }

  /// Numbers that are not negative.
  public var targetKind: TargetKind { .count }

  /// exp(f) − yf − (y − y log y), formed about its minimum f = log y.
  public func value(_ prediction: Double, target: Double) -> Double {
    guard target > 0 else { return .exp(prediction) }
    let excess = prediction - .log(target)
    // Far from the minimum nothing cancels, and exp(f)/y may be beyond the doubles though exp(f) is not.
    guard excess < 40 else { return .exp(prediction) - target * (1 + excess) }
    return max(0, target * (.expMinusOne(excess) - excess))
  }

  /// exp(f), the expected count.
  public func estimate(_ prediction: Double) -> Double { .exp(prediction) }

  /// exp(f) − y.
  public func derivative(_ prediction: Double, target: Double) -> Double { .exp(prediction) - target }

  /// exp(f).
  public func curvature(_ prediction: Double, target: Double) -> Double { .exp(prediction) }

  /// (v + y) log((v + y)/y) − v + v log y; v log v − v for y = 0.
  public func conjugate(_ dual: Double, target: Double) -> Double {
    guard dual + target >= 0 else { return .infinity }
    guard target > 0 else { return dual > 0 ? dual * .log(dual) - dual : 0 }
    let ratio = dual / target
    // Where v/y nears the end of the doubles, v + y is v and nothing cancels in (v + y) log(v + y) − v − y log y.
    guard ratio < 0x1p100 else {
      return (dual + target) * .log(dual + target) - dual - target * .log(target)
    }
    let entropy = ratio > -1 ? (1 + ratio) * Double.log(onePlus: ratio) : 0
    return target * (entropy - ratio) + dual * .log(target)
  }

  /// ye⁻ᵒ with the weight eᵒ: exp(f + o) − y(f + o) − y + y log y is eᵒ(exp(f) − y′f − y′ + y′ log y′) for y′ = ye⁻ᵒ.
  public func target(_ target: Double, less offset: Double) -> (target: Double, weight: Double)? {
    (target * .exp(-offset), .exp(offset))
  }

  /// v ≥ −y.
  public func dualDomain(target: Double) -> ClosedRange<Double> { (-target) ... .infinity }

  /// A shift of f by rounding moves ℓ by |ℓ'| times it; f − log y is rounded to 2⁻⁵²(|f| + |log y|).
  public func valueError(_ prediction: Double, target: Double) -> Double {
    let size = 1 + abs(prediction) + (target > 0 ? abs(Double.log(target)) : 0)
    let slope = abs(derivative(prediction, target: target))
    return 0x1p-49 * (value(prediction, target: target) + slope * size)
      + 0x1p-98 * (target + .exp(prediction)) * size * size
  }

  /// Each term is of the order |v|(1 + |log y| + |log(1 + v/y)|).
  public func conjugateError(_ dual: Double, target: Double) -> Double {
    let size = abs(Double.log(max(target, 0x1p-1000))) + abs(Double.log(max(dual + target, 0x1p-1000)))
    return 0x1p-47 * abs(dual) * (1 + size)
  }
}
