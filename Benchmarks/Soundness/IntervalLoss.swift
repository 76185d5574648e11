import Foundation

/// A loss by its name, written down anew from its definition: its value and its conjugate in intervals.
struct IntervalLoss {
  let name: String
  let parameter: Double

  /// ℓ(f, y) of a sample's c predictions and targets.
  func value(_ f: ArraySlice<Interval>, _ y: ArraySlice<Double>) -> Interval {
    guard name == "softmax" else { return zip(f, y).map { value($0, $1) }.sum }
    let own = y.firstIndex(of: 1)! - y.startIndex
    let distances = f.map { $0 - f[f.startIndex + own] }
    let shift = max(0, distances.enumerated().reduce(0) { $1.offset == own ? $0 : max($0, $1.element.upper) })
    let others = distances.indices.filter { $0 != own }.map {
      (distances[$0] - Interval(shift)).exponential
    }.sum
    guard shift > 0 else { return others.rising(log1p).rectified }
    return (Interval(shift) + (Interval(-shift).exponential + others).logarithm).rectified
  }

  private func value(_ f: Interval, _ y: Double) -> Interval {
    let miss = f - Interval(y)
    let size = miss.magnitude
    switch name {
    case "squared": return Interval(0.5) * size.squared
    case "absolute": return size
    case "hinge": return (Interval(1) - Interval(y) * f).rectified
    case "quantile":
      return Interval(1 - parameter) * miss.rectified + Interval(parameter) * (-miss).rectified
    case "huber":
      // It rises with the size of the miss.
      func end(_ t: Double) -> Interval {
        t <= parameter
          ? Interval(0.5) * Interval(t).squared
          : Interval(parameter) * (Interval(t) - Interval(0.5) * Interval(parameter))
      }
      return Interval(end(size.lower).lower, end(size.upper).upper).rectified
    case "logistic":
      return (Interval(-y) * f).rising { max($0, 0) + log1p(exp(-abs($0))) }.rectified
    case "poisson":
      let entropy = y > 0 ? Interval(y) * Interval(y).logarithm : .zero
      return (f.exponential - Interval(y) * f - Interval(y) + entropy).rectified
    case "interpolation":
      return Interval(
        size.lower <= parameter ? 0 : .infinity, size.upper <= parameter ? 0 : .infinity)
    default: preconditionFailure("no loss '\(name)' here")
    }
  }

  /// ωℓ*(d/ω, y) of a sample's dual weights d; nil where they are surely outside the domain.
  func conjugate(_ d: ArraySlice<Interval>, _ y: ArraySlice<Double>, weight: Double) -> Interval? {
    let shares = d.map { $0 / weight }
    var sum = Interval.zero
    for (share, target) in zip(shares, y) {
      guard let term = conjugate(share, target) else { return nil }
      sum = sum + term
    }
    return Interval(weight) * sum
  }

  private func conjugate(_ d: Interval, _ y: Double) -> Interval? {
    let product = d * Interval(y)
    func within(_ low: Double, _ high: Double, _ value: Interval) -> Interval? {
      d.upper >= low && d.lower <= high ? value : nil
    }
    switch name {
    case "squared": return Interval(0.5) * d.squared + product
    case "absolute": return within(-1, 1, product)
    case "huber": return within(-parameter, parameter, Interval(0.5) * d.squared + product)
    case "quantile": return within((-parameter).nextDown, (1 - parameter).nextUp, product)
    case "hinge": return product.upper >= -1 && product.lower <= 0 ? product : nil
    case "interpolation": return product + Interval(parameter) * d.magnitude
    case "logistic":
      let p = -product
      guard p.upper >= 0, p.lower <= 1 else { return nil }
      return Self.entropy(p) + Self.entropy(Interval(1) - p)
    case "softmax":
      let p = d + Interval(y)
      guard p.upper >= 0, p.lower <= 1 else { return nil }
      return Self.entropy(p)
    case "poisson":
      let mean = d + Interval(y)
      guard mean.upper >= 0 else { return nil }
      let base = y > 0 ? Interval(y) * Interval(y).logarithm : .zero
      return Self.entropy(mean) - d - base
    default: preconditionFailure("no loss '\(name)' here")
    }
  }

  /// t log t of a number from 0 on, which falls until 1/e and rises after it.
  private static func entropy(_ t: Interval) -> Interval {
    func at(_ x: Double) -> Interval {
      x > 0 ? Interval(x) * Interval(x).logarithm : .zero
    }
    let (low, high) = (at(max(0, t.lower)), at(max(0, t.upper)))
    let least = t.lower < 0.37 && t.upper > 0.36 ? -0.36787944117144239 : min(low.lower, high.lower)
    return Interval(least, max(low.upper, high.upper))
  }
}
