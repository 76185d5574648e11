/// The quantile (pinball) loss: τ(y − f) below the target, (1 − τ)(f − y) above; its minimiser is the
/// τ-quantile of the target.
///
/// ℓ*(v, y) = vy for −τ ≤ v ≤ 1 − τ.
public struct QuantileLoss: PiecewiseLinearQuadraticLoss, Equatable {
  /// `quantile`.
  public static let name = "quantile"
  /// τ.
  public let level: Double

  /// The loss of the quantile at level τ, 0 < τ < 1.
  ///
  /// - Throws: `LossParameterError` for any other level.
  public init(level: Double = 0.5) throws(LossParameterError) {
    guard level > 0, level < 1 else {
      throw LossParameterError("the quantile's level is \(level); give a number between 0 and 1")
    }
    self.level = level
  }

  /// `quantile`.
  public var name: String { Self.name }

  /// τ.
  public var parameter: Double? { level }

  /// 0.
  public var conjugateCurvature: Double { 0 }

  /// y − o: the loss is one of f − y.
  public func target(_ target: Double, less offset: Double) -> (target: Double, weight: Double)? {
    (target - offset, 1)
  }

  /// [−τ, 1 − τ].
  public func dualDomain(target: Double) -> ClosedRange<Double> { -level...(1 - level) }
}
