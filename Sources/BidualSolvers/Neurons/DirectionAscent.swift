import BidualLinear
import BidualPolars

/// Ascents to directions in which an atom takes a large value against a dual point; they prove nothing.
protocol DirectionAscent: Sendable {
  /// The ends of quick ascents from `starts` (unit rows), largest value first; of some of the starts at any time.
  func maxima(of dualPoint: [Double], from starts: Matrix) -> [PolarMaximizer]

  /// The ends of thorough ascents from the given points.
  func climbed(_ dualPoint: [Double], from points: [PolarMaximizer]) -> [PolarMaximizer]
}

/// Ascents for ReLU neurons: batched by gradients, and thorough ones from chamber to chamber.
struct NeuronAscent: DirectionAscent {
  let batched: BatchedAscent
  let exact: LocalAscent

  /// Ascents over the rows of a geometry, in the coordinates of their row space.
  init(_ geometry: Geometry, threads: Int, isCancelled: @escaping @Sendable () -> Bool) {
    batched = BatchedAscent(geometry.coordinates, threads: threads, isCancelled: isCancelled)
    exact = LocalAscent(geometry.hyperplanes, threads: threads, isCancelled: isCancelled)
  }

  func maxima(of dualPoint: [Double], from starts: Matrix) -> [PolarMaximizer] {
    batched.maxima(of: dualPoint, from: starts)
  }

  func climbed(_ dualPoint: [Double], from points: [PolarMaximizer]) -> [PolarMaximizer] {
    exact.climb(dualPoint, from: points).map {
      PolarMaximizer(direction: $0.direction, sign: $0.key.sign, value: $0.value)
    }
  }
}
