import BidualLinear

/// An arc between two unit vectors of the plane less than a half turn apart, and a bound on it of a seminorm p.
///
/// A unit vector of the arc is λa + μb with λ, μ ≥ 0 and λ + μ ≤ 2/‖a + b‖, so that p is at most
/// 2·max(p(a), p(b))/‖a + b‖ there.
struct OutputArc {
  /// A unit vector, and an upper bound of p there.
  struct End {
    let direction: [Double]
    let value: Double
  }

  let first: End
  let second: End
  let bound: Double

  /// An arc, no better bounded than that it is part of.
  init(_ first: End, _ second: End, below bound: Double = .infinity) {
    self.first = first
    self.second = second
    let reach = Self.sum(first, second)
    self.bound = min(bound, 2 * max(first.value, second.value) / norm(reach))
  }

  /// The unit vector in the middle, and what p may be at the ends of half the arc where it is to be at most 1 on it; nil for an
  /// arc so short that its bound can't be told from p.
  var middle: (direction: [Double], share: Double)? {
    let sum = Self.sum(first, second)
    let length = norm(sum)
    guard length < 2 - 0x1p-34 else { return nil }
    let direction = sum.map { $0 / length }
    let half = zip(first.direction, direction).map(+)
    return (direction, 0.5 * norm(half))
  }

  private static func sum(_ a: End, _ b: End) -> [Double] { zip(a.direction, b.direction).map(+) }
}
