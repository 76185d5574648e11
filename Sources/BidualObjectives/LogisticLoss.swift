import RealModule

/// The logistic loss, ℓ(f, y) = log(1 + exp(−yf)) for y = ±1: f models the log-odds of the class +1.
///
/// With p = −vy, ℓ*(v, y) = p log p + (1 − p) log(1 − p) for 0 ≤ p ≤ 1.
public struct LogisticLoss: Loss, Equatable {
  /// The loss; it has no parameters.
  public init() {}

  /// `logistic`.
  public var name: String { "logistic" }

  /// ±1.
  public var targetKind: TargetKind { .sign }

  /// Of −1 and +1: the softmax of 0 and the log-odds of the latter.
  public var classProbabilities: (@Sendable (_ predictions: ArraySlice<Double>) -> [Double])? {
    { SoftmaxLoss().probabilities(ArraySlice([0] + $0)) }
  }

  /// log(1 + exp(−yf)).
  public func value(_ prediction: Double, target: Double) -> Double {
    let margin = target * prediction
    return margin > 0 ? Double.log(onePlus: .exp(-margin)) : Double.log(onePlus: .exp(margin)) - margin
  }

  /// −y/(1 + exp(yf)).
  public func derivative(_ prediction: Double, target: Double) -> Double {
    -target * Self.sigmoid(-target * prediction)
  }

  /// 1/((1 + exp(f))(1 + exp(−f))).
  public func curvature(_ prediction: Double, target: Double) -> Double {
    Self.sigmoid(prediction) * Self.sigmoid(-prediction)
  }

  /// p log p + (1 − p) log(1 − p), p = −vy.
  public func conjugate(_ dual: Double, target: Double) -> Double {
    let p = -dual * target
    guard p >= 0, p <= 1 else { return .infinity }
    return Self.entropy(p) + (p < 0.5 ? (1 - p) * Double.log(onePlus: -p) : Self.entropy(1 - p))
  }

  /// [−1, 0] for y = 1 and [0, 1] for y = −1.
  public func dualDomain(target: Double) -> ClosedRange<Double> { target > 0 ? -1...0 : 0...1 }

  /// An error of p moves p log p by |log p| times it, at most 38 where 1 − p can be told from 0.
  public func conjugateError(_ dual: Double, target: Double) -> Double {
    0x1p-45 * abs(dual) + 0x1p-49 * abs(conjugate(dual, target: target))
  }

  private static func sigmoid(_ x: Double) -> Double {
    x >= 0 ? 1 / (1 + .exp(-x)) : .exp(x) / (1 + .exp(x))
  }

  private static func entropy(_ p: Double) -> Double { p > 0 ? p * .log(p) : 0 }
}
