/// Half the squared error, ℓ(f, y) = ½(f − y)², with ℓ*(v, y) = ½v² + vy.
public struct SquaredLoss: PiecewiseLinearQuadraticLoss, Equatable {
  /// The loss; it has no parameters.
  public init() {}

  /// `squared`.
  public var name: String { "squared" }

  /// It is.
  public var isHalfSquare: Bool { true }

  /// 1.
  public var conjugateCurvature: Double { 1 }

  /// ½(f − y)².
  public func value(_ prediction: Double, target: Double) -> Double {
    0.5 * (prediction - target) * (prediction - target)
  }

  /// y − o: the loss is one of f − y.
  public func target(_ target: Double, less offset: Double) -> (target: Double, weight: Double)? {
    (target - offset, 1)
  }

  /// All numbers.
  public func dualDomain(target: Double) -> ClosedRange<Double> { -.infinity ... .infinity }
}
