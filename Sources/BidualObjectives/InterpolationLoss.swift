/// The loss of interpolation: 0 while |f − y| ≤ δ, infinite beyond; training with it finds the network of
/// least penalty through the targets (the "neural gauge", PE20 §2.1).
///
/// ℓ*(v, y) = vy + δ|v|. The tolerance δ is how far the network at hand misses the targets by rounding,
/// so that a certificate speaks of all networks that come as close.
public struct InterpolationLoss: Loss, Equatable {
  /// δ.
  public let tolerance: Double

  /// The loss with tolerance δ.
  ///
  /// - Throws: `LossParameterError` unless δ is a number and not negative.
  public init(tolerance: Double) throws(LossParameterError) {
    guard tolerance.isFinite, tolerance >= 0 else {
      throw LossParameterError("the tolerance of interpolation is \(tolerance); give a number from 0 on")
    }
    self.tolerance = tolerance
  }

  /// `interpolation`.
  public var name: String { "interpolation" }

  /// It is a limit.
  public var isLimit: Bool { true }

  /// δ.
  public var parameter: Double? { tolerance }

  /// 0 within the tolerance, else infinite.
  public func value(_ prediction: Double, target: Double) -> Double {
    let difference = prediction - target
    // Where the rounded difference is just δ, what was rounded off decides (Knuth's sum without error).
    let share = difference - prediction
    let rest = (prediction - (difference - share)) - (target + share)
    let isNear =
      abs(difference) < tolerance || (abs(difference) == tolerance && !(rest * difference > 0))
    return isNear ? 0 : .infinity
  }

  /// 0: the loss has no slope where it is finite.
  public func derivative(_ prediction: Double, target: Double) -> Double { 0 }

  /// 0.
  public func curvature(_ prediction: Double, target: Double) -> Double { 0 }

  /// vy + δ|v|.
  public func conjugate(_ dual: Double, target: Double) -> Double { dual * target + tolerance * abs(dual) }

  /// y − o: the loss is one of f − y.
  public func target(_ target: Double, less offset: Double) -> (target: Double, weight: Double)? {
    (target - offset, 1)
  }

  /// All numbers.
  public func dualDomain(target: Double) -> ClosedRange<Double> { -.infinity ... .infinity }

  /// 0: the value is 0 or infinite.
  public func valueError(_ prediction: Double, target: Double) -> Double { 0 }

  /// vy and δ|v| may cancel.
  public func conjugateError(_ dual: Double, target: Double) -> Double {
    0x1p-49 * abs(dual) * (abs(target) + tolerance)
  }
}
