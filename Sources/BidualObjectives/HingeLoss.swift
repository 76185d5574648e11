/// The hinge loss of the support vector machine, ℓ(f, y) = (1 − yf)₊ for y = ±1.
///
/// ℓ*(v, y) = vy for −1 ≤ vy ≤ 0.
public struct HingeLoss: PiecewiseLinearQuadraticLoss, Equatable {
  /// The loss; it has no parameters.
  public init() {}

  /// `hinge`.
  public var name: String { "hinge" }

  /// ±1.
  public var targetKind: TargetKind { .sign }

  /// 0.
  public var conjugateCurvature: Double { 0 }

  /// [−1, 0] for y = 1 and [0, 1] for y = −1.
  public func dualDomain(target: Double) -> ClosedRange<Double> { target > 0 ? -1...0 : 0...1 }
}
