/// The absolute error, ℓ(f, y) = |f − y|: robust against outliers.
///
/// ℓ*(v, y) = vy for |v| ≤ 1.
public struct AbsoluteLoss: PiecewiseLinearQuadraticLoss, Equatable {
  /// The loss; it has no parameters.
  public init() {}

  /// `absolute`.
  public var name: String { "absolute" }

  /// 0.
  public var conjugateCurvature: Double { 0 }

  /// y − o: the loss is one of f − y.
  public func target(_ target: Double, less offset: Double) -> (target: Double, weight: Double)? {
    (target - offset, 1)
  }

  /// [−1, 1].
  public func dualDomain(target: Double) -> ClosedRange<Double> { -1...1 }
}
