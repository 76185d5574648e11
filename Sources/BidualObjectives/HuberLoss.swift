/// Huber's loss: ½r² of the error r = f − y up to a threshold δ, δ|r| − ½δ² beyond.
///
/// ℓ*(v, y) = ½v² + vy for |v| ≤ δ.
public struct HuberLoss: PiecewiseLinearQuadraticLoss, Equatable {
  /// δ.
  public let threshold: Double

  /// The loss with threshold δ.
  ///
  /// - Throws: `LossParameterError` unless δ is a positive number.
  public init(threshold: Double = 1) throws(LossParameterError) {
    guard threshold.isFinite, threshold > 0 else {
      throw LossParameterError("Huber's threshold is \(threshold); give a positive number")
    }
    self.threshold = threshold
  }

  /// `huber`.
  public var name: String { "huber" }

  /// δ.
  public var parameter: Double? { threshold }

  /// 1.
  public var conjugateCurvature: Double { 1 }

  /// y − o: the loss is one of f − y.
  public func target(_ target: Double, less offset: Double) -> (target: Double, weight: Double)? {
    (target - offset, 1)
  }

  /// [−δ, δ].
  public func dualDomain(target: Double) -> ClosedRange<Double> { -threshold...threshold }
}
