/// The state of a search of cones between two batches.
package struct ConeSearchState: Sendable {
  /// Cones as numbers, one after another.
  package struct Cones: Sendable {
    /// The generators of each, so many numbers a cone.
    package var generators: [Double]
    package var bounds: [Double]
    /// How often each was bisected, and the objective that it belongs to.
    package var depths: [UInt8]
    package var sides: [UInt8]

    /// Cones from their numbers.
    package init(generators: [Double], bounds: [Double], depths: [UInt8], sides: [UInt8]) {
      (self.generators, self.bounds, self.depths, self.sides) = (generators, bounds, depths, sides)
    }

    init(_ cones: [OpenCone]) {
      generators = cones.flatMap(\.generators)
      bounds = cones.map(\.bound)
      depths = cones.map { UInt8($0.depth) }
      sides = cones.map { UInt8($0.side) }
    }

    /// The cones of a space of so many dimensions; nil for numbers that make none there.
    func cones(rank: Int) -> [OpenCone]? {
      let size = rank * rank
      guard generators.count == bounds.count * size, depths.count == bounds.count,
        sides.count == bounds.count, generators.allSatisfy(\.isFinite),
        bounds.allSatisfy({ $0.isFinite && $0 >= 0 }),
        depths.allSatisfy({ Int($0) <= ConeSearch.maximumDepth }), sides.allSatisfy({ $0 <= 1 })
      else { return nil }
      return bounds.indices.map { index in
        OpenCone(
          generators: Array(generators[(index * size)..<((index + 1) * size)]), depth: Int(depths[index]),
          bound: bounds[index], side: Int(sides[index]))
      }
    }
  }

  /// Which search it is: a digest as of boxes.
  package let subject: UInt64
  /// The cones that wait, the largest bound first.
  package let cones: Cones
  /// The largest bound among the cones that need no further search, and among those around violators.
  package var settled = 0.0
  package var violated = 0.0
  /// How many bounds were computed.
  package var nodes = 0
  /// The best values, the largest first.
  package var found: [PolarMaximizer] = []
  /// Where the cones were that were dealt out, once they were.
  package var places: [Double]?

  /// A state before anything was found.
  package init(subject: UInt64, cones: Cones) {
    self.subject = subject
    self.cones = cones
  }
}
