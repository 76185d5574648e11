/// A cut of a simplicial cone through a point of an edge, a positive combination of two generators.
struct SubnetworkCut: Sendable {
  let first: Int
  let second: Int
  let shares: (first: Double, second: Double)

  /// The middle of the longest edge.
  init(longestEdgeOf generators: [Double], size: Int) {
    var (longest, choice) = (-1.0, (first: 0, second: 1))
    for a in 0..<size {
      for b in 0..<a {
        var square = 0.0
        for k in 0..<size {
          let d = generators[a * size + k] - generators[b * size + k]
          square += d * d
        }
        if square > longest { (longest, choice) = (square, (b, a)) }
      }
    }
    (first, second, shares) = (choice.first, choice.second, (first: 1, second: 1))
  }

  /// Where a function that is linear on the cone is zero, on the edge that matters most at the point Σλₖρₖ; nil if it has one
  /// sign at the generators.
  init?(size: Int, _ solution: UnsafePointer<Double>, _ value: (Int) -> Double) {
    var largest = 0.0
    for k in 0..<size { largest = max(largest, solution[k]) }
    var above = (weight: 0.0, place: -1, value: 0.0)
    var below = above
    for k in 0..<size {
      let height = value(k)
      let weight = (solution[k] + 1e-3 * largest + 1e-9) * abs(height)
      if height > 0, weight > above.weight { above = (weight, k, height) }
      if height < 0, weight > below.weight { below = (weight, k, height) }
    }
    guard above.place >= 0, below.place >= 0 else { return nil }
    (first, second) = (above.place, below.place)
    shares = (first: -below.value, second: above.value)
  }
}
