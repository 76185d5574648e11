import Algorithms
import BidualLinear
import BidualPolars

/// Finds most of a chamber's facets by shooting rays from inside it: the first hyperplane that a ray meets is
/// a facet.
///
/// The master enforces only the facets it is told of. One that it has to find out by a vector that strays
/// costs a round; a few dozen rays a chamber, in directions shared by all chambers, cost next to nothing.
struct FacetProbe {
  private let hyperplanes: Hyperplanes
  private let rays: Int
  /// The heights of the rays' directions over the hyperplanes, hyperplane by hyperplane.
  private let slopes: Matrix

  /// A probe with rays in random directions.
  init(_ hyperplanes: Hyperplanes, seed: UInt64) {
    let r = hyperplanes.rows.columns
    var generator = SeededGenerator(seed: seed)
    rays = 24 * r
    self.hyperplanes = hyperplanes
    let directions = Matrix(
      rows: rays, columns: r, elements: (0..<(rays * r)).map { _ in generator.nextGaussian() })
    slopes = hyperplanes.unitRows.timesTransposed(directions)
  }

  /// Hyperplanes that hold facets of the chamber with these sides, whose closure holds `direction`, and
  /// those nearest to `direction`.
  func facets(of sides: [Int8], near direction: [Double]) -> Set<Int> {
    let direction = direction.normalized
    let r = hyperplanes.rows.columns
    let heights = hyperplanes.unitRows.times(direction)
    let nearest = heights.indices.min(count: 2 * r) { abs(heights[$0]) < abs(heights[$1]) }
    var facets = Set(nearest)
    guard let inside = insidePoint(sides, direction: direction, heights: heights, nearest: nearest) else {
      return facets
    }
    let depths = hyperplanes.unitRows.times(inside)
    // A ray c + td meets hyperplane h at t = −depth/slope; both directions at once, in reciprocals.
    var ahead = [Double](repeating: 0, count: rays)
    var behind = ahead
    var aheadAt = [Int](repeating: -1, count: rays)
    var behindAt = aheadAt
    for h in depths.indices {
      let depth = depths[h]
      guard depth != 0, (depth > 0) == (sides[h] > 0) else { return facets }
      let inverse = -1 / depth
      slopes.elements.withUnsafeBufferPointer { slopes in
        for s in 0..<rays {
          let closeness = slopes[h * rays + s] * inverse
          if closeness > ahead[s] {
            ahead[s] = closeness
            aheadAt[s] = h
          }
          if closeness < behind[s] {
            behind[s] = closeness
            behindAt[s] = h
          }
        }
      }
    }
    facets.formUnion(aheadAt)
    facets.formUnion(behindAt)
    facets.remove(-1)
    return facets
  }

  /// A point strictly inside: `direction`, pushed off the facets it lies on, halfway to the next hyperplane.
  private func insidePoint(
    _ sides: [Int8], direction: [Double], heights: [Double], nearest: [Int]
  ) -> [Double]? {
    let touching = nearest.filter { Double(sides[$0]) * heights[$0] <= 1e-7 }.prefix(direction.count)
    guard !touching.isEmpty else { return direction }
    // The shortest push that raises all of them by 1.
    let m = touching.count
    let signed = touching.map { h in hyperplanes.unitRows.row(h).map { Double(sides[h]) * $0 } }
    var gram = [Double](repeating: 0, count: m * m)
    for a in 0..<m {
      for b in 0..<m { gram[a * m + b] = dot(signed[a], signed[b]) + (a == b ? 1e-12 : 0) }
    }
    var weights = [Double](repeating: 1, count: m)
    guard BLAS.choleskyFactor(n: m, &gram) else { return nil }
    BLAS.choleskySolve(n: m, factor: gram, x: &weights)
    var push = [Double](repeating: 0, count: direction.count)
    for (row, weight) in zip(signed, weights) {
      for k in push.indices { push[k] += weight * row[k] }
    }
    let rises = hyperplanes.unitRows.times(push)
    var reach = 1.0
    for h in rises.indices where !touching.contains(h) {
      let side = Double(sides[h])
      if side * rises[h] < 0 { reach = min(reach, side * heights[h] / (-side * rises[h])) }
    }
    guard reach > 0 else { return nil }
    return zip(direction, push).map { $0 + 0.5 * reach * $1 }
  }
}
