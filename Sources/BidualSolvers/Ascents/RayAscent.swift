import BidualLinear
import BidualObjectives
import BidualPolars

/// Finds rays with large polar values by ascent from ray to ray: fast in dictionaries too large to walk
/// through, finds columns, proves nothing.
///
/// One move looks at all rays of a 2-dimensional flat at once (`FlatSweep`). From any direction, r−1 moves, each
/// in a flat that holds the direction and as much of the gradient as the hyperplanes reached so far allow, lead to
/// a ray; under ℓ₁ no move loses, since on an arc without kinks the value is largest at an end. From a ray
/// every exchange of one of its hyperplanes is tried until none gains.
package struct RayAscent: Sendable {
  private let dictionary: CliffordDictionary
  private let threads: Int

  /// An ascent among the rays of `design` (see `CliffordDictionary`), on `threads` threads.
  package init(_ design: Matrix, norm: FirstLayerNorm, threads: Int = 1) {
    self.init(Geometry(design, keepsAxes: true), norm: norm, threads: threads)
  }

  /// An ascent among the rays of a design in the coordinates of its geometry.
  package init(_ geometry: Geometry, norm: FirstLayerNorm, threads: Int = 1) {
    dictionary = CliffordDictionary(unlimited: geometry, norm: norm, threads: threads)
    self.threads = threads
  }

  /// The rays above `threshold` that ascents from the given directions reach, best first, each once and at
  /// most `limit` of them.
  ///
  /// - Complexity: O(m(r + log m)) a move, r−1 moves to a first ray and r−1 for each step from there.
  package func maxima(of weights: [Double], from directions: [[Double]], above threshold: Double, limit: Int)
    -> [PolarMaximizer]
  {
    guard dictionary.rank > 1 else {
      return dictionary.bestRays(for: weights, above: threshold, limit: limit)
    }
    let blocks = min(directions.count, 4 * threads)
    let found = concurrentMap(blocks, threads: threads) { block, _ in
      let sweep = dictionary.sweep(weights)
      return stride(from: block, to: directions.count, by: blocks).map { climb(sweep, from: directions[$0]) }
    }
    var best = BestRays(above: threshold, limit: limit, norm: dictionary.norm)
    // In the order of the directions, whatever the number of threads.
    for start in directions.indices {
      if let ray = found[start % blocks][start / blocks] { best.insert(ray) }
    }
    return best.rays
  }

  /// A ray on the way up, with the hyperplanes that hold it.
  private struct Vertex {
    var ray: PolarMaximizer
    var hyperplane: Int
  }

  private func climb(_ sweep: FlatSweep, from direction: [Double]) -> PolarMaximizer? {
    let r = dictionary.rank
    var active: [Int] = []
    var basis = FlatBasis(dimension: r)
    var point = direction
    var ray: PolarMaximizer?
    while active.count < r - 1 {
      guard let along = basis.inside(point, least: 1e-12) else { return ray }
      let value = sweep.value(at: along)
      let steepest = sweep.gradient(at: along).map { value < 0 ? -$0 : $0 }
      var plane = basis.complement([along])
      let slope = steepest.indices.map { k in steepest[k] - dot(steepest, along) * along[k] }
      if let uphill = basis.inside(slope, least: 1e-12 * norm(steepest)) {
        plane = basis.complement([along, uphill])
      }
      guard let next = best(sweep, plane, without: active),
        let smaller = basis.adding(dictionary.hyperplanes.unitRows.row(next.hyperplane))
      else { return ray }
      active.append(next.hyperplane)
      basis = smaller
      point = next.ray.direction
      ray = next.ray
    }
    guard var ray else { return nil }
    for _ in 0..<200 {
      var exchange: (leaving: Int, vertex: Vertex)?
      for leaving in active.indices {
        var rest = FlatBasis(dimension: r)
        for (k, h) in active.enumerated() where k != leaving {
          rest = rest.adding(dictionary.hyperplanes.unitRows.row(h)) ?? rest
        }
        let others = active.indices.filter { $0 != leaving }.map { active[$0] }
        guard let next = best(sweep, rest.complement(), without: others) else { continue }
        if next.ray.value > (exchange?.vertex.ray.value ?? ray.value * (1 + 1e-12)) {
          exchange = (leaving, next)
        }
      }
      guard let exchange else { break }
      active[exchange.leaving] = exchange.vertex.hyperplane
      ray = exchange.vertex.ray
    }
    return ray
  }

  /// The best ray of the flat that the first two vectors span.
  private func best(_ sweep: FlatSweep, _ plane: [[Double]], without active: [Int]) -> Vertex? {
    guard plane.count > 1 else { return nil }
    var best = BestRays(above: 0, limit: 1, norm: dictionary.norm)
    var vertex: Vertex?
    sweep.run(first: plane[0], second: plane[1]) { ray in
      guard !active.contains(ray.hyperplane) else { return }
      let before = best.rays.first?.value
      best.offer(ray, first: plane[0], second: plane[1])
      if let first = best.rays.first, first.value != before {
        vertex = Vertex(ray: first, hyperplane: ray.hyperplane)
      }
    }
    return vertex
  }
}
