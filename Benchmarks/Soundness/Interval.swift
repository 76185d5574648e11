import Foundation

/// A closed interval that holds a real number: every operation rounds its ends outward.
struct Interval {
  let lower: Double
  let upper: Double

  /// The interval between two numbers; all numbers where one of them is none.
  init(_ lower: Double, _ upper: Double) {
    let isKnown = lower <= upper
    self.lower = isKnown ? lower : -.infinity
    self.upper = isKnown ? upper : .infinity
  }

  /// A number that is known exactly.
  init(_ value: Double) { self.init(value, value) }

  static let zero = Interval(0)

  static func + (a: Interval, b: Interval) -> Interval {
    // What is nothing adds no rounding: sums of zeros stay exact.
    if a.isZero { return b }
    if b.isZero { return a }
    return Interval((a.lower + b.lower).nextDown, (a.upper + b.upper).nextUp)
  }

  static prefix func - (a: Interval) -> Interval { Interval(-a.upper, -a.lower) }

  static func - (a: Interval, b: Interval) -> Interval { a + -b }

  static func * (a: Interval, b: Interval) -> Interval {
    if a.isZero || b.isZero { return .zero }
    let products = [a.lower * b.lower, a.lower * b.upper, a.upper * b.lower, a.upper * b.upper]
    guard !products.contains(where: \.isNaN) else { return Interval(-.infinity, .infinity) }
    return Interval(products.min()!.nextDown, products.max()!.nextUp)
  }

  /// The quotient by a positive number.
  static func / (a: Interval, b: Double) -> Interval {
    Interval((a.lower / b).nextDown, (a.upper / b).nextUp)
  }

  /// The square, never negative.
  var squared: Interval {
    let product = magnitude * magnitude
    return Interval(max(0, product.lower), product.upper)
  }

  /// The absolute value.
  var magnitude: Interval {
    lower >= 0 ? self : upper <= 0 ? -self : Interval(0, max(-lower, upper))
  }

  /// The part that is not negative, (t)₊.
  var rectified: Interval { Interval(max(0, lower), max(0, upper)) }

  /// The square root of what is not negative.
  var root: Interval {
    Interval(max(0, max(0, lower).squareRoot().nextDown), max(0, upper).squareRoot().nextUp)
  }

  /// A function that never falls, of which the system's evaluation is within 16 units in the last place.
  func rising(_ function: (Double) -> Double) -> Interval {
    func widened(_ value: Double, _ direction: Double) -> Double {
      value.isFinite ? value + direction * (16 * value.ulp) : value
    }
    return Interval(widened(function(lower), -1), widened(function(upper), 1))
  }

  /// eᵗ.
  var exponential: Interval {
    let raw = rising(exp)
    return Interval(max(0, raw.lower), raw.upper)
  }

  /// log t of a positive number.
  var logarithm: Interval { rising(log) }

  /// Whether it is exactly 0.
  var isZero: Bool { lower == 0 && upper == 0 }
}

extension Sequence<Interval> {
  /// The sum.
  var sum: Interval { reduce(.zero, +) }
}
