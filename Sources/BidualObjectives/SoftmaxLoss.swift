import RealModule

/// The cross-entropy of a softmax, ℓ(f, y) = log Σₖ exp(fₖ) − fᵧ for a sample of class y, targets being 1 at it and 0 elsewhere:
/// exp(fₖ)/Σ exp(f) models the probability of class k.
///
/// With p = v + y, ℓ*(v, y) = Σₖ pₖ log pₖ for p ≥ 0 of sum 1. For two classes it is the logistic loss of f₁ − f₂.
public struct SoftmaxLoss: CoupledLoss, Equatable {
  /// The loss; it has no parameters.
  public init() {}

  /// `softmax`.
  public var name: String { "softmax" }

  /// One of several classes.
  public var targetKind: TargetKind { .oneHot }

  /// It is.
  public var coupled: (any CoupledLoss)? { self }

  /// exp(fₖ)/Σ exp(f).
  public var classProbabilities: (@Sendable (_ predictions: ArraySlice<Double>) -> [Double])? {
    { probabilities($0) }
  }

  /// log Σₖ exp(fₖ − fᵧ).
  public func value(_ predictions: ArraySlice<Double>, targets: ArraySlice<Double>) -> Double {
    let place = predictions.startIndex + self.class(targets)
    let own = predictions[place]
    let largest = predictions.reduce(-Double.infinity) { max($0, $1) }
    guard largest > own else {
      // What the others add to 1 must not be lost in it.
      let others = predictions.indices.reduce(0) { $1 == place ? $0 : $0 + .exp(predictions[$1] - own) }
      return Double.log(onePlus: others)
    }
    return largest - own + .log(predictions.reduce(0) { $0 + .exp($1 - largest) })
  }

  /// ℓ moves by at most twice what predictions move by. With Δₖ = fₖ − fᵧ it is computed to (max|Δ| + c + 8)·2⁻⁵² of itself where fᵧ is the
  /// largest, as exp turns what is rounded off Δ into a relative error, and |Δ| < 746 where exp does not vanish; and to (c + 8)·2⁻⁵²
  /// of itself or of log 2 elsewhere.
  public func bound(
    _ predictions: ArraySlice<Double>, within error: Double, targets: ArraySlice<Double>, charge: Double
  ) -> Double {
    let own = predictions[predictions.startIndex + self.class(targets)]
    let spread = predictions.reduce(0) { max($0, abs($1 - own)) }
    let value = value(predictions, targets: targets)
    let roundings = 2 * (Double(predictions.count + 16) + min(spread, 800))
    return value + 2 * error * (1 + 0x1p-50) + charge * (roundings * 0x1p-52 * value + 0x1p-1000)
  }

  /// p − y.
  public func gradient(_ predictions: ArraySlice<Double>, targets: ArraySlice<Double>) -> [Double] {
    var slope = probabilities(predictions)
    let own = self.class(targets)
    // 1 − p, summed from the others: near 1 the difference would lose what is small.
    slope[own] = -slope.indices.reduce(0) { $1 == own ? $0 : $0 + slope[$1] }
    return slope
  }

  /// diag p − ppᵀ.
  public func hessian(_ predictions: ArraySlice<Double>, targets: ArraySlice<Double>) -> [Double] {
    let p = probabilities(predictions)
    return p.indices.flatMap { k in p.indices.map { l in (k == l ? p[k] : 0) - p[k] * p[l] } }
  }

  /// The probability of each class, exp(fₖ)/Σ exp(f).
  public func probabilities(_ predictions: ArraySlice<Double>) -> [Double] {
    let largest = predictions.reduce(-Double.infinity) { max($0, $1) }
    let powers = predictions.map { Double.exp($0 - largest) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }

  /// The logarithm of each class's share; for a class without samples so little that its probability vanishes.
  public func constantFit(totals: [Double]) -> [Double] {
    let sum = totals.reduce(0, +)
    return totals.map { $0 > 0 ? Double.log($0 / sum) : -1000 }
  }

  /// Entries of other classes are at least 0 and add up to at most ω.
  public func restored(
    _ dual: ArraySlice<Double>, targets: ArraySlice<Double>, weight: Double, quantum: Double
  ) -> [Double] {
    let own = self.class(targets)
    var row = dual.map { max(0, $0) }
    row[own] = 0
    let sum = row.reduce(0, +)
    let share = sum > weight ? weight / sum * (1 - 0x1p-40) : 1
    for k in row.indices { row[k] = (share * row[k] / quantum).rounded(.towardZero) * quantum }
    row[own] = -row.reduce(0, +)
    return row
  }

  /// All of an entry of another class; of the own class what the others leave of ω.
  public func room(
    _ dual: ArraySlice<Double>, from k: Int, to l: Int, targets: ArraySlice<Double>, weight: Double
  ) -> Double {
    k == self.class(targets) ? weight * (1 - 0x1p-40) + dual[dual.startIndex + k] : dual[dual.startIndex + k]
  }

  /// ωΣₖ pₖ log pₖ, p = y + sd/ω.
  public func conjugate(
    _ dual: ArraySlice<Double>, scale: Double, targets: ArraySlice<Double>, weight: Double
  ) -> (value: Double, error: Double) {
    let own = self.class(targets)
    var others = 0.0
    var entropy = 0.0
    var size = 0.0
    for (k, d) in dual.enumerated() where k != own {
      let p = scale * d / weight
      // A product that vanishes has its sign all the same.
      guard scale == 0 || d >= 0, p >= 0 else { return (.infinity, 0) }
      others += p
      let term = p > 0 ? p * .log(p) : 0
      entropy += term
      size += abs(term)
    }
    // The row's sum is zero, so that the own class has what the others leave; that must be a probability in real arithmetic.
    let roundings = Double(dual.count + 8)
    let vanished = scale > 0 ? Double(dual.count) * 0x1p-1073 / weight : 0
    guard others * (1 + roundings * 0x1p-52) + vanished <= 1 else { return (.infinity, 0) }
    let rest = others < 1 ? (1 - others) * Double.log(onePlus: -others) : 0
    // An error of p moves p log p by at most 1 + |log p| times it, and |log p| is at most 38 where 1 − p can be told from 0.
    let error = roundings * 0x1p-47 * others + roundings * 0x1p-51 * (size + abs(rest))
    return (weight * (entropy + rest), weight * error)
  }

  /// The class whose target is 1.
  private func `class`(_ targets: ArraySlice<Double>) -> Int {
    (targets.firstIndex { $0 > 0 } ?? targets.startIndex) - targets.startIndex
  }

  // With one class there is nothing to tell apart.

  /// 0.
  public func value(_ prediction: Double, target: Double) -> Double { 0 }

  /// 0.
  public func derivative(_ prediction: Double, target: Double) -> Double { 0 }

  /// 0.
  public func curvature(_ prediction: Double, target: Double) -> Double { 0 }

  /// 0 at 0.
  public func conjugate(_ dual: Double, target: Double) -> Double { dual == 0 ? 0 : .infinity }

  /// {0}.
  public func dualDomain(target: Double) -> ClosedRange<Double> { 0...0 }
}
