import BidualArrangements
import BidualLinear
import BidualPolars

/// Atoms D(Xu), ‖u‖ ≤ 1, of patterns D without cones: the convex program over them is that of the architecture.
package protocol PatternedAtoms: Atoms {
  /// The number c of outputs.
  var outputs: Int { get }
  /// The patterns over the rows of the design.
  var patterns: PatternSet { get }
  /// What neurons do that have these patterns, each by its place.
  func activation(owners: [Int]) -> Activation
}

extension PatternedAtoms {
  /// The network with one output of parts in the row space, each with its pattern: u = v/√‖v‖ and α = ±√‖v‖.
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
  /// The network with c outputs of matrices W, r×c in the row space, each with its pattern: with W = Σ σₖaₖbₖᵀ its neurons are
  /// u = √σₖ·aₖ and α = √σₖ·bₖ.
  ///
  /// - Complexity: O(rc·min(r, c)) for each.
  package func network(of blocks: [(pattern: Int, matrix: Matrix)], offsets: [Double]) -> any Network {
    var (hidden, output, owners): ([[Double]], [Double], [Int]) = ([], [], [])
    for block in blocks {
      guard let values = SingularValues(of: block.matrix), let largest = values.values.first else { continue }
      for (k, value) in values.values.enumerated() where value > 1e-13 * largest {
        let root = value.squareRoot()
        hidden.append(values.left.column(k).map { root * $0 })
        output += values.rightTransposed.row(k).map { root * $0 }
        owners.append(block.pattern)
      }
    }
    let layer = Matrix(rows: hidden.count, columns: geometry.rank, elements: Array(hidden.joined()))
    return TwoLayerNetwork(
      hidden: geometry.rowSpace.lifted(layer), output: output, outputs: outputs, offsets: offsets,
      activation: activation(owners: owners))
  }
}

extension PatternedAtoms {
  package func oracle(threads: Int) -> any PolarOracle {
    outputs == 1
      ? PatternPolar(geometry.coordinates, patterns: patterns)
      : VectorPatternPolar(
        geometry.coordinates, patterns: patterns, outputs: outputs, threads: threads)
  }
}
