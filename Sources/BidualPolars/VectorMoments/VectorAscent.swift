import BidualLinear

extension VectorObjective {
  /// A value at least as good as one that is given, by steps u ← ∇(gᵀh)(u) brought to length 1 with g along h(u), as
  /// long as they bring something.
  ///
  /// Within a chamber h is linear and these are power iterations.
  ///
  /// - Complexity: O(n(r + c)) a step.
  func climbed(from start: BoxValue, steps: Int = 40) -> BoxValue {
    var best = start
    var image = value(at: start.direction)
    for _ in 0..<steps {
      let next = gradient(at: best.direction, along: image.normalized).normalized
      let moved = value(at: next)
      let length = norm(moved)
      guard length > best.value * (1 + 0x1p-40) else { break }
      best = BoxValue(value: length, direction: next, side: start.side)
      image = moved
    }
    return best
  }
}
