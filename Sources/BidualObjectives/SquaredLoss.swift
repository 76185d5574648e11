/// Half the squared error, ℓ(f, y) = ½(f − y)², with ℓ*(v, y) = ½v² + vy.
public struct SquaredLoss: Loss, Equatable {
  /// The loss; it has no parameters.
  public init() {}

  /// `squared`.
  public var name: String { "squared" }

  /// ½(f − y)².
  public func value(_ prediction: Double, target: Double) -> Double {
    0.5 * (prediction - target) * (prediction - target)
  }

  /// f − y.
  public func derivative(_ prediction: Double, target: Double) -> Double { prediction - target }

  /// ½v² + vy.
  public func conjugate(_ dual: Double, target: Double) -> Double { 0.5 * dual * dual + dual * target }
}
