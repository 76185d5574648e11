/// A loss whose conjugate is ½cv² + vy on an interval [lo, hi] that holds 0: squared, absolute, hinge, Huber
/// and their like, kinks included.
///
///     ℓ(f, y) = max over lo ≤ v ≤ hi of v(f − y) − ½cv²
///
/// A conforming type states its name, c and the interval; everything else follows. The interior point
/// keeps v between its bounds by multipliers of their own, so kinks cost it nothing.
public protocol PiecewiseLinearQuadraticLoss: Loss {
  /// c ≥ 0; where c = 0 the interval must be bounded.
  var conjugateCurvature: Double { get }
}

extension PiecewiseLinearQuadraticLoss {
  /// It has unless c > 0.
  public var hasKinks: Bool { conjugateCurvature == 0 }

  /// v(f − y) − ½cv² at the maximising v.
  public func value(_ prediction: Double, target: Double) -> Double {
    let slope = derivative(prediction, target: target)
    return slope * (prediction - target - 0.5 * conjugateCurvature * slope)
  }

  /// The maximising v; at a kink the smallest.
  public func derivative(_ prediction: Double, target: Double) -> Double {
    let domain = dualDomain(target: target)
    let miss = prediction - target
    let slope =
      conjugateCurvature > 0
      ? miss / conjugateCurvature : miss > 0 ? domain.upperBound : miss < 0 ? domain.lowerBound : 0
    return min(max(slope, domain.lowerBound), domain.upperBound)
  }

  /// 1/c while v is inside the interval, else 0.
  public func curvature(_ prediction: Double, target: Double) -> Double {
    guard conjugateCurvature > 0 else { return 0 }
    let domain = dualDomain(target: target)
    let slope = (prediction - target) / conjugateCurvature
    return domain.contains(slope) ? 1 / conjugateCurvature : 0
  }

  /// ½cv² + vy.
  public func conjugate(_ dual: Double, target: Double) -> Double {
    guard dualDomain(target: target).contains(dual) else { return .infinity }
    return 0.5 * conjugateCurvature * dual * dual + dual * target
  }

  /// ½cv² and vy may cancel: 2⁻⁴⁹(½cv² + |vy|)·2.
  public func conjugateError(_ dual: Double, target: Double) -> Double {
    0x1p-49 * (conjugateCurvature * dual * dual + 2 * abs(dual * target))
  }
}
