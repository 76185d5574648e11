/// A convex loss ℓ(f, y) ≥ 0 of one prediction f and one target y; a training loss is its weighted sum over
/// samples, and over outputs where a sample has several, unless `coupled` says otherwise.
///
/// Conform to this protocol to train with a smooth loss of your own, and to
/// `PiecewiseLinearQuadraticLoss` for one with kinks. Certificates rest on `value` and `conjugate` alone;
/// the rest only steers solvers.
public protocol Loss: Sendable {
  /// The name in files and on the command line.
  var name: String { get }

  /// The parameter that files keep beside the name, such as Huber's threshold; nil for a loss without one.
  var parameter: Double? { get }

  /// Which targets the loss is made for.
  var targetKind: TargetKind { get }

  /// Whether it is a limit rather than a measure, as that of interpolation: 0 near the target, infinite elsewhere.
  var isLimit: Bool { get }

  /// Whether its derivative jumps anywhere.
  var hasKinks: Bool { get }

  /// Whether it is ½(f − y)², for which there are closed forms.
  var isHalfSquare: Bool { get }

  /// The loss of a whole sample, for losses that are more than a sum over its outputs; nil for those that are not.
  var coupled: (any CoupledLoss)? { get }

  /// The probability of each class by the predictions of a sample, whose classes it tells apart; nil for losses that say nothing of it.
  var classProbabilities: (@Sendable (_ predictions: ArraySlice<Double>) -> [Double])? { get }

  /// ℓ(f, y).
  func value(_ prediction: Double, target: Double) -> Double

  /// A target y′ and a weight ω with ℓ(f + o, y) = ω·ℓ(f, y′) for all f and an offset o, but for what is rounded off; nil for losses that have none.
  func target(_ target: Double, less offset: Double) -> (target: Double, weight: Double)?

  /// What a prediction says of the target in the target's own unit, by which squared and absolute errors go: the prediction itself, or for
  /// counts e^f.
  func estimate(_ prediction: Double) -> Double

  /// A derivative or subderivative of ℓ(·, y) at f.
  func derivative(_ prediction: Double, target: Double) -> Double

  /// The second derivative of ℓ(·, y) at f, or a one-sided one.
  func curvature(_ prediction: Double, target: Double) -> Double

  /// The conjugate ℓ*(v, y) = sup_f vf − ℓ(f, y); infinite outside its domain.
  func conjugate(_ dual: Double, target: Double) -> Double

  /// The closure of the domain {v : ℓ*(v, y) < ∞}, which holds 0; the projection onto it clips.
  func dualDomain(target: Double) -> ClosedRange<Double>

  /// A bound of the rounding error of `value`.
  func valueError(_ prediction: Double, target: Double) -> Double

  /// A bound of the rounding error of `conjugate` inside its domain, one of v by 2⁻⁵¹|v| included.
  func conjugateError(_ dual: Double, target: Double) -> Double
}

extension Loss {
  /// No parameter.
  public var parameter: Double? { nil }

  /// The prediction itself.
  public func estimate(_ prediction: Double) -> Double { prediction }

  /// Any real number.
  public var targetKind: TargetKind { .real }

  /// It is a measure.
  public var isLimit: Bool { false }

  /// Whether there are slopes that descent can follow.
  public var hasSlope: Bool { !isLimit }

  /// None.
  public var hasKinks: Bool { false }

  /// It is not.
  public var isHalfSquare: Bool { false }

  /// Nothing is said of them.
  public var classProbabilities: (@Sendable (_ predictions: ArraySlice<Double>) -> [Double])? { nil }

  /// It is a sum.
  public var coupled: (any CoupledLoss)? { nil }

  /// None.
  public func target(_ target: Double, less offset: Double) -> (target: Double, weight: Double)? { nil }

  /// 2⁻⁴⁹ℓ: enough where ℓ is computed without cancellation.
  public func valueError(_ prediction: Double, target: Double) -> Double {
    0x1p-49 * abs(value(prediction, target: target))
  }

  /// 2⁻⁴⁹(|ℓ*| + 2|vy|): enough where ℓ* is a sum of vy and terms that do not cancel.
  public func conjugateError(_ dual: Double, target: Double) -> Double {
    0x1p-49 * (abs(conjugate(dual, target: target)) + 2 * abs(dual * target))
  }
}

/// Which targets a loss is made for.
public enum TargetKind: Sendable, Equatable {
  /// Any real number.
  case real
  /// −1 and +1, for two classes.
  case sign
  /// Numbers that are not negative.
  case count
  /// For each sample a 1 at its class and 0 at the others, two or more.
  case oneHot
}
