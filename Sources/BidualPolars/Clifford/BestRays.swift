import BidualLinear
import BidualObjectives

/// The best rays met so far, at most a given number of them, each once.
package struct BestRays {
  private let norm: FirstLayerNorm
  private let limit: Int
  private var threshold: Double
  /// Best first; rays of equal value in the order in which they came.
  package private(set) var rays: [PolarMaximizer] = []

  /// None yet, with room for those above a threshold.
  package init(above threshold: Double, limit: Int, norm: FirstLayerNorm) {
    self.threshold = threshold
    self.limit = limit
    self.norm = norm
  }

  /// Takes the rays ±(x·first + y·second) of a sweep if they are among the best.
  package mutating func offer(_ ray: FlatSweep.Ray, first: [Double], second: [Double]) {
    // A Euclidean unit vector is at least 1 long in ℓ₁ too.
    guard limit > 0, max(abs(ray.value), abs(ray.opposite)) > threshold else { return }
    var direction = first.indices.map { ray.point.0 * first[$0] + ray.point.1 * second[$0] }
    // Rounding left of a zero would spoil a sparse direction.
    let largest = direction.reduce(0) { max($0, abs($1)) }
    for k in direction.indices where abs(direction[k]) < 1e-14 * largest { direction[k] = 0 }
    let length = norm.length(direction)
    for (side, value) in [(1.0, ray.value), (-1.0, ray.opposite)] where abs(value) > threshold * length {
      insert(
        PolarMaximizer(
          direction: direction.map { side * $0 / length }, sign: value < 0 ? -1 : 1,
          value: abs(value) / length))
    }
  }

  /// Takes a ray if it is among the best.
  package mutating func insert(_ ray: PolarMaximizer) {
    guard ray.value > threshold else { return }
    let place = rays.firstIndex { $0.value < ray.value } ?? rays.count
    // The same ray, met in two flats, has the same value up to rounding.
    for side in [-1, 1] {
      var other = side < 0 ? place - 1 : place
      while rays.indices.contains(other), abs(rays[other].value - ray.value) <= 1e-9 * ray.value {
        if rays[other].isSame(as: ray) { return }
        other += side
      }
    }
    rays.insert(ray, at: place)
    if rays.count > limit { rays.removeLast() }
    if rays.count == limit, let last = rays.last { threshold = max(threshold, last.value) }
  }
}

extension PolarMaximizer {
  /// Whether two maximisers are one atom up to rounding.
  func isSame(as other: PolarMaximizer) -> Bool {
    guard sign == other.sign else { return false }
    let largest = direction.reduce(0) { max($0, abs($1)) }
    return zip(direction, other.direction).allSatisfy { abs($0 - $1) <= 1e-9 * largest }
  }
}
