import BidualArrangements
import BidualLinear
import BidualPolars

/// Atoms D(Xu), ‖u‖ ≤ 1, of patterns D without cones: the convex program over them is that of the architecture.
package protocol PatternedAtoms: Atoms {
  /// The patterns over the rows of the design.
  var patterns: PatternSet { get }
  /// What neurons do that have these patterns, each by its place.
  func activation(owners: [Int]) -> Activation
}

extension PatternedAtoms {
  /// The network of parts in the row space, each with its pattern: u = v/√‖v‖ and α = ±√‖v‖.
  package func network(of blocks: [(pattern: Int, part: Part)], offset: Double?) -> any Network {
    let kept = blocks.filter { norm($0.part.vector) > 0 }
    let roots = kept.map { norm($0.part.vector).squareRoot() }
    let rank = geometry.rank
    let rows = zip(kept, roots).flatMap { block, root in block.part.vector.map { $0 / root } }
    return TwoLayerNetwork(
      hidden: geometry.rowSpace.lifted(Matrix(rows: kept.count, columns: rank, elements: rows)),
      output: zip(kept, roots).map { $0.part.sign * $1 }, offset: offset,
      activation: activation(owners: kept.map(\.pattern)))
  }
}

extension PatternedAtoms {
  package func oracle(threads: Int) -> any PolarOracle {
    PatternPolar(geometry.coordinates, patterns: patterns)
  }
}
